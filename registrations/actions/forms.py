"""What an organiser does with the form of a series: asking, wording, ordering, retiring, copying."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from accounts import audit
from accounts.models import User
from backend.core.i18n import Text, _
from events.models import Event, EventSeries
from registrations import queries, rules
from registrations.actions.ruling import copy_rules
from registrations.models import ConsentText, Option, Question
from registrations.queries.questions import used
from registrations.rules import Asked, OptionDraft, QuestionDraft

_KEY = 40  # letters of a key that are taken from the words; the rest is room for a number


@transaction.atomic
def add_question(
    *, series: EventSeries, draft: QuestionDraft, event: Event | None = None, at: datetime, actor: User | None
) -> Question:
    """Ask something more of those who register, last in the series or in one of its events."""
    _hold(series)
    form = queries.form_of(series)
    if len(form.questions) >= rules.QUESTIONS_LIMIT:
        raise rules.Invalid(_("This form has as many questions as a form can have."))
    draft = rules.clean_question(
        draft,
        event=event.slug if event else None,
        earlier={one.key: one for one in form.asked},
        every_language=_is_public(series),
    )
    question = Question.objects.create(
        series=series,
        event=event,
        key=_free_key(draft.label.fi, taken=series.questions.values_list("key", flat=True), other="question"),
        position=_after(series.questions.aggregate(last=Max("position"))["last"]),
        created_at=at,
        **_columns(draft, form),
    )
    _set_options(question, draft.options, at=at)
    _record("question.added", series, at=at, actor=actor, question=question.key)
    return question


@transaction.atomic
def edit_question(*, question: Question, draft: QuestionDraft, at: datetime, actor: User | None) -> Question:
    """Word a question anew, or change what it hangs on; its kind only while nobody has answered."""
    series = question.series
    _hold(series)
    form, old = _standing(question)
    asked = list(form.asked)
    before = asked[: [one.key for one in asked].index(question.key)]
    draft = rules.clean_question(
        draft,
        event=old.event,
        earlier={one.key: one for one in before},
        every_language=_is_public(series),
    )
    answered = used(Question.objects.filter(pk=question.pk)).exists()
    rules.require_kept(old, draft, answered=answered, depending=_depending(old, asked))
    Question.objects.filter(pk=question.pk).update(**_columns(draft, form))
    _set_options(question, draft.options, at=at)
    _record("question.edited", series, at=at, actor=actor, question=question.key)
    question.refresh_from_db()
    return question


@transaction.atomic
def order_questions(*, series: EventSeries, keys: Sequence[str], at: datetime, actor: User | None) -> None:
    """Ask the questions in this order; those of an event always come after those of the whole series."""
    _hold(series)
    form = queries.form_of(series)
    rules.require_order(keys, questions=form.asked)
    for position, key in enumerate(keys, start=1):
        Question.objects.filter(series=series, key=key).update(position=position)
    _record("question.ordered", series, at=at, actor=actor)


def move_question(*, question: Question, by: int, at: datetime, actor: User | None) -> None:
    """Let a question change places with the one before (-1) or after it (1), among its own."""
    keys = [one.key for one in queries.form_of(question.series_id).questions if _beside(one, question)]
    everything = [one.key for one in queries.form_of(question.series_id).questions]
    place = keys.index(question.key) if question.key in keys else -1
    if place < 0 or not 0 <= place + by < len(keys):
        return
    here, there = everything.index(question.key), everything.index(keys[place + by])
    everything[here], everything[there] = everything[there], everything[here]
    order_questions(series=question.series, keys=everything, at=at, actor=actor)


@transaction.atomic
def retire_question(*, question: Question, at: datetime, actor: User | None) -> None:
    """Ask it no more: one that was answered stays with its answers, another one is deleted."""
    _hold(question.series)
    form, old = _standing(question)
    rules.require_free(_depending(old, form.asked))
    if used(Question.objects.filter(pk=question.pk)).exists():
        Question.objects.filter(pk=question.pk).update(retired_at=at)
    else:
        Question.objects.filter(condition=question).update(condition=None, condition_values=[])
        Question.objects.filter(pk=question.pk).delete()
    _record("question.retired", question.series, at=at, actor=actor, question=old.key)


@transaction.atomic
def copy_form(*, source: EventSeries, series: EventSeries, at: datetime, actor: User | None) -> int:
    """Take over what another series asks and this one does not yet; its rules come along, switched off."""
    _hold(series)
    form = queries.form_of(source)
    mine = {one.key: one for one in queries.form_of(series).questions}
    taken = set(series.questions.values_list("key", flat=True))
    fresh = [one for one in form.questions if one.event_id is None and one.key not in taken]
    _require_languages(series, fresh, form.consents)
    last = series.questions.aggregate(last=Max("position"))["last"]
    for number, one in enumerate(fresh):
        mine[one.key] = _copied(one, series=series, mine=mine, position=_after(last) + number, at=at)
    purposes = set(ConsentText.objects.filter(series=series).values_list("purpose", flat=True))
    texts = [text for text in form.consents if text.purpose not in purposes]
    for text in texts:
        columns = text.text.columns("text")
        ConsentText.objects.create(
            series=series, purpose=text.purpose, version=1, position=text.position, created_at=at, **columns
        )
    copy_rules(source=source, series=series, at=at)
    _record("form.copied", series, at=at, actor=actor, source=source.slug)
    return len(fresh) + len(texts)


def _copied(
    one: Question, *, series: EventSeries, mine: dict[str, Question], position: int, at: datetime
) -> Question:
    condition = mine.get(one.condition.key) if one.condition else None
    made = Question.objects.create(
        series=series,
        key=one.key,
        kind=one.kind,
        required=one.required,
        special=one.special,
        position=position,
        condition=condition,
        condition_values=one.condition_values if condition else [],
        created_at=at,
        **one.label.columns("label"),
        **one.help.columns("help"),
    )
    Option.objects.bulk_create(
        Option(question=made, key=option.key, position=option.position, **option.label.columns("label"))
        for option in one.options.all()
    )
    return made


@transaction.atomic
def set_consent(
    *, series: EventSeries, text: Text, purpose: str = "", at: datetime, actor: User | None
) -> ConsentText:
    """Ask for a consent in these words; other words for the same purpose are a new version."""
    _hold(series)
    limit = rules.CONSENT_LIMIT
    if problems := rules.text_problems("text", text, limit=limit, every_language=_is_public(series)):
        raise rules.Invalid(_("Some of the information needs correcting."), fields=problems)
    text = rules.tidy(text)
    rows = ConsentText.objects.filter(series=series)
    purpose = purpose or _free_key(text.fi, taken=rows.values_list("purpose", flat=True), other="consent")
    before = rows.filter(purpose=purpose).order_by("-version").first()
    if before and before.retired_at is None and before.text == text:
        return before
    rows.filter(purpose=purpose, retired_at__isnull=True).update(retired_at=at)
    made = ConsentText.objects.create(
        series=series,
        purpose=purpose,
        version=before.version + 1 if before else 1,
        position=before.position if before else _after(rows.aggregate(last=Max("position"))["last"]),
        created_at=at,
        **text.columns("text"),
    )
    _record("consent.worded", series, at=at, actor=actor, purpose=purpose, version=made.version)
    return made


@transaction.atomic
def retire_consent(*, text: ConsentText, at: datetime, actor: User | None) -> None:
    """Ask for it no more; what people agreed to stands until they take it back."""
    _hold(text.series)
    ConsentText.objects.filter(pk=text.pk, retired_at__isnull=True).update(retired_at=at)
    _record("consent.retired", text.series, at=at, actor=actor, purpose=text.purpose)


def _hold(series: EventSeries) -> None:
    """Let two organisers edit a form one after the other."""
    EventSeries.objects.select_for_update(no_key=True).get(pk=series.pk)


def _standing(question: Question) -> tuple[queries.Form, Asked]:
    form = queries.form_of(question.series_id)
    found = form.by_key.get(question.key)
    if found is None:
        raise rules.Invalid(_("This question is not asked any more."))
    return form, queries.described(found)


def _depending(one: Asked, asked: Iterable[Asked]) -> list[Asked]:
    return [other for other in asked if other.depends_on == one.key]


def _beside(one: Question, other: Question) -> bool:
    return one.event_id == other.event_id


def _is_public(series: EventSeries) -> bool:
    return series.state == EventSeries.State.PUBLISHED


def _columns(draft: QuestionDraft, form: queries.Form) -> dict[str, object]:
    return {
        "kind": draft.kind,
        "required": draft.required,
        "special": draft.special,
        "condition": form.by_key.get(draft.condition),
        "condition_values": list(draft.condition_values),
        **draft.label.columns("label"),
        **draft.help.columns("help"),
    }


def _set_options(question: Question, drafts: Sequence[OptionDraft], *, at: datetime) -> None:
    """Make these the options: known keys keep theirs, new ones get one, the others are asked no more."""
    known = {option.key: option for option in Option.objects.filter(question=question)}
    keys: set[str] = set()
    for position, draft in enumerate(drafts, start=1):
        columns = {**draft.label.columns("label"), "position": position, "retired_at": None}
        key = draft.key
        if key in known:
            Option.objects.filter(pk=known[key].pk).update(**columns)
        else:
            key = _free_key(draft.label.fi, taken={*known, *keys}, other="option")
            Option.objects.create(question=question, key=key, **columns)
        keys.add(key)
    gone = Option.objects.filter(question=question, retired_at__isnull=True).exclude(key__in=keys)
    if used(Question.objects.filter(pk=question.pk)).exists():
        gone.update(retired_at=at)
    else:
        gone.delete()


def _free_key(words: str, *, taken: Collection[str] | Iterable[str], other: str) -> str:
    """Make a key of the words, with a number when it is taken."""
    base = slugify(words)[:_KEY].strip("-_") or other
    known = set(taken)
    keys = (base if number == 1 else f"{base}-{number}" for number in range(1, len(known) + 2))
    return next(key for key in keys if key not in known)


def _after(last: int | None) -> int:
    return (last or 0) + 1


def _require_languages(
    series: EventSeries, questions: Sequence[Question], consents: Sequence[ConsentText]
) -> None:
    texts = queries.Form(questions=tuple(questions), consents=tuple(consents)).texts()
    lacking = [text for text in texts if any(said for _language, said in text) and text.missing]
    if lacking and _is_public(series):
        raise rules.Invalid(_("The series is public, and the other form lacks texts in some language."))


def _record(action: str, series: EventSeries, *, at: datetime, actor: User | None, **details: object) -> None:
    audit.record(
        action=action,
        subject=f"series:{series.pk}",
        at=at,
        actor=actor,
        organisation_id=series.organisation_id,
        details=details,
    )
