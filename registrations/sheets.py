"""How a list is handed over: made by a worker, then a download that nobody else keeps a copy of."""

from django.db import transaction
from django.http import StreamingHttpResponse

from backend.core.errors import Refusal
from backend.core.i18n import _
from registrations import tasks
from registrations.models import RegistrationExport, WorkState
from registrations.queries.exporting import content_of

_TYPES = {
    RegistrationExport.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    RegistrationExport.Format.CSV: "text/csv; charset=utf-8",
}


class NotReady(Refusal):
    """The list is still being made."""

    code = "export-not-ready"
    status = 409


def have_made(export: RegistrationExport) -> None:
    """Wake a worker for a list once it has been asked for."""
    transaction.on_commit(lambda: tasks.nudge_export(export.pk), robust=True)


def download(export: RegistrationExport) -> StreamingHttpResponse:
    """Send the file part after part."""
    if export.state != WorkState.DONE:
        raise NotReady(_("The list is not ready yet."))
    response = StreamingHttpResponse(
        content_of(export), content_type=_TYPES[RegistrationExport.Format(export.format)]
    )
    response["Content-Disposition"] = f'attachment; filename="{file_name(export)}"'
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_name(export: RegistrationExport) -> str:
    """Name the file after what it holds; addresses of events are plain letters, digits and hyphens."""
    what = export.event.slug if export.event else export.series.slug
    return f"{what}-{export.created_at:%Y-%m-%d}-{export.pk}.{export.format}"
