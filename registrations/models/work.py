"""Work that takes longer than a page: lists taken in and handed out; and the tickets of the busy door."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from backend.core.i18n import _
from events.models import Event, EventSeries


class WorkState(models.TextChoices):
    """How far a piece of work has come."""

    CHECKED = "checked", _("checked, not begun")
    QUEUED = "queued", _("waiting for its turn")
    RUNNING = "running", _("in progress")
    DONE = "done", _("done")
    FAILED = "failed", _("failed, nothing was changed")


class AttendeeImport(models.Model):
    """People an organiser brings in: a list read and checked first, then carried out whole or not at all."""

    series = models.ForeignKey(EventSeries, on_delete=models.CASCADE)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    file_name = models.CharField(max_length=200, blank=True)
    rows = models.JSONField(default=list)  # people as read, emptied when the work is done
    problems = models.JSONField(default=list)  # [{"row": 3, "field": "email", "code": …}]
    choices = models.JSONField(default=dict)  # what the organiser decided for the whole list
    results = models.JSONField(default=dict)  # counts by outcome
    state = models.CharField(max_length=7, choices=WorkState, default=WorkState.CHECKED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"import {self.pk}"


class RegistrationExport(models.Model):
    """A list of registrations made for one organiser, to be fetched by them for a day."""

    class Format(models.TextChoices):
        """The kind of file."""

        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV"

    series = models.ForeignKey(EventSeries, on_delete=models.CASCADE)
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True
    )  # None: the whole series
    created_by = models.ForeignKey(User, on_delete=models.CASCADE)
    format = models.CharField(max_length=4, choices=Format)
    columns = models.JSONField()
    state = models.CharField(max_length=7, choices=WorkState, default=WorkState.QUEUED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"export {self.pk}"


class ExportChunk(models.Model):
    """A part of a finished file. Kept in the database, since web and workers may be different machines."""

    export = models.ForeignKey(RegistrationExport, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "number"], name="export_chunk_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of export {self.export_id}"


class SpentTicket(models.Model):
    """A ticket of the busy door that has been used; the same one opens nothing twice."""

    digest = models.CharField(max_length=64, primary_key=True)
    spent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
