"""What comes in by mail: kept raw before anybody tries to understand it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class InboundMail(models.Model):
    """One mail to our monitored address, byte for byte; the same mail again is the same row.

    Removed after thirty days. ``outcome`` is empty until it has been worked off, and then says in one word
    what became of it.
    """

    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256 of the bytes
    received_at = models.DateTimeField()
    source = models.CharField(max_length=40)  # "imap", "folder", "webhook:postmark"
    recipient = models.CharField(max_length=254, blank=True)  # of the envelope, where the way in tells it
    raw = models.BinaryField()
    processed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(processed_at__isnull=True), name="inbound_waiting"),
        ]

    def __str__(self) -> str:
        return f"inbound mail {self.pk} ({self.outcome or 'waits'})"
