"""Organisers' own words for the mails: which kind says what, and writing them with a look at the result."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.errors import Refusal
from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES, as_language, current
from events import calendar
from events.actions.wordings import (
    discard_draft,
    keep_words,
    scope_of,
    try_on_oneself,
    use_own_words,
    use_vipus_words,
)
from events.models import EventSeries
from notifications import kinds, wordings
from notifications.kinds import Kind
from notifications.looking import sample_mail
from notifications.models import Wording
from notifications.wordings import problems_of
from web.desk.access import desk_page, person, the_series
from web.desk.change import Change, Preview, carry_out
from web.desk.discarding import discard_page
from web.desk.forms.wordings import WordingForm, starting_from
from web.desk.page import done, show
from web.desk.words import MESSAGE_KINDS, kind_said, placeholders_said
from web.public.views.mailbox import MAIL_POLICY


@require_safe
@never_cache
@desk_page
def all_wordings(request: HttpRequest, pk: int) -> HttpResponse:
    """List the kinds of mail, those that most people get first, and whose words each of them says."""
    series = the_series(request, pk, to_change=True)
    standing = wordings.standings(scope_of(series))
    wordable = sorted((kind.key for kind in kinds.wordable()), key=list(MESSAGE_KINDS).index)
    rows = [(key, kind_said(key), standing.get(key)) for key in wordable]
    return show(request, "desk/wordings.html", series=series, here="messages", rows=rows)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def wording(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Write the words of one kind; they are kept, looked at, tried on oneself and then taken into use."""
    series, found = the_series(request, pk, to_change=True), _kind(kind)
    form = WordingForm(request.POST or None, initial=starting_from(_shown(series, kind)))
    step = request.POST.get("step", "")
    if step == "withdraw":
        use_vipus_words(series=series, kind=kind, at=timezone.now(), actor=person(request))
        return done(request, _("Vipu's own words are in use again."), to=_here(series, kind))
    if step in {"keep", "test"} and form.is_valid():
        try:
            return done(
                request, _kept(request, series, kind, form, test=step == "test"), to=_here(series, kind)
            )
        except Refusal as no:
            form.say(no)
    return carry_out(request, _change(request, series, found, form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def discard(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Throw away what is being written, after saying what stays in use."""
    series, found = the_series(request, pk, to_change=True), _kind(kind)

    def stays() -> str | None:
        if wordings.draft_of(scope_of(series), kind) is None:
            return None
        own = wordings.in_force(scope_of(series), kind)
        return _("Your own words stay in use.") if own else _("Vipu's words stay in use.")

    return discard_page(
        request,
        intro=kind_said(found.key),
        discard=lambda: discard_draft(series=series, kind=kind, at=timezone.now(), actor=person(request)),
        stays=stays,
        back=_here(series, kind),
        series=series,
        here="messages",
    )


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_override(MAIL_POLICY)
@desk_page
def picture(request: HttpRequest, pk: int, kind: str, language: str) -> HttpResponse:
    """Show the mail itself, as it was kept last, with made-up facts."""
    series, found = the_series(request, pk, to_change=True), _kind(kind)
    if language not in LANGUAGES:
        raise Http404
    html = sample_mail(found, _shown(series, kind), language=as_language(language)).html
    return HttpResponse(html, headers={"X-Robots-Tag": "noindex"})


def _change(request: HttpRequest, series: EventSeries, kind: Kind, form: WordingForm) -> Change[WordingForm]:
    shown = _shown(series, kind.key)
    return Change(
        title=_("Words of the mails: %(kind)s") % {"kind": kind_said(kind.key)},
        form=form,
        save=partial(_use, request, series, kind.key),
        then=reverse("desk:wordings", args=[series.pk]),
        back=reverse("desk:wordings", args=[series.pk]),
        preview=partial(_foretold, series, kind),
        series=series,
        here="messages",
        template="desk/wording.html",
        context={
            "kind": kind,
            "own": wordings.in_force(scope_of(series), kind.key),
            "draft": wordings.draft_of(scope_of(series), kind.key),
            "placeholders": placeholders_said(kind),
            "pictures": [_picture(kind, language, name, shown) for language, name in LANGUAGE_CHOICES],
        },
    )


def _foretold(series: EventSeries, kind: Kind, form: WordingForm) -> Preview:
    problems = problems_of(kind, subject=form.text("subject"), body=form.text("body"))
    if problems:
        raise wordings.WordingIncomplete(_("The texts cannot be taken into use yet."), fields=problems)
    return Preview(
        effects=[
            _("Every mail of this kind in the series says this from now on, in the reader's language."),
            _("What has been sent stays as it was, and nobody gets anything again."),
        ],
        button=_("Take into use"),
    )


def _use(request: HttpRequest, series: EventSeries, kind: str, form: WordingForm) -> str:
    use_own_words(**_given(request, series, kind, form))
    return _("Your own words are in use.")


def _kept(request: HttpRequest, series: EventSeries, kind: str, form: WordingForm, *, test: bool) -> str:
    given = _given(request, series, kind, form)
    actor = given.pop("actor")
    keep_words(**given)
    if not test:
        return _("The words are kept. Nobody is written to with them yet.")
    message = try_on_oneself(actor=actor, language=current(), **given)
    return _("A mail with made-up facts is on its way to %(address)s.") % {"address": message.recipient}


def _given(request: HttpRequest, series: EventSeries, kind: str, form: WordingForm) -> dict[str, Any]:
    return {
        "series": series,
        "kind": kind,
        "subject": form.text("subject"),
        "body": form.text("body"),
        "at": timezone.now(),
        "actor": person(request),
    }


def _picture(kind: Kind, language: str, name: str, shown: Wording | None) -> dict[str, Any]:
    """Give the mail in one language, what a calendar is told with it, and Vipu's words to stand beside."""
    spoken = as_language(language)
    seen, told = sample_mail(kind, shown, language=spoken), kind.sample(spoken).calendar
    return {
        "language": language,
        "name": name,
        "subject": seen.subject,
        "text": seen.text,
        "entry": calendar.read_entry(told.ics) if told else None,
        "vipus": sample_mail(kind, None, language=spoken) if seen.wording_id else None,
    }


def _shown(series: EventSeries, kind: str) -> Wording | None:
    return wordings.kept_last(scope_of(series), kind)


def _kind(key: str) -> Kind:
    found = next((kind for kind in kinds.wordable() if kind.key == key), None)
    if found is None:
        raise Http404
    return found


def _here(series: EventSeries, kind: str) -> str:
    return reverse("desk:wording", args=[series.pk, kind])
