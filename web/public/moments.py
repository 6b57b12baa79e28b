"""What the form carries for the door, and the page of those who are asked to wait a moment.

Nothing that was typed is lost: the page carries it on, and its button sends the same again.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from events.models import EventSeries
from registrations import door
from registrations.rules import OneMoment

TRAP = "homepage"  # a field no person sees; what fills it in reads the page as a machine does
STAMP = "shown"
TICKET, PROOF = "ticket", "proof"
_CARRIED = frozenset({"csrfmiddlewaretoken", TRAP, STAMP, TICKET, PROOF})


def for_the_door(*, at: datetime) -> dict[str, str]:
    """Give what the form shows for the door."""
    return {"trap": TRAP, "stamp_name": STAMP, "stamp": door.stamp(at=at)}


def let_in(request: HttpRequest, *, events: Sequence[str]) -> None:
    """Let the press through the door, or answer it with a ticket (``OneMoment``)."""
    at = timezone.now()
    press = door.Press(
        request=request,
        body=json.dumps([request.path, *_said(request.POST)]),
        events=events,
        ticket=request.POST.get(TICKET, ""),
        proof=request.POST.get(PROOF, ""),
        trapped=bool(request.POST.get(TRAP)),
        hasty=not door.is_stamped(request.POST.get(STAMP, ""), at=at),
    )
    door.let_in(press, at=at)


def page(request: HttpRequest, moment: OneMoment, *, series: EventSeries, switch: str) -> HttpResponse:
    """Ask to wait a moment; with scripts the page sends itself."""
    context = {
        "series": series,
        "said": _said(request.POST),
        "ticket": moment.ticket,
        "challenge": moment.members["challenge"],
        "seconds": moment.retry_after,
        "again": TICKET in request.POST,
        "switch": switch,
    }
    response = render(request, "public/one_moment.html", context, status=moment.status)
    response["Cache-Control"] = "no-store, private"
    response["Retry-After"] = str(moment.retry_after)
    return response


def _said(data: QueryDict) -> list[tuple[str, str]]:
    """List what was typed and ticked, with the line ends that a browser gives back."""
    return sorted(
        (name, value.replace("\r\n", "\n").replace("\r", "\n"))
        for name, values in data.lists()
        if name not in _CARRIED
        for value in values
    )
