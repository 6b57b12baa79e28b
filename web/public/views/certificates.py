"""The attendee's own certificate of attendance; made when it is asked for, and kept nowhere."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from registrations import queries
from registrations.certificates import certificate, require_earned
from web.public.links import personal, speak


@require_safe
@personal
def own(request: HttpRequest, token: str, event: str) -> HttpResponse:
    """Give the certificate to whoever was marked present, after the event, in their own language."""
    at = timezone.now()
    attendee = queries.attendee_by_token(token, at=at)
    speak(request, attendee.language)
    registration = require_earned(queries.own_registration(attendee, event), at=at)
    return as_file(certificate(registration, at=at), name=event)


def as_file(pdf: bytes, *, name: str) -> HttpResponse:
    """Answer with a file to be kept."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
