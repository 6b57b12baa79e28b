"""P10: a practice is told in five short parts, each saved by itself, and sent when it is ready."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import municipalities_of_today
from backend.core.errors import NotFound, Refusal
from backend.core.i18n import current
from catalogue import actions, rules
from catalogue.queries import OwnDraft, current_criteria, draft_by_token
from web.public.draft_forms import FORMS, SectionForm
from web.public.forms import Problem
from web.public.links import personal, see_other, speak
from web.public.practice_page import practice_page
from web.public.signs import Sign

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_AND_POST)
@personal
def draft(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far the draft has come; the button sends it to the reviewers."""
    at = timezone.now()
    found = _open(request, token)
    if request.method != "POST":
        return _show(request, found, token)
    try:
        actions.submit(practice=found.practice, at=at)
    except rules.AlreadySent:  # pressed twice
        return see_other(request, reverse("personal:draft", kwargs={"token": token}))
    except Refusal as refusal:
        return _show(request, found, token, refusal=refusal)
    messages.success(
        request, _("Thank you. Your practice is with the reviewers, and we write when they have read it.")
    )
    return see_other(request, reverse("personal:draft", kwargs={"token": token}))


def _open(request: HttpRequest, token: str) -> OwnDraft:
    found = draft_by_token(token)
    speak(request, found.practice.language)
    return found


def _show(
    request: HttpRequest, found: OwnDraft, token: str, *, refusal: Refusal | None = None
) -> HttpResponse:
    context = {
        "found": found,
        "token": token,
        "title": found.version.title,
        "sections": [(section, _sign(state)) for section, state in found.sections],
        "problems": _problems(refusal),
        "ready": not found.missing,
        "state": found.version.get_state_display(),
        "review": found.review,
        "public": found.practice.published is not None,
    }
    return render(request, "public/draft.html", context, status=refusal.status if refusal else 200)


def _sign(state: rules.SectionState) -> Sign:
    match state:
        case rules.SectionState.DONE:
            return Sign(label=_("Done"), tone="ok")
        case rules.SectionState.IN_PROGRESS:
            return Sign(label=_("Begun"), tone="warn")
        case _:
            return Sign(label=_("Not started"))


def _problems(refusal: Refusal | None) -> list[Problem]:
    if refusal is None:
        return []
    homes = {name: section.key for section in rules.SECTIONS for name in section.fields}
    said = [
        Problem(sentence=sentence, target=f"section-{homes[name]}" if name in homes else "")
        for name, sentences in refusal.fields.items()
        for sentence in sentences
    ]
    return said or [Problem(sentence=refusal.sentence)]


@require_http_methods(GET_AND_POST)
@personal
def section(request: HttpRequest, token: str, section: str) -> HttpResponse:
    """Show one part, and keep what was written in it."""
    at = timezone.now()
    found = _open(request, token)
    part = next((one for one in rules.SECTIONS if one.key == section), None)
    if part is None:
        raise NotFound(_("Nothing was found at this address."))
    if not found.editable:  # sent already: there is nothing to write here any more
        return see_other(request, reverse("personal:draft", kwargs={"token": token}))
    kind = FORMS[section]
    if request.method != "POST":
        begun = kind(initial=kind.begin(found.version, language=current()))
        return _show_section(request, found, token, part, begun)
    return _save(request, found, token, part, kind(request.POST), at=at)


def _save(
    request: HttpRequest,
    found: OwnDraft,
    token: str,
    part: rules.Section,
    filled: SectionForm,
    *,
    at: datetime,
) -> HttpResponse:
    try:
        actions.save_draft(practice=found.practice, texts=filled.written(language=current()), at=at)
    except Refusal as refusal:
        problems = filled.refuse(refusal)
        return _show_section(request, found, token, part, filled, problems=problems, status=refusal.status)
    messages.success(request, _("Saved: %(part)s") % {"part": part.name})
    return see_other(request, reverse("personal:draft", kwargs={"token": token}))


def _show_section(
    request: HttpRequest,
    found: OwnDraft,
    token: str,
    part: rules.Section,
    filled: SectionForm,
    *,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "found": found,
        "token": token,
        "part": part,
        "number": rules.SECTIONS.index(part) + 1,
        "of": len(rules.SECTIONS),
        "form": filled,
        "criteria": current_criteria().criteria.all(),
        "problems": problems or [],
        "municipalities": municipalities_of_today() if "municipalities" in filled.fields else (),
    }
    return render(request, "public/draft_section.html", context, status=status)


@require_safe
@personal
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show the draft as the public page would show it."""
    found = _open(request, token)
    page = practice_page(found.practice, found.version, assessments=[], presentations=[])
    return render(request, "public/practice.html", {"page": page, "token": token, "draft": True})
