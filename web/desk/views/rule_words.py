"""The text of a rule in the organiser's own words: written, looked at, taken into use, and read by each."""

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
from events.actions.wordings import try_on_oneself
from notifications import kinds, wordings
from notifications.looking import sample_mail
from notifications.models import Wording
from notifications.rendering import Rendered
from notifications.wordings import problems_of
from registrations.actions import rule_words, ruling
from registrations.actions.campaign_words import Words
from registrations.models import MessageRule
from registrations.queries.ruling import place_at
from registrations.rules.segments import KIND as NOTE
from web.desk.access import desk_page, person
from web.desk.change import Change, Preview, carry_out
from web.desk.discarding import discard_page
from web.desk.forms.wordings import WordingForm, starting_from
from web.desk.page import done, show
from web.desk.views.automatic import the_rule
from web.desk.words import placeholders_said
from web.public.views.mailbox import MAIL_POLICY

_HERE = "automatic"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the text of a rule; it is kept, looked at, tried on oneself and then taken into use."""
    one = _the_rule(request, pk)
    form = WordingForm(request.POST or None, initial=starting_from(rule_words.kept_words(one)))
    step = request.POST.get("step", "")
    if step in {"keep", "test"} and form.is_valid():
        try:
            sentence = _kept(request, one, form, test=step == "test")
            return done(request, sentence, to=reverse("desk:rule-words", args=[one.pk]))
        except Refusal as no:
            form.say(no)
    return carry_out(request, _change(request, one, form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away what is being written, after saying what stays in use."""
    one = _the_rule(request, pk)

    def stays() -> str | None:
        stands = rule_words.standing_of(one)
        if stands.draft is None:
            return None
        return _("The text in use stays.") if stands.in_force else _("No text is in use yet.")

    return discard_page(
        request,
        intro=one.name,
        discard=lambda: ruling.discard_words(rule=one, at=timezone.now(), actor=person(request)),
        stays=stays,
        back=reverse("desk:rule-words", args=[one.pk]),
        series=one.series,
        here=_HERE,
    )


def _change(request: HttpRequest, one: MessageRule, form: WordingForm) -> Change[WordingForm]:
    stands = rule_words.standing_of(one)
    kept = rule_words.kept_in(stands)
    address = reverse("desk:rule", args=[one.pk])
    return Change(
        title=_("Text of the message"),
        intro=one.name,
        form=form,
        save=partial(_use, request, one),
        then=address,
        back=address,
        preview=partial(_foretold, one),
        series=one.series,
        here=_HERE,
        template="desk/rule_words.html",
        context={
            "rule": one,
            "in_use": stands.in_force is not None,
            "draft": stands.draft,
            "placeholders": placeholders_said(kinds.get(NOTE)),
            "pictures": [_picture(kept, language, name) for language, name in LANGUAGE_CHOICES]
            if kept
            else [],
        },
    )


def _seen(kept: Wording, language: str) -> Rendered | None:
    """Make the mail with made-up facts; None where the words of this language cannot be read yet."""
    if not rule_words.reads_in(kept, language):
        return None
    mail = sample_mail(kinds.get(NOTE), kept, language=as_language(language))
    return mail if mail.wording_id else None


def _picture(kept: Wording, language: str, name: str) -> dict[str, str]:
    mail = _seen(kept, language)
    shown = {"subject": mail.subject, "text": mail.text} if mail else {}
    return {"language": language, "name": name, **shown}


def _foretold(one: MessageRule, form: WordingForm) -> Preview:
    problems = problems_of(kinds.get(NOTE), subject=form.text("subject"), body=form.text("body"))
    if problems:
        raise wordings.WordingIncomplete(_("The texts cannot be taken into use yet."), fields=problems)
    return Preview(
        effects=[
            _("The rule sends this text from now on, in the reader's language."),
            _("What has been sent stays as it was, and nobody gets anything again.")
            if one.enabled
            else _("Nothing is sent before the rule is switched on."),
        ],
        button=_("Take into use"),
    )


def _use(request: HttpRequest, one: MessageRule, form: WordingForm) -> str:
    ruling.use_words(rule=one, words=_typed(form), at=timezone.now(), actor=person(request))
    return (
        _("The text is in use.") if one.enabled else _("The text is in use. The rule can be switched on now.")
    )


def _kept(request: HttpRequest, one: MessageRule, form: WordingForm, *, test: bool) -> str:
    given, at = _typed(form), timezone.now()
    ruling.keep_words(rule=one, words=given, at=at)
    if not test:
        return _("The words are kept. Nobody is written to with them yet.")
    text: dict[str, Any] = {"subject": given.subject, "body": given.body}
    message = try_on_oneself(
        series=one.series, kind=NOTE, language=current(), at=at, actor=person(request), **text
    )
    return _("A mail with made-up facts is on its way to %(address)s.") % {"address": message.recipient}


def _typed(form: WordingForm) -> Words:
    return Words(subject=form.text("subject"), body=form.text("body"))


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_override(MAIL_POLICY)
@desk_page
def picture(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Show the mail itself, as it was kept last, with made-up facts."""
    one = _the_rule(request, pk)
    kept = rule_words.kept_words(one) if language in LANGUAGES else None
    mail = _seen(kept, language) if kept else None
    if mail is None:
        raise Http404
    return HttpResponse(mail.html, headers={"X-Robots-Tag": "noindex"})


@require_safe
@never_cache
@desk_page
def reading(request: HttpRequest, pk: int, registration: int) -> HttpResponse:
    """Show what one person reads by the rule, without the addresses that only they may open."""
    one = the_rule(request, pk, to_change=True)
    found = place_at(one, registration=registration)
    if found is None:
        raise Http404
    plan, row = found
    mail, stands = rule_words.as_read_by(row, plan=plan, at=timezone.now()), rule_words.standing_of(one)
    return show(
        request,
        "desk/rule_text.html",
        series=one.series,
        here=_HERE,
        rule=one,
        attendee=row.attendee,
        mail=mail,
        draft=stands.draft and stands.in_force,
    )


def _the_rule(request: HttpRequest, pk: int) -> MessageRule:
    """Give a rule that has words of its own; a reminder has those of its series."""
    one = the_rule(request, pk, to_change=True)
    if one.kind != MessageRule.Kind.NOTE:
        raise Http404
    return one
