"""What mail providers tell of messages they took: kept before it is understood, and without any address."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from notifications.models.ledger import Message


class ProviderEvent(models.Model):
    """One piece of news. Providers repeat themselves, out of order and under new numbers: it stays one row.

    ``outcome`` is empty until the news has been worked off, and then says in one word what became of it.
    """

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, unique=True)  # of what it says, not of its number
    news = models.CharField(max_length=12, blank=True)  # the state a message takes by it
    opts_out = models.BooleanField(default=False)  # the reader pressed the provider's own button
    delivery = models.CharField(max_length=60, blank=True)  # our own name for the message
    provider_id = models.CharField(max_length=200, blank=True)  # the provider's name for it
    address_hash = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()  # when it happened
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()  # when to look at it; later where its message is not known yet
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True, related_name="news")

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(handled_at__isnull=True), name="news_waiting"),
            models.Index(fields=["address_hash", "news", "at"], name="news_of_address"),
            models.Index(fields=["received_at"], name="news_received"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "event_id"], condition=~Q(event_id=""), name="provider_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.news} from {self.provider}"
