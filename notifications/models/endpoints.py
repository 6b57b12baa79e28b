"""Other systems that want to be told, and everything they were told: a log that can be replayed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from backend.core.i18n import _


class Endpoint(models.Model):
    """An address of another system, which is told by a signed POST of what happens within its scope."""

    class Off(models.TextChoices):
        """Why nothing is sent there now."""

        NOT = "", _("it is in use")
        PERSON = "person", _("an organiser switched it off")
        GONE = "gone", _("the receiver said that it is gone")
        FAILING = "failing", _("it failed for five days")

    scope = models.CharField(max_length=60, db_index=True)  # what it is told of: "series:3"
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)  # which kinds of news it wants
    with_people = models.BooleanField(default=False)  # names and addresses go along; the organiser decided it
    secret = models.TextField()  # sealed
    former_secret = models.TextField(blank=True)  # sealed; signs as well until the receiver has the new one
    former_until = models.DateTimeField(null=True, blank=True)
    off = models.CharField(max_length=10, choices=Off, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    resting_until = models.DateTimeField(null=True, blank=True)  # a receiver in trouble is not hurried
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def active(self) -> bool:
        """Tell whether it is in use."""
        return self.off == self.Off.NOT


class EndpointDelivery(models.Model):
    """One piece of news for one endpoint; the row is the queue and, afterwards, the log."""

    class State(models.TextChoices):
        """Where the news stands; a receiver may see the same number twice, and knows it by that number."""

        WAITING = "waiting", _("waiting to be sent")
        SENDING = "sending", _("being handed over")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("could not be sent")

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.UUIDField()  # the same for every endpoint, try and replay
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True, db_index=True)  # whom it names: "attendee:12"
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # what the receiver answered last
    problem = models.CharField(max_length=20, blank=True)  # why there was no answer
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=1024, blank=True)  # the beginning of what it said

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at", "id"], condition=Q(state__in=["waiting", "sending"]), name="delivery_due"
            ),
            models.Index(fields=["endpoint", "state", "created_at"], name="delivery_log"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="news_once_for_each_endpoint"),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
                name="delivery_in_hand_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"
