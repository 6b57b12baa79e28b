"""The rehearsal of an event: every message it would send, before anybody gets one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from events.models import Event
from web.desk.access import desk_page, the_event
from web.desk.forms.rehearsal import RehearsalForm
from web.desk.page import show
from web.desk.rehearsal import Presence, Step, Turn, rehearse

# The mails lie in frames without an address of their own, which obey the policy of the page around them: the
# styles that a mail brings along are let through here. Scripts stay out, as on every page.
_WITH_MAILS = {**settings.SECURE_CSP, "style-src": [CSP.SELF, CSP.UNSAFE_INLINE]}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """Play all that somebody would get about an event, in each language; nothing is kept and nothing sent."""
    event = the_event(request, pk, to_change=True)
    form = RehearsalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _played(request, event, form)
    return _page(request, event, form)


@csp_override(_WITH_MAILS)
def _played(request: HttpRequest, event: Event, form: RehearsalForm) -> HttpResponse:
    turn = Turn(form.cleaned_data["turn"] or Turn.NONE)
    presence = Presence(form.cleaned_data["presence"] or Presence.CAME)
    steps = rehearse(event, at=timezone.now(), turn=turn, presence=presence)
    return _page(request, event, form, steps=steps)


def _page(
    request: HttpRequest, event: Event, form: RehearsalForm, *, steps: list[Step] | None = None
) -> HttpResponse:
    return show(
        request,
        "desk/rehearsal.html",
        event=event,
        here="rehearsal",
        status=422 if form.shown_errors else 200,
        form=form,
        problems=list(form.problems()),
        steps=steps,
    )
