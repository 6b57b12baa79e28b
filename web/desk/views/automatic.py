"""Pages of the messages that go out by themselves: the rules of a series, and who gets what when."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.models import EventSeries
from events.queries import events_of
from registrations.actions import rule_words, ruling
from registrations.models import MessageRule
from registrations.queries import automatic
from registrations.queries.ruling import next_plan, passed, passed_if_on, plans_of, shown_plan
from registrations.queries.segments import choosable_questions
from web.desk.access import all_series, desk_page, person, the_series
from web.desk.automatic import WHY, foretold, moment_in_words, passed_in_words, readers_in_words
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.automatic import NoteForm, RuleForm
from web.desk.forms.base import DeskForm
from web.desk.page import page_of, show

_HERE = "automatic"


@require_safe
@desk_page
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """List the rules of a series: when, to whom, and how many get it next."""
    series, at = the_series(request, pk), timezone.now()
    found = list(MessageRule.objects.filter(series=series).select_related("event", "question"))
    plans = automatic.plans(MessageRule.objects.filter(series=series), drafts=True)
    lines = []
    for rule in found:
        coming = next_plan([plan for plan in plans if plan.rule.pk == rule.pk], at=at)
        lines.append(
            (rule, moment_in_words(rule), readers_in_words(rule), foretold(coming, at=at) if coming else None)
        )
    return show(request, "desk/automatic.html", series=series, here=_HERE, lines=lines)


@require_safe
@desk_page
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Show exactly who gets it when at one event, and who does not and why."""
    one, at = the_rule(request, pk), timezone.now()
    plans = plans_of(one)
    plan = shown_plan(plans, event=request.GET.get("event", ""), at=at)
    told = foretold(plan, at=at) if plan else None
    page = page_of(request, told.rows if told else [])
    return show(
        request,
        "desk/automatic_rule.html",
        series=one.series,
        here=_HERE,
        rule=one,
        moment=moment_in_words(one),
        readers=readers_in_words(one),
        words=rule_words.standing_of(one),
        events=[plan.event for plan in plans],
        told=told,
        page=page,
        rows=[(row, WHY[row.verdict]) for row in page],
        filters={"address": f"event={told.event.slug}"} if told else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a reminder at another moment."""
    series = the_series(request, pk, to_change=True)

    def save(form: RuleForm) -> str:
        at = timezone.now()
        one = ruling.make_rule(series=series, draft=form.draft, at=at, actor=person(request))
        said = _("The rule is there and on.")
        return f"{said} {passed_in_words(passed(one, at=at))}"

    return carry_out(
        request,
        Change(
            title=_("Add a reminder"),
            form=_form(request, series, None, RuleForm),
            template="desk/rule_form.html",
            save=save,
            then=_list(series),
            back=_list(series),
            series=series,
            here=_HERE,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a message in the organiser's own words; its text is written on the next page."""
    series = the_series(request, pk, to_change=True)
    made: list[MessageRule] = []

    def save(form: NoteForm) -> str:
        made.append(
            ruling.make_rule(series=series, draft=form.draft, at=timezone.now(), actor=person(request))
        )
        return _("The rule is there, switched off. Write its text now.")

    return carry_out(
        request,
        Change(
            title=_("Add a message in your own words"),
            intro=_("First when it goes out and to whom. Its text is written on the next page."),
            form=_form(request, series, None, NoteForm),
            template="desk/rule_form.html",
            save=save,
            then=lambda: reverse("desk:rule-words", args=[made[0].pk]),
            back=_list(series),
            series=series,
            here=_HERE,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule; nobody gets again what they got by it."""
    one = the_rule(request, pk, to_change=True)
    writes = one.kind == MessageRule.Kind.NOTE

    def save(form: RuleForm) -> str:
        at = timezone.now()
        held = ruling.change_rule(rule=one, draft=form.draft, at=at, actor=person(request))
        said = _("The rule was changed. Nobody gets again what was sent.")
        return f"{said} {passed_in_words(passed(held, at=at))}" if held.enabled else said

    address = reverse("desk:rule", args=[one.pk])
    return carry_out(
        request,
        Change(
            title=_("Change the rule"),
            form=_form(request, one.series, one, NoteForm if writes else RuleForm),
            template="desk/rule_form.html",
            save=save,
            then=address,
            back=address,
            series=one.series,
            here=_HERE,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rule on or off, after saying what that means."""
    one = the_rule(request, pk, to_change=True)
    if one.enabled:
        effects = [_("Nobody gets this message any more. What has been sent stays as it is.")]
    else:
        effects = [
            _("It is sent at its next moment. Whoever got it before does not get it again."),
            passed_in_words(passed_if_on(one, at=timezone.now())),
        ]

    def save(_form: DeskForm) -> str:
        wanted = not one.enabled
        ruling.switch_rule(rule=one, enabled=wanted, at=timezone.now(), actor=person(request))
        return _("The rule is on.") if wanted else _("The rule is off.")

    button = _("Switch off") if one.enabled else _("Switch on")
    return carry_out(request, _deed(request, one, button=button, effects=effects, save=save))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a rule, after saying what that means."""
    one = the_rule(request, pk, to_change=True)

    def save(_form: DeskForm) -> str:
        ruling.remove_rule(rule=one, at=timezone.now(), actor=person(request))
        return _("The rule was removed.")

    effects = [_("Nobody gets this message any more. What has been sent stays as it is.")]
    return carry_out(request, _deed(request, one, button=_("Remove the rule"), effects=effects, save=save))


def _deed(
    request: HttpRequest,
    one: MessageRule,
    *,
    button: str,
    effects: list[str],
    save: Callable[[DeskForm], str],
) -> Change[DeskForm]:
    return Change(
        title=button,
        intro=": ".join(filter(None, [one.name, moment_in_words(one)])),
        form=DeskForm(request.POST or None),
        preview=lambda _form: Preview(effects=effects, button=button),
        save=save,
        then=_list(one.series),
        back=reverse("desk:rule", args=[one.pk]),
        series=one.series,
        here=_HERE,
    )


def _form[F: RuleForm](request: HttpRequest, series: EventSeries, one: MessageRule | None, of: type[F]) -> F:
    standing = one.question.key if one and one.question else ""
    asked = choosable_questions(series, standing=standing).values()
    return of(
        request.POST or None,
        events=events_of(series, drafts=True),
        questions=[question for question, _keys in asked],
        initial=of.starting_from(one),
    )


def _list(series: EventSeries) -> str:
    return reverse("desk:rules", args=[series.pk])


def the_rule(request: HttpRequest, pk: int, *, to_change: bool = False) -> MessageRule:
    """Give the rule, or say that nothing is there."""
    found = MessageRule.objects.select_related("series__organisation", "event", "question")
    one = found.filter(pk=pk, series__in=all_series(request)).first()
    if one is None:
        raise Http404
    the_series(request, one.series_id, to_change=to_change)
    return one
