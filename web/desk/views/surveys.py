"""Pages of the follow-up survey: sending it now, and what came back."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.i18n import Text
from events.models import Event
from registrations.models import Registration
from surveys import actions, queries
from surveys.queries import QuestionResult
from web.desk.access import desk_page, person, the_event
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.base import DeskForm
from web.desk.page import show


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the table of answers, with the length of its bar."""

    label: Text
    count: int
    width: int  # of the longest bar's 100


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as the page shows it."""

    result: QuestionResult
    bars: tuple[Bar, ...]


@require_safe
@desk_page
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what came back, question by question."""
    event = the_event(request, pk)
    results = queries.results(event)
    return show(
        request,
        "desk/survey.html",
        event=event,
        here="survey",
        results=results,
        questions=[Shown(one, _bars(one)) for one in results.questions] if results else [],
        to_ask=_to_ask(event),
        held=event.starts_at <= timezone.now(),
    )


def _bars(result: QuestionResult) -> tuple[Bar, ...]:
    most = max((tally.count for tally in result.tallies), default=0) or 1
    options = {option["key"]: Text.from_dict(option) for option in result.question.options}
    return tuple(
        Bar(
            label=options.get(tally.key, Text(tally.key, tally.key, tally.key)),
            count=tally.count,
            width=round(100 * tally.count / most),
        )
        for tally in result.tallies
    )


def _to_ask(event: Event) -> int:
    came = Registration.objects.filter(event=event, state=Registration.State.CONFIRMED)
    return came.filter(survey_invitation__isnull=True).exclude(attended=False).count()


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the survey now; says first how many get it."""
    event = the_event(request, pk, to_change=True)

    def save(_form: DeskForm) -> str:
        actions.open_survey(event=event, at=timezone.now(), actor=person(request))
        return _("The survey is on its way.")

    address = reverse("desk:survey", args=[event.pk])
    change = Change(
        title=_("Send the survey now"),
        form=DeskForm(request.POST or None),
        preview=lambda _form: Preview(effects=_effects(event), button=_("Send the survey")),
        save=save,
        then=address,
        back=address,
        event=event,
        here="survey",
    )
    return carry_out(request, change)


def _effects(event: Event) -> list[str]:
    count = _to_ask(event)
    if not count:
        return [_("Everybody has been asked already, or nobody came. Nobody gets a mail.")]
    sentence = ngettext(
        "%(count)d person who had a place and was not marked absent gets the survey.",
        "%(count)d people who had a place and were not marked absent get the survey.",
        count,
    )
    return [sentence % {"count": count}, _("Nobody is asked twice.")]
