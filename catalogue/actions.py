"""Everything that changes a practice: telling of one, writing, sending for review, deciding."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts import audit
from accounts.models import Municipality, User
from accounts.queries import municipality_named
from backend.core.dates import local
from backend.core.errors import Sentence
from backend.core.i18n import LANGUAGES, Language, _
from backend.core.text import paragraphs
from catalogue import messages, queries, rules
from catalogue.models import Assessment, Criterion, Practice, PracticeVersion, Review, Theme
from catalogue.rules import Deed, DraftTexts, Judgement
from events.models import Event
from notifications import outbox

__all__ = ["DraftTexts", "decide", "open_lead", "revise", "save_draft", "submit"]

OPEN = (PracticeVersion.State.DRAFT, PracticeVersion.State.SUBMITTED)
COPIED = [f"{name}_{language}" for name in rules.TEXTS for language in LANGUAGES]
COPIED += ["stage", "dimensions", "partners"]


@transaction.atomic
def open_lead(
    *,
    title: str,
    summary: str,
    municipality_code: str,
    owner_name: str,
    owner_email: str,
    language: Language,
    event: Event | None,
    at: datetime,
) -> Practice:
    """Open a draft out of what somebody told of their practice, and mail them the link to go on with it."""
    clean = rules.cleaned(
        DraftTexts(title={language: title}, summary={language: summary}, owner_name=owner_name)
    )
    practice = Practice(
        slug=f"luonnos-{secrets.token_hex(8)}",  # nobody sees it: the address is made when published
        owner_name=clean.owner_name or "",
        owner_email=owner_email,
        language=language,
        came_from=event,
        created_at=at,
    ).with_link()
    practice.save()
    practice.municipalities.set(Municipality.objects.filter(pk=municipality_code))
    if event is not None and event.accent in rules.THEME_OF_ACCENT:
        practice.themes.set(Theme.objects.filter(key=rules.THEME_OF_ACCENT[event.accent]))
    version = PracticeVersion(practice=practice)
    _write(version, clean)
    version.save()
    audit.record(action="practice.told", subject=f"practice:{practice.pk}", at=at, actor_label="submitter")
    outbox.queue(messages.practice_receipt(version), at=at)
    return practice


@transaction.atomic
def save_draft(*, practice: Practice, texts: DraftTexts, at: datetime) -> PracticeVersion:
    """Keep what the owner wrote so far; fields that are None and languages not named stay as they were."""
    clean = rules.cleaned(texts)
    version = _open_version(practice)
    rules.move(version.state, Deed.SUBMIT)  # only a text that may still be sent may still be written
    _write(version, clean)
    for name in ("partners", "stage", "dimensions"):
        if (value := getattr(clean, name)) is not None:
            setattr(version, name, value)
    version.save()
    _save_practice(version.practice, clean, at=at)
    return version


def _write(version: PracticeVersion, clean: DraftTexts) -> None:
    for name in rules.TEXTS:
        for language, text in (getattr(clean, name) or {}).items():
            setattr(version, f"{name}_{language}", text)


def _save_practice(practice: Practice, clean: DraftTexts, *, at: datetime) -> None:
    for name in ("years", "owner_name", "show_name"):
        if (value := getattr(clean, name)) is not None:
            setattr(practice, name, value)
    if clean.may_publish is not None:
        practice.permission_at = (practice.permission_at or at) if clean.may_publish else None
    practice.save()
    if clean.themes is not None:
        themes = list(Theme.objects.filter(key__in=clean.themes))
        if len(themes) != len(set(clean.themes)):
            raise _invalid("themes", _("Choose among the themes."))
        practice.themes.set(themes)
    if clean.municipalities is not None:
        named = [municipality_named(one, today=local(at).date()) for one in clean.municipalities]
        if None in named:
            raise _invalid("municipalities", _("Choose a municipality from the list."))
        practice.municipalities.set(filter(None, named))


def _invalid(name: str, sentence: Sentence) -> rules.Invalid:
    return rules.Invalid(_("Some of the information needs correcting."), fields={name: [sentence]})


@transaction.atomic
def submit(*, practice: Practice, at: datetime) -> PracticeVersion:
    """Send the draft for review; from now on its text does not change."""
    version = _open_version(practice)
    version.state = rules.move(version.state, Deed.SUBMIT)
    rules.require_complete(queries.filled(version))
    version.submitted_at = at
    version.save()
    audit.record(
        action="practice.submitted",
        subject=f"practice:{practice.pk}",
        at=at,
        actor_label="submitter",
        details={"version": version.number},
    )
    return version


@transaction.atomic
def decide(
    *,
    version: PracticeVersion,
    reviewer: User,
    decision: str,
    assessments: Mapping[str, tuple[str, str]],
    message: str,
    at: datetime,
) -> Review:
    """Publish the practice, ask for additions or decline it, and tell its owner in the reviewer's words.

    ``assessments`` maps a criterion's key to its level and reason. Asking for additions opens the next
    version with the same text, so that this review goes on pointing at exactly what was read.
    """
    deed = Deed(Review.Decision(decision))
    version = PracticeVersion.objects.select_for_update().get(pk=version.pk)
    practice = version.practice
    rules.require_other_than_owner(owner_email=practice.owner_email, reviewer_email=reviewer.email)
    version.state = rules.move(version.state, deed)
    criteria = queries.current_criteria()
    by_key = {criterion.key: criterion for criterion in criteria.criteria.all()}
    given = {
        key: Judgement(level=level, reason=paragraphs(reason)) for key, (level, reason) in assessments.items()
    }
    rules.require_reasoned(
        deed=deed, criteria=by_key, given=given, dimensions=version.dimensions, message=message.strip()
    )
    version.decided_at = at
    version.save()
    review = Review.objects.create(
        version=version,
        criteria_set=criteria,
        reviewer=reviewer,
        decision=decision,
        message=paragraphs(message),
        decided_at=at,
    )
    _keep_assessments(review, given, by_key)
    _carry_out(version, deed, given, by_key)
    _write_down(review, at=at)
    if practice.owner_email:
        outbox.queue(messages.review_result(review), at=at)
    return review


def _keep_assessments(
    review: Review, given: Mapping[str, Judgement], by_key: Mapping[str, Criterion]
) -> None:
    Assessment.objects.bulk_create(
        Assessment(review=review, criterion=by_key[key], level=judgement.level, reason=judgement.reason)
        for key, judgement in given.items()
    )


def _carry_out(
    version: PracticeVersion, deed: Deed, given: Mapping[str, Judgement], criteria: Mapping[str, Criterion]
) -> None:
    practice = version.practice
    if deed is Deed.REQUEST_CHANGES:
        _next_version(version)
    if deed is not Deed.PUBLISH:
        return
    if practice.published is not None:
        practice.published.state = rules.move(practice.published.state, Deed.REPLACE)
        practice.published.save()
    else:
        _give_address(practice, version)
    practice.published = version
    practice.label = rules.label_for(
        levels={key: judgement.level for key, judgement in given.items()},
        criteria=criteria,
        dimensions=version.dimensions,
    )
    practice.save()


def _give_address(practice: Practice, version: PracticeVersion) -> None:
    """Name the page after the practice; the first of two with the same name gets the plain one."""
    plain = slugify(version.title.in_language(practice.language))[:100] or "practice"  # type: ignore[arg-type]  # a stored language code is one of the three
    practice.slug = plain
    try:
        with transaction.atomic():
            practice.save(update_fields=["slug"])
    except IntegrityError:
        practice.slug = f"{plain}-{practice.pk}"
        practice.save(update_fields=["slug"])


def _write_down(review: Review, *, at: datetime) -> None:
    event = review.version.practice.came_from
    audit.record(
        action="practice.decided",
        subject=f"practice:{review.version.practice_id}",
        at=at,
        actor=review.reviewer,
        actor_label="reviewer",
        organisation_id=event.series.organisation_id if event else None,
        details={"version": review.version.number, "decision": review.decision},
    )


@transaction.atomic
def revise(*, practice: Practice, at: datetime) -> PracticeVersion:
    """Open the next version of a published practice; the published one stays until the new one replaces it.

    With a version already open, that one is given: there is never more than one.
    """
    practice = Practice.objects.select_for_update().get(pk=practice.pk)
    latest = practice.versions.first()
    if latest is not None and latest.state in OPEN:
        return latest
    if practice.published is None:
        raise rules.WrongState(_("Only a published practice can be revised."))
    audit.record(action="practice.revised", subject=f"practice:{practice.pk}", at=at, actor_label="submitter")
    return _next_version(practice.published)


def _next_version(version: PracticeVersion) -> PracticeVersion:
    latest = version.practice.versions.first() or version
    fresh = PracticeVersion(practice=version.practice, number=latest.number + 1)
    for name in COPIED:
        setattr(fresh, name, getattr(version, name))
    fresh.save()
    return fresh


def _open_version(practice: Practice) -> PracticeVersion:
    """Take the newest version for changing; two people at once wait for each other here."""
    return PracticeVersion.objects.select_for_update().filter(practice=practice).order_by("-number")[:1].get()
