"""What is known of addresses: which of them must not be mailed."""

from django.db import models


class Suppression(models.Model):
    """An address that must not be mailed; only a keyed hash of it is kept."""

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason
