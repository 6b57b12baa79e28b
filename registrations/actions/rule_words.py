"""The words of a rule that sends an organiser's own text: a wording of its own, for all languages."""

from collections.abc import Collection
from datetime import datetime

from backend.core.i18n import Language, Text
from notifications import wordings
from notifications.looking import for_others
from notifications.models import Wording
from notifications.rendering import Rendered
from notifications.wordings import Standing
from registrations.actions.campaign_words import Words
from registrations.messages import automatic, rule_notes
from registrations.messages.kinds import NOTE
from registrations.models import MessageRule, Registration
from registrations.queries.automatic import Plan


def standing_of(rule: MessageRule) -> Standing:
    """Tell which words of a rule are in use, and which are being written."""
    return standing_of_each([rule])[rule.pk]


def standing_of_each(rules: Collection[MessageRule]) -> dict[int, Standing]:
    """Tell the same of several rules, in one question."""
    rows = Wording.objects.filter(scope__in={rule.scope for rule in rules}, kind=NOTE).order_by("version")
    found: dict[str, Standing] = {}
    for row in rows:
        known = found.get(row.scope, Standing())
        found[row.scope] = Standing(row, None) if row.published_at else Standing(known.in_force, row)
    return {rule.pk: found.get(rule.scope, Standing()) for rule in rules}


def said(wording: Wording | None) -> Words:
    """Give the words of a version; empty where nothing has been written."""
    if wording is None:
        return Words(subject=Text(), body=Text())
    return Words(subject=Text.of(wording, "subject"), body=Text.of(wording, "body"))


def kept_words(rule: MessageRule) -> Wording | None:
    """Find the words as they were kept last: those being written, or those in use."""
    return kept_in(standing_of(rule))


def kept_in(standing: Standing) -> Wording | None:
    """Find among the words of a rule those that were kept last."""
    return standing.draft or standing.in_force


def words_in_use(rule: MessageRule) -> Wording:
    """Give the words that are sent now; a rule is on only when it has them."""
    found = wordings.in_force(rule.scope, NOTE)
    assert found is not None  # noqa: S101 - see ``ruling.switch_rule``; words of a rule are never withdrawn
    return found


def keep(rule: MessageRule, words: Words, *, at: datetime) -> Wording:
    """Keep what is being written; what is in use stays as it is."""
    return wordings.save_draft(scope=rule.scope, kind=NOTE, subject=words.subject, body=words.body, at=at)


def publish(rule: MessageRule, *, at: datetime) -> Wording:
    """Put the words being written in use; refused with all that is wrong."""
    return wordings.publish(scope=rule.scope, kind=NOTE, at=at)


def discard(rule: MessageRule) -> Wording | None:
    """Throw away what is being written; words that were in use stay, since messages were sent with them."""
    return wordings.discard(scope=rule.scope, kind=NOTE)


def as_read_by(
    row: Registration, *, plan: Plan, at: datetime, language: Language | None = None
) -> Rendered | None:
    """Make what one person reads by a rule, in their language or another, without personal addresses.

    Its words need not be in use; None where they are not written in that language. Nothing is queued.
    """
    row.attendee.language = language or row.attendee.language
    moment = max(plan.window(row.registered_at).opens, at)
    days, ends = {row.pk: plan.day(row.registered_at)}, {row.pk: moment}
    if plan.rule.kind != MessageRule.Kind.NOTE:
        [draft] = automatic([row], rule=plan.rule, days=days, ends=ends, at=moment)
        return for_others(draft)
    wording = kept_words(plan.rule)
    if wording is None or not reads_in(wording, row.attendee.language):
        return None
    [draft] = rule_notes([row], rule=plan.rule, wording=wording, days=days, ends=ends, at=moment)
    return for_others(draft)


def reads_in(wording: Wording, language: str) -> bool:
    """Tell whether both parts are written in a language."""
    return all(getattr(wording, f"{part}_{language}").strip() for part in ("subject", "body"))
