"""The places of an event, and who may ask for one; the promises about places are constraints here."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from backend.core.i18n import _
from backend.core.links import Linked
from events.models import Event


class MemberGroup(models.Model):
    """People who may come to events meant for members, listed by address or by domain."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="member_groups")
    name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="member_group_once"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """An address (core.text.email_key) or a whole domain ("jamsa.fi") that belongs to a group."""

    group = models.ForeignKey(MemberGroup, on_delete=models.CASCADE, related_name="members")
    who = models.CharField(max_length=254)

    class Meta:
        ordering: ClassVar = ["who"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "who"], name="member_once"),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Quota(models.Model):
    """The places of one event. An event without a quota takes no registrations.

    ``taken`` counts confirmed, offered and held places and changes only by one conditional UPDATE. Lowering
    ``capacity`` below ``taken`` sets ``hard_cap`` to ``taken``, so the CHECK never blocks an organiser and
    still proves that nothing was oversold.
    """

    class Mode(models.TextChoices):
        """Who may ask for a place."""

        OPEN = "open", _("open to everybody")
        INVITATION = "invitation", _("by personal invitation")
        MEMBERS = "members", _("for the members of a group")
        APPLICATION = "application", _("by application, the organiser chooses")

    class Promotion(models.TextChoices):
        """What happens when a place comes free and somebody waits."""

        AUTO = "auto", _("the next in line gets the place")
        OFFER = "offer", _("the next in line is offered the place")

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="quota")
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    hard_cap = models.PositiveIntegerField()
    last_waiting_number = models.PositiveIntegerField(default=0)
    has_waiting_list = models.BooleanField(default=True)
    closes_at = models.DateTimeField()  # the first moment that is too late to register, change or cancel
    mode = models.CharField(max_length=11, choices=Mode, default=Mode.OPEN)
    group = models.ForeignKey(MemberGroup, on_delete=models.PROTECT, null=True, blank=True)
    promotion = models.CharField(max_length=5, choices=Promotion, default=Promotion.AUTO)
    offer_hours = models.PositiveIntegerField(default=24)  # how long an offer holds
    offer_in_working_hours = models.BooleanField(default=True)  # those hours run only while offices are open
    offer_cutoff_hours = models.PositiveIntegerField(
        default=2
    )  # no new offers later than this before the start

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(taken__lte=F("hard_cap")), name="quota_never_oversold"),
            models.CheckConstraint(
                condition=Q(hard_cap__gte=F("capacity")), name="quota_cap_covers_capacity"
            ),
            models.CheckConstraint(
                condition=~Q(mode="members") | Q(group__isnull=False), name="members_only_names_its_group"
            ),
            models.CheckConstraint(condition=Q(offer_hours__gte=1), name="offer_lasts_an_hour_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.taken}/{self.capacity} {self.event}"


class InvitationCode(Linked):
    """A single-use key to one event that is not open to everybody; on a named list it belongs to one address.

    Used once: the row that used it is written by one conditional UPDATE.
    """

    link_purpose = "invitation"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitation_codes")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)  # empty: whoever holds the code
    email_key = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_by = models.OneToOneField(
        "registrations.Registration", on_delete=models.SET_NULL, null=True, blank=True, related_name="code"
    )
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "email_key"],
                condition=~Q(email_key="") & Q(revoked_at__isnull=True),
                name="one_invitation_for_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
