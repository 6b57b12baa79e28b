"""Pages of who came: the list to tick, the door for a phone, and the certificates of those present."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.errors import NotFound, Refusal
from registrations import actions, queries
from registrations.certificates import certificate, certificates, require_earned
from registrations.models import Registration
from registrations.queries.desk import narrowed
from web.desk.access import desk_page, person, the_event, the_registration
from web.desk.page import done, page_of, see_other, show

_WORKER = Path(__file__).parents[2] / "static" / "web" / "door-worker.js"
_IN_ONE_FILE = 200  # certificates: some five seconds of work


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick those who came; the others stay as they were unless they are said to be absent."""
    event = the_event(request, pk, to_change=request.method == "POST")
    searched = request.GET.get("q", "")[:200]
    page = page_of(request, narrowed(queries.coming(event), q=searched))
    if request.method == "POST":
        address = request.get_full_path()
        try:
            changed = _tick(request, list(page.object_list))
        except Refusal as no:
            return done(request, str(no), to=address)
        sentence = ngettext("%(count)d mark is saved.", "%(count)d marks are saved.", changed)
        return done(request, sentence % {"count": changed}, to=address)
    return show(
        request,
        "desk/attendance.html",
        event=event,
        here="attendance",
        page=page,
        searched=searched,
        turnout=queries.turnout(event),
        held=event.ends_at <= timezone.now(),
        files=Paginator(queries.present(event), _IN_ONE_FILE),
    )


def _tick(request: HttpRequest, rows: list[Registration]) -> int:
    """Save what differs; only rows that stood on the page count, so nobody new is taken for absent."""
    shown, ticked = set(request.POST.getlist("shown")), set(request.POST.getlist("came"))
    others_absent = request.POST.get("others") == "absent"
    changed = 0
    for row in rows:
        if str(row.pk) not in shown:
            continue
        wanted = _wanted(row, ticked=str(row.pk) in ticked, others_absent=others_absent)
        if wanted != row.attended:
            actions.mark_attendance(
                registration=row, attended=wanted, at=timezone.now(), actor=person(request)
            )
            changed += 1
    return changed


def _wanted(row: Registration, *, ticked: bool, others_absent: bool) -> bool | None:
    if ticked:
        return True
    if others_absent:
        return False
    return None if row.attended else row.attended


@require_safe
@desk_page
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the door: tickets are scanned or names looked up, also without a connection."""
    event = the_event(request, pk, to_change=True)
    return show(request, "desk/check_in.html", event=event, here="attendance", tickets=settings.PUBLIC_URL)


@require_safe
@desk_page
def worker(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the program that keeps the door's page at hand; it reaches no further than that page."""
    the_event(request, pk, to_change=True)
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")


@cache
def _worker() -> str:
    return _WORKER.read_text(encoding="utf-8")


@require_safe
@desk_page
def all_certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the certificates of those who were present, so many to a file; before the end there are none."""
    event = the_event(request, pk, to_change=True)
    at = timezone.now()
    part = page_of(request, queries.present(event), size=_IN_ONE_FILE)
    if event.ends_at > at or not part.object_list:
        return see_other(reverse("desk:attendance", args=[pk]))
    name = f"{event.slug}-{part.number}" if part.paginator.num_pages > 1 else event.slug
    return _file(certificates(list(part.object_list), title=str(event.title), at=at), name=name)


@require_safe
@desk_page
def one_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody's certificate, when they have earned one."""
    row, at = the_registration(request, pk), timezone.now()
    try:
        earned = require_earned(row, at=at)
    except NotFound:
        return see_other(reverse("desk:attendance", args=[row.event_id]))
    return _file(certificate(earned, at=at), name=f"{row.event.slug}-{row.pk}")


def _file(pdf: bytes, *, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
