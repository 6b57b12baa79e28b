"""The mailbox of a trial: what would have been sent, as its reader would see it. Not there in production."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from web.public.letters import Letter, envelopes, read
from web.public.links import personal, speak

SHOWN = 200
MAIL_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}


def trial_only[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer only where mail is kept in a folder; elsewhere this address does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if settings.PRODUCTION:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@trial_only
@personal
def letters(request: HttpRequest) -> HttpResponse:
    """List the mails, the newest first."""
    speak(request, request.LANGUAGE_CODE)
    wanted = request.GET.get("q", "").strip().casefold()
    found = [
        one
        for one in envelopes(settings.MAILBOX_DIR)
        if wanted in one.to.casefold() or wanted in one.subject.casefold()
    ]
    context = {"letters": found[:SHOWN], "count": len(found), "q": request.GET.get("q", "")}
    return render(request, "mailbox/letters.html", context)


@require_safe
@trial_only
@personal
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: as a picture of itself, as text, and its invitation in words."""
    speak(request, request.LANGUAGE_CODE)
    return render(request, "mailbox/letter.html", {"letter": _read(name)})


@require_safe
@trial_only
@xframe_options_sameorigin
@csp_override(MAIL_POLICY)
@personal
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Give the HTML of a mail for its frame, without scripts; its links open the whole window."""
    html = _read(name).html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(html)


@require_safe
@trial_only
@personal
def invitation(request: HttpRequest, name: str) -> HttpResponse:
    """Give the calendar part as a file."""
    found = _read(name)
    if not found.ics:
        raise Http404
    response = HttpResponse(found.ics, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return response


def _read(name: str) -> Letter:
    found = read(settings.MAILBOX_DIR, name)
    if found is None:
        raise Http404
    return found
