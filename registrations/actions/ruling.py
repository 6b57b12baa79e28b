"""What an organiser does with the rules of a series: making, changing, switching, removing, copying."""

from datetime import datetime, time

from django.db import transaction

from accounts import audit
from accounts.models import User
from events.models import EventSeries
from registrations import rules
from registrations.actions import rule_words
from registrations.actions.automatic import take_back_all
from registrations.actions.campaign_words import Words
from registrations.models import MessageRule, Question
from registrations.queries.segments import choosable_questions
from registrations.rules import RuleDraft

MORNING = time(9)


def remind_the_day_before(series: EventSeries, *, at: datetime) -> MessageRule:
    """Give a series the rule that every series begins with: a reminder at nine on the day before."""
    return MessageRule.objects.create(
        series=series, days=-1, clock=MORNING, late=MessageRule.Late.CONFIRMATION, made_at=at, changed_at=at
    )


@transaction.atomic
def make_rule(
    *,
    series: EventSeries,
    draft: RuleDraft,
    at: datetime,
    actor: User | None,
    words: Words | None = None,
    publish: bool = False,
) -> MessageRule:
    """Send something more by itself from now on; where its moment has passed, its late policy decides.

    What is in the organiser's own words waits, switched off, until these are in use.
    """
    rules.require_sound(draft)
    enabled = draft.kind != MessageRule.Kind.NOTE
    rule = MessageRule.objects.create(
        series=series, enabled=enabled, made_at=at, changed_at=at, **_columns(series, draft)
    )
    _record("rule.made", rule, at=at, actor=actor)
    _say(rule, words, publish=publish, at=at, actor=actor)
    return rule


@transaction.atomic
def change_rule(
    *,
    rule: MessageRule,
    draft: RuleDraft,
    at: datetime,
    actor: User | None,
    words: Words | None = None,
    publish: bool = False,
) -> MessageRule:
    """Change when, what or to whom; nobody gets again what they got by it for the same day.

    Whoever was not late stays in time when only the name or the words are others.
    """
    rules.require_sound(draft)
    held = _hold(rule)
    rules.require_same_kind(draft, kind=held.kind)
    columns = _columns(held.series, draft, standing=held.question.key if held.question else "")
    changed = {name for name, value in columns.items() if getattr(held, name) != value}
    for name, value in columns.items():
        setattr(held, name, value)
    if changed - {"name"}:
        held.changed_at = at
    if changed:
        held.save()
        _record("rule.changed", held, at=at, actor=actor)
    _say(held, words, publish=publish, at=at, actor=actor)
    return held


@transaction.atomic
def switch_rule(*, rule: MessageRule, enabled: bool, at: datetime, actor: User | None) -> MessageRule:
    """Switch it on or off; off, what has not begun to leave is taken back. Without words it stays off."""
    held = _hold(rule)
    if enabled and held.kind == MessageRule.Kind.NOTE:
        rules.require_words(published=rule_words.standing_of(held).in_force is not None)
    if held.enabled != enabled:
        held.enabled, held.changed_at = enabled, at
        held.save(update_fields=["enabled", "changed_at"])
        if not enabled:
            take_back_all(held, at=at)
        _record("rule.on" if enabled else "rule.off", held, at=at, actor=actor)
    return held


@transaction.atomic
def keep_words(*, rule: MessageRule, words: Words, at: datetime) -> None:
    """Keep what is being written for a rule; nobody is written to with it yet."""
    _say(_hold(rule), words, publish=False, at=at, actor=None)


@transaction.atomic
def use_words(*, rule: MessageRule, words: Words, at: datetime, actor: User | None) -> None:
    """Let the rule say this from now on, in all three languages; refused with all that is wrong."""
    _say(_hold(rule), words, publish=True, at=at, actor=actor)


@transaction.atomic
def discard_words(*, rule: MessageRule, at: datetime, actor: User | None) -> MessageRule:
    """Throw away what is being written and was never used; doing it again changes nothing."""
    held = _hold(rule)
    rules.require_own_words(kind=held.kind)
    if gone := rule_words.discard(held):
        _record("rule.words-discarded", held, at=at, actor=actor, version=gone.version)
    return held


def _say(held: MessageRule, words: Words | None, *, publish: bool, at: datetime, actor: User | None) -> None:
    """Keep the words given, and take them, or those kept before, into use; a reminder has none of its own."""
    if words is None and not publish:
        return
    rules.require_own_words(kind=held.kind)
    stands = rule_words.standing_of(held)
    if words is None and stands.in_force and not stands.draft:
        return  # they are in use already
    rule_words.keep(held, words or rule_words.said(stands.draft), at=at)
    if publish:
        made = rule_words.publish(held, at=at)
        _record("rule.words", held, at=at, actor=actor, version=made.version)


@transaction.atomic
def remove_rule(*, rule: MessageRule, at: datetime, actor: User | None) -> None:
    """Remove it, with its memory of what it did; the messages and their words stay in the ledger.

    What has not begun to leave is taken back first: later nobody could tell that it came from this rule.
    """
    held = _hold(rule)
    take_back_all(held, at=at)
    rule_words.discard(held)
    _record("rule.removed", held, at=at, actor=actor)
    held.delete()


def copy_rules(*, source: EventSeries, series: EventSeries, at: datetime) -> int:
    """Bring the rules of another series over, switched off; those of a single event stay where they are."""
    questions = {one.key: one for one in Question.objects.filter(series=series, retired_at__isnull=True)}
    known = {_moment(rule) for rule in MessageRule.objects.filter(series=series)}
    copied = []
    for rule in MessageRule.objects.filter(series=source, event__isnull=True).select_related("question"):
        question = questions.get(rule.question.key) if rule.question else None
        if _moment(rule) in known or (rule.question and question is None):
            continue  # it is there already, or without its question it would reach everybody
        words = rule_words.kept_words(rule)
        rule.pk, rule.series, rule.question = None, series, question
        rule.enabled, rule.made_at, rule.changed_at = False, at, at
        copied.append((rule, words))
    MessageRule.objects.bulk_create(rule for rule, _words in copied)
    for rule, words in copied:
        if words:
            rule_words.keep(rule, rule_words.said(words), at=at)  # to be read once more before use
    return len(copied)


def _moment(rule: MessageRule) -> tuple[object, ...]:
    """Tell by what two rules are the same: a text also by its name, since two may go out together."""
    name = rule.name if rule.kind == MessageRule.Kind.NOTE else ""
    return (rule.kind, name, rule.anchor, rule.days, rule.clock, rule.minutes)


def _hold(rule: MessageRule) -> MessageRule:
    """Hold the rule; whoever plans by it has either finished, or comes after this."""
    found = MessageRule.objects.select_for_update(no_key=True, of=("self",)).select_related("series")
    held = found.filter(pk=rule.pk).first()
    if held is None:
        raise rules.rule_gone()
    return held


def _columns(series: EventSeries, draft: RuleDraft, *, standing: str = "") -> dict[str, object]:
    """Find the rows that the draft names; those of another series do not exist."""
    event = series.events.filter(slug=draft.event).first() if draft.event else None
    question, known = _asked(series, draft.question, standing=standing)
    rules.require_found(event=bool(event) or not draft.event, question=bool(question) or not draft.question)
    rules.require_known_answers(draft.answers, known=known)
    return {
        "event": event,
        "kind": draft.kind,
        "name": draft.name,
        "anchor": draft.anchor,
        "days": draft.when.days,
        "clock": draft.when.clock,
        "minutes": draft.when.minutes,
        "states": sorted(draft.states),
        "languages": sorted(draft.languages),
        "modes": sorted(draft.modes),
        "attendance": draft.attendance,
        "question": question,
        "answers": sorted(draft.answers),
        "late": draft.late,
        "late_minutes": draft.late_minutes,
    }


def _asked(series: EventSeries, key: str, *, standing: str) -> tuple[Question | None, list[str]]:
    """Find a question by which readers can be chosen; a retired one only where the rule has it already."""
    found = choosable_questions(series, standing=standing).get(key) if key else None
    return found or (None, [])


def _record(action: str, rule: MessageRule, *, at: datetime, actor: User | None, **more: object) -> None:
    audit.record(
        action=action,
        subject=f"series:{rule.series_id}",
        at=at,
        actor=actor,
        organisation_id=rule.series.organisation_id,
        details={"rule": rule.pk, "kind": rule.kind, **more},
    )
