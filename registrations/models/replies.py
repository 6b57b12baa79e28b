"""What people's calendars answered to our invitations."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from backend.core.i18n import _
from registrations.models.registration import Registration


class CalendarReply(models.Model):
    """An answer to one invitation; what it did to the place stands in ``outcome`` (see ``rules.replies``)."""

    class Attends(models.TextChoices):
        """What the person answered (PARTSTAT, RFC 5545 3.2.12)."""

        NOTHING = "", _("no answer")
        ACCEPTED = "ACCEPTED", _("accepted in the calendar")
        TENTATIVE = "TENTATIVE", _("tentative in the calendar")
        DECLINED = "DECLINED", _("declined in the calendar")
        DELEGATED = "DELEGATED", _("passed on in the calendar")
        NEEDS_ACTION = "NEEDS-ACTION", _("not answered in the calendar")

    class Outcome(models.TextChoices):
        """What became of it."""

        RECORDED = "recorded", _("noted")
        GRACE = "grace", _("the place is about to be released")
        RELEASED = "released", _("the place was released")
        KEPT = "kept", _("the person kept the place")
        UNDONE = "undone", _("the person came back")
        OVERTAKEN = "overtaken", _("overtaken by a change")
        PROPOSAL = "proposal", _("proposes another time")
        DELEGATED = "delegated", _("names somebody else")
        LATE = "late", _("declined after the deadline")
        STRANGER = "stranger", _("another address answered")
        STALE = "stale", _("about an older version")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="calendar_replies")
    method = models.CharField(max_length=10)
    attends = models.CharField(max_length=12, choices=Attends, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    sender = models.CharField(max_length=254, blank=True)  # only where it is not the person's own address
    delegated_to = models.CharField(max_length=254, blank=True)
    proposed_start = models.DateTimeField(null=True, blank=True)
    proposed_end = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField()
    stamped_at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome)
    due_at = models.DateTimeField(null=True, blank=True)  # when the grace is over
    settled_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # an organiser has had a look

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name_plural = "calendar replies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(outcome="grace"), name="one_grace_for_a_registration"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="grace") | Q(due_at__isnull=False), name="grace_has_an_end"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(outcome="grace"), name="calendar_reply_grace"),
        ]

    def __str__(self) -> str:
        return f"reply {self.pk} ({self.outcome})"
