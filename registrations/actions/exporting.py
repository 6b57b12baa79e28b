"""Lists of registrations made for an organiser: asked for, made in parts, kept for a day."""

import csv
import io
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import IO

from django.db import transaction
from django.utils import translation

from accounts import audit
from accounts.models import ApiToken, User
from accounts.policies import ORGANISES, may
from backend.core.errors import Forbidden
from backend.core.i18n import _, as_language
from backend.core.workbook import workbook
from events.models import Event, EventSeries
from registrations.models import ExportChunk, RegistrationExport, WorkState
from registrations.queries.exporting import (
    Sheet,
    Value,
    columns_for,
    export_columns,
    exported,
    parts,
    stalled_exports,
)
from registrations.rules.exporting import EXPORT_LIVES, defused, kept_text, require_columns

CHUNK = 256 * 1024
AT_ONCE = 1000  # so few rows take less time than waking a worker

LEFT_BEHIND = timedelta(minutes=5)  # longer than any try may take

type Row = Sequence[Value]
type Write = Callable[[Row], None]


@transaction.atomic
def ask_for_export(
    *,
    series: EventSeries,
    event: Event | None,
    file_format: str,
    columns: Sequence[str],
    at: datetime,
    actor: User,
    token: ApiToken | None = None,
) -> RegistrationExport:
    """Have a list of the registrations made; who asked for which columns is written down."""
    house = series.organisation_id
    if not may(actor, roles=ORGANISES, organisation_id=house, token=token):
        raise Forbidden(_("Lists of registrations are for the organisers of the series."))
    offered = {column.key: column for column in columns_for(actor, series, event, token=token)}
    wanted = require_columns(columns, offered=list(offered))
    export = RegistrationExport.objects.create(
        series=series,
        event=event,
        created_by=actor,
        format=RegistrationExport.Format(file_format),
        columns=wanted,
        total=exported(series, event).count(),
        created_at=at,
        expires_at=at + EXPORT_LIVES,
    )
    audit.record(
        action="registrations.exported",
        subject=f"event:{event.pk}" if event else f"series:{series.pk}",
        at=at,
        actor=actor,
        organisation_id=house,
        details={
            "export": export.pk,
            "format": export.format,
            "columns": wanted,
            "protected": any(offered[key].protected for key in wanted),
            "registrations": export.total,
        },
    )
    return export


def make_export(export_id: int, *, at: datetime) -> None:
    """Make the file of a list; begun anew after a worker died, it replaces what was there."""
    waiting = RegistrationExport.objects.filter(
        pk=export_id, state__in=[WorkState.QUEUED, WorkState.RUNNING], expires_at__gt=at
    )
    export = waiting.select_related("series", "event", "created_by").first()
    if export is None:
        return
    waiting.update(state=WorkState.RUNNING, done=0)
    try:
        _make(export, at=at)
    except Exception:
        RegistrationExport.objects.filter(pk=export_id).update(state=WorkState.FAILED, finished_at=at)
        raise


def _make(export: RegistrationExport, *, at: datetime) -> None:
    make = _xlsx if export.format == RegistrationExport.Format.XLSX else _csv
    with tempfile.TemporaryFile() as file, translation.override(as_language(export.created_by.language)):
        done = make(export, file)
        file.seek(0)
        _keep(export, file, done=done, at=at)


@transaction.atomic
def _keep(export: RegistrationExport, file: IO[bytes], *, done: int, at: datetime) -> None:
    """Put the whole file in the place of whatever an earlier try has left."""
    locked = RegistrationExport.objects.select_for_update().filter(pk=export.pk)
    if not locked.exists():
        return  # nobody may have it any more
    export.chunks.all().delete()
    number = 0
    while content := file.read(CHUNK):
        ExportChunk.objects.create(export=export, number=number, content=content)
        number += 1
    locked.update(state=WorkState.DONE, total=done, done=done, finished_at=at)


def _fill(export: RegistrationExport, write: Write) -> int:
    """Write the heading and every registration, and say after each part how far it has come."""
    known = {column.key for column in export_columns(export.series, export.event)}
    columns = [key for key in export.columns if key in known]  # a question may have gone since
    sheet = Sheet(export.series, export.event, columns)
    write(sheet.heading)
    done = 0
    for part in parts(export.series, export.event, columns):
        for row in sheet.rows(part):
            write(row)
        done += len(part.rows)
        RegistrationExport.objects.filter(pk=export.pk).update(done=done)
    return done


def _csv(export: RegistrationExport, file: IO[bytes]) -> int:
    """Write semicolons and a byte order mark, which Finnish and Swedish spreadsheets open by themselves."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    lines = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    done = _fill(export, lambda row: lines.writerow([_field(value) for value in row]))
    text.flush()
    text.detach()
    return done


def _field(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return defused(value) if isinstance(value, str) else "" if value is None else str(value)


def _xlsx(export: RegistrationExport, file: IO[bytes]) -> int:
    """Write a workbook whose texts are texts: no formula, and telephone numbers as they were typed."""
    with workbook(file) as write:
        return _fill(export, lambda row: write([_kept(value) for value in row]))


def _kept(value: Value) -> Value:
    return kept_text(value) if isinstance(value, str) else value


def clear_expired_exports(*, at: datetime) -> int:
    """Remove the lists whose day is over, files and all."""
    return (
        RegistrationExport.objects.filter(expires_at__lte=at)
        .delete()[1]
        .get("registrations.RegistrationExport", 0)
    )


def left_behind(*, at: datetime) -> list[int]:
    """Name the lists that are to be begun anew: their wake-up was lost, or their worker died."""
    return stalled_exports(before=at - LEFT_BEHIND)
