"""What is known of addresses: which of them must not be mailed, and what their owners do not want."""

from typing import ClassVar

from django.db import models


class Suppression(models.Model):
    """An address that must not be mailed; only a keyed hash of it is kept."""

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason


class OptOut(models.Model):
    """What the reader of an address does not want: one topic of one series. The address is a keyed hash."""

    address_hash = models.CharField(max_length=64)
    scope = models.CharField(max_length=60, blank=True)  # "series:3"; empty: messages of no series
    topic = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address_hash", "scope", "topic"], name="opted_out_once"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} of {self.scope}"
