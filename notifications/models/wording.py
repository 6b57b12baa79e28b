"""Words of an organiser's own for a kind of message; what was sent once never changes afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Wording(models.Model):
    """One version of an organiser's own words for a kind, in every language at once.

    ``scope`` says where they count: ``series:3`` for every message of that kind in the series,
    ``campaign:7`` or ``rule:5`` for the text of one bulk message or rule. At most one version of a scope and
    kind is being written; the published one with the highest number is in force, and is never edited.
    """

    scope = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    subject_fi = models.CharField(max_length=200, blank=True)
    subject_sv = models.CharField(max_length=200, blank=True)
    subject_en = models.CharField(max_length=200, blank=True)
    body_fi = models.TextField(blank=True)  # Markdown with placeholders such as {name}
    body_sv = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)  # None: being written
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # Vipu's own words count again

    class Meta:
        ordering: ClassVar = ["scope", "kind", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "kind", "version"], name="wording_version_once"),
            models.UniqueConstraint(
                fields=["scope", "kind"],
                condition=Q(published_at__isnull=True),
                name="one_wording_being_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.kind} v{self.version}"
