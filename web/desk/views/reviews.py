"""Pages of the reviewer: the queue, and one submission with the text left and the criteria right."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.errors import Refusal
from backend.core.i18n import LANGUAGE_CHOICES
from catalogue import actions, queries, rules
from catalogue.models import Practice, PracticeVersion, Review
from web.desk.access import desk_page, may_review, person
from web.desk.forms.reviews import ReviewForm
from web.desk.page import done, page_of, show

_PARTS = {
    "summary": gettext_lazy("In short"),
    "description": gettext_lazy("What was done"),
    "results": gettext_lazy("Results and evidence"),
    "effects": gettext_lazy("Effects"),
    "scaling": gettext_lazy("What taking it into use elsewhere needs"),
}
_DIMENSIONS = {
    "ecological": gettext_lazy("ecological"),
    "social": gettext_lazy("social"),
    "cultural": gettext_lazy("cultural"),
    "economic": gettext_lazy("economic"),
}


@require_safe
@desk_page
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits for a decision, the longest waiting first, and what was decided."""
    _require_reviewer(request)
    sent = queries.submissions(person(request))
    decided = sent.exclude(state=PracticeVersion.State.SUBMITTED).order_by("-decided_at", "-pk")
    return show(
        request,
        "desk/reviews.html",
        here="reviews",
        page=page_of(request, queries.review_queue(person(request))),
        decided=decided[:10],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge one submission; says first what the decision leads to."""
    version = queries.submission_for(person(request), pk)
    if version.state != PracticeVersion.State.SUBMITTED:
        return _decided(request, version)
    criteria = list(queries.current_criteria().criteria.all())
    form = ReviewForm(request.POST or None, criteria=criteria)
    step = request.POST.get("step")
    form.quiet = step == "back"
    if not form.is_bound or form.quiet or not form.is_valid():
        return _form(request, version, form)
    try:
        _check(version, form)
        if step != "save":
            return _form(request, version, form, effects=_effects(version, form))
        actions.decide(
            version=version,
            reviewer=person(request),
            decision=form.cleaned_data["decision"],
            assessments=form.assessments(),
            message=form.cleaned_data["message"],
            at=timezone.now(),
        )
    except Refusal as no:
        form.say(no)
        return _form(request, version, form)
    return done(request, _("The decision is saved."), to=reverse("desk:reviews"))


def _check(version: PracticeVersion, form: ReviewForm) -> None:
    """Refuse an incomplete decision before it is previewed, by the rule the action itself asks."""
    rules.require_reasoned(
        deed=rules.Deed(form.cleaned_data["decision"]),
        criteria=[criterion.key for criterion in form.criteria],
        given=form.judgements(),
        dimensions=version.dimensions,
        message=form.cleaned_data["message"].strip(),
    )


def _form(
    request: HttpRequest, version: PracticeVersion, form: ReviewForm, *, effects: list[str] | None = None
) -> HttpResponse:
    return show(
        request,
        "desk/review_confirm.html" if effects else "desk/review.html",
        here="reviews",
        status=422 if form.shown_errors else 200,
        form=form,
        problems=list(form.problems()),
        effects=effects,
        **_draft(version),
    )


def _decided(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    return show(
        request,
        "desk/review_done.html",
        here="reviews",
        given=version.reviews.first(),
        assessments=queries.assessments_of(version),
        **_draft(version),
    )


def _draft(version: PracticeVersion) -> dict[str, Any]:
    """Gather the text as the reviewer reads it, with what was said of the versions before."""
    practice = version.practice
    return {
        "version": version,
        "practice": practice,
        "language_name": dict(LANGUAGE_CHOICES)[practice.language],
        "parts": [(label, getattr(version, name)) for name, label in _PARTS.items()],
        "dimensions": [_DIMENSIONS.get(key, key) for key in version.dimensions],
        "earlier": queries.earlier_reviews(version),
    }


def _effects(version: PracticeVersion, form: ReviewForm) -> list[str]:
    decision = form.cleaned_data["decision"]
    said = {
        Review.Decision.PUBLISH: [
            _("The practice is published in the catalogue at once."),
            _label(version, form),
        ],
        Review.Decision.REQUEST_CHANGES: [
            _("The submitter can write again. The practice comes back to the queue when it is sent anew.")
        ],
        Review.Decision.DECLINE: [_("The practice is not published. This decision is final.")],
    }[Review.Decision(decision)]
    if version.practice.owner_email:
        said.append(_("The submitter gets a mail with your message and the assessments."))
    return said


def _label(version: PracticeVersion, form: ReviewForm) -> str:
    levels = {key: level for key, (level, _reason) in form.assessments().items()}
    keys = [criterion.key for criterion in form.criteria]
    label = rules.label_for(levels=levels, criteria=keys, dimensions=version.dimensions)
    return _("It is labelled: %(label)s.") % {"label": Practice.Label(label).label}


def _require_reviewer(request: HttpRequest) -> None:
    if not may_review(request):
        raise PermissionDenied
