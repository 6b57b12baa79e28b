"""The ledger: every message to a person is a row here before anything is sent, and stays one afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from backend.core.i18n import LANGUAGE_CHOICES, _
from notifications.models.wording import Wording


class Message(models.Model):
    """One message to one person; the row is the queue (see ``rules`` for the moves between states)."""

    class State(models.TextChoices):
        """Where the message stands."""

        QUEUED = "queued", _("waiting to be sent")
        HELD = "held", _("held back")
        CLAIMED = "claimed", _("about to be sent")
        SENDING = "sending", _("being handed over")
        RETRY_WAIT = "retry_wait", _("will be tried again")
        ACCEPTED = "accepted", _("accepted by the mail server")
        DELIVERED = "delivered", _("delivered")
        DEFERRED = "deferred", _("delayed by the recipient's server")
        BOUNCED_SOFT = "bounced_soft", _("returned for now")
        BOUNCED_HARD = "bounced_hard", _("returned: the address does not work")
        COMPLAINED = "complained", _("reported as unwanted")
        UNCERTAIN = "uncertain", _("not known whether it was sent")
        FAILED = "failed", _("could not be sent")
        CANCELLED = "cancelled", _("replaced or no longer needed")
        EXPIRED = "expired", _("too late to send")
        SUPPRESSED = "suppressed", _("not sent: the address is blocked")
        CLOSED = "closed", _("closed")

    class Channel(models.TextChoices):
        """By which way it leaves."""

        EMAIL = "email", _("mail")
        SMS = "sms", _("text message")

    dedupe_key = models.CharField(max_length=200)  # kind, subject, version, occasion, channel
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)  # what it is about: "registration:12"
    audience = models.CharField(max_length=60, blank=True)  # whose desk shows it: "event:3"
    scope = models.CharField(max_length=60, blank=True)  # whose own wordings it follows: "series:3"
    batch = models.CharField(max_length=60, blank=True)  # what it was sent together with: "campaign:7"
    wording = models.ForeignKey(
        Wording, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # the organiser's own words, as they were when they were previewed or sent
    version = models.PositiveIntegerField()
    lane = models.CharField(max_length=12)
    channel = models.CharField(
        max_length=5, choices=Channel, default=Channel.EMAIL, db_default=Channel.EMAIL.value
    )
    recipient = models.CharField(max_length=254)  # an address, or a number such as +358401234567
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    context = models.JSONField()  # the facts as they were when the deed was done
    links = models.JSONField(default=dict)  # name → {purpose, seed, path}: no readable token is stored
    calendar_method = models.CharField(max_length=10, blank=True)
    calendar = models.TextField(blank=True)  # the iCalendar object, byte for byte
    headline = models.CharField(max_length=250, blank=True)  # the subject line, known once rendered
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    state_changed_at = models.DateTimeField()
    owner = models.CharField(max_length=40, blank=True)  # who holds the claim
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    resends = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["pk"]
        # Each step of each mail writes to every index: there are no more of them than questions asked. The
        # ``unique`` or ``db_index`` of a text would make a second one beside it, for LIKE.
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="message_subject"),
            models.Index(fields=["audience"], name="message_audience"),
            models.Index(
                fields=["lane", "not_before", "id"],
                condition=Q(state__in=["queued", "retry_wait"]),
                name="message_due",
            ),
            models.Index(fields=["batch", "state"], condition=~Q(batch=""), name="message_batch"),
            models.Index(
                fields=["lease_until"], condition=Q(state__in=["claimed", "sending"]), name="message_leased"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dedupe_key"], name="message_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "sending"]) | Q(lease_until__isnull=False),
                name="message_in_hand_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    def said(self, state: str) -> str:
        """Say one of its states in words: a phone has no mail server."""
        known = self.State(state)
        of_phones = _OF_PHONES if self.channel == self.Channel.SMS else {}
        return str(of_phones.get(known, known.label))

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # Django's own gives way to it
        """Say where it stands now."""
        return self.said(self.state)


_OF_PHONES = {
    Message.State.ACCEPTED: _("accepted by the operator"),
    Message.State.SUPPRESSED: _("not sent: the number is blocked"),
}


class Attempt(models.Model):
    """One try to hand a message over. Rows are only added to, and hold no personal data."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    owner = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)  # accepted, temporary, permanent, unknown
    code = models.CharField(max_length=40, blank=True)  # the server's reply code, or the error's name
    provider_id = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="attempt_of_provider"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk} of message {self.message_id}"


class MessageEvent(models.Model):
    """What happened to a message, for its timeline. Rows are only added."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=Message.State)
    note = models.CharField(max_length=200, blank=True)
    provider_event_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - NULL: seen by ourselves

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider_event_id"],
                condition=Q(provider_event_id__isnull=False),
                name="messageevent_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} at {self.at:%Y-%m-%d %H:%M}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # as above
        """Say what happened."""
        return self.message.said(self.state)
