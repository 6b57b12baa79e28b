"""What this app does when two registrations of one person become one: nobody is asked twice."""

from django.dispatch import receiver

from registrations.signals import AttendeesMerged, attendees_merged
from surveys.models import Invitation


@receiver(attendees_merged, dispatch_uid="surveys.keep_one_invitation")
def keep_one_invitation(fact: AttendeesMerged, **_kwargs: object) -> None:
    """Let the registration that stays have the invitation of the one that ended, if it has none of its own.

    Where both were asked, both links stay good and the first answer counts, see ``respond``.
    """
    invited = set(
        Invitation.objects.filter(registration__in=fact.replaced.values()).values_list(
            "registration", flat=True
        )
    )
    for invitation in Invitation.objects.filter(registration__in=fact.replaced):
        stays = fact.replaced[invitation.registration_id]
        if stays not in invited:
            Invitation.objects.filter(pk=invitation.pk).update(registration=stays)
