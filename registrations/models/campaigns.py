"""Messages to many people at once, in an organiser's own words: who was chosen, and what was previewed."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from backend.core.i18n import LANGUAGE_CHOICES, _
from events.models import EventSeries
from notifications.models import Wording
from registrations.models.people import Attendee
from registrations.models.registration import Registration


class Campaign(models.Model):
    """One message to many. Its list is pinned at the preview, and its messages are a batch of the ledger.

    How far it is stands in the ledger alone: here is only what a person has decided. Its words are a wording
    of the scope ``campaign:<pk>``.
    """

    class State(models.TextChoices):
        """What has been decided about it."""

        DRAFT = "draft", _("being written")
        PINNED = "pinned", _("the list is made, not sent")
        SENT = "sent", _("given to be sent")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")
        UNDONE = "undone", _("taken back before it left")

    EDITABLE: ClassVar = [State.DRAFT, State.PINNED]

    series = models.ForeignKey(EventSeries, on_delete=models.CASCADE, related_name="campaigns")
    segment = models.JSONField(default=dict)  # rules.segments.Segment
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT)
    send_at = models.DateTimeField(null=True, blank=True)  # None: as soon as the time to undo is over
    leaves_at = models.DateTimeField(null=True, blank=True)  # until then nothing leaves, and it can be undone
    people = models.PositiveIntegerField(default=0)  # how many are on the pinned list
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_key = models.CharField(max_length=64, blank=True)  # hash of the idempotency key it was sent with
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    pinned_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)  # seen that nothing of it waits; told outside

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"campaign {self.pk} ({self.state})"

    @property
    def batch(self) -> str:
        """The name of its batch in the ledger, and of the scope of its words."""
        return f"campaign:{self.pk}"


class CampaignRecipient(models.Model):
    """Somebody of the series as the list was pinned: written to, or left out for a reason.

    The row stays when the person has been removed or joined with another since, without a name.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients")
    attendee = models.ForeignKey(
        Attendee, on_delete=models.SET_NULL, null=True, related_name="campaign_recipients"
    )
    registration = models.ForeignKey(
        Registration, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # None: it is about the series
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    reason = models.CharField(max_length=12, blank=True)  # why nothing is sent; empty: it is

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "attendee"], name="written_to_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "reason", "id"], name="recipient_by_reason"),
        ]

    def __str__(self) -> str:
        return f"recipient {self.pk} of campaign {self.campaign_id}"
