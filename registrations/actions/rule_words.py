"""The words of a rule that sends an organiser's own text: a wording of its own, for all languages."""

from datetime import datetime

from backend.core.i18n import Text
from notifications import wordings
from notifications.models import Wording
from registrations.actions.campaign_words import Words
from registrations.messages.kinds import NOTE
from registrations.models import MessageRule


def kept_words(rule: MessageRule) -> Wording | None:
    """Find the words as they were kept last: those being written, or those in use."""
    return wordings.draft_of(rule.scope, NOTE) or wordings.in_force(rule.scope, NOTE)


def words_of(rule: MessageRule) -> Words:
    """Give the words as they were kept last; empty where nothing has been written."""
    found = kept_words(rule)
    if found is None:
        return Words(subject=Text(), body=Text())
    return Words(subject=Text.of(found, "subject"), body=Text.of(found, "body"))


def has_words_in_use(rule: MessageRule) -> bool:
    """Tell whether the rule has something to say."""
    return wordings.in_force(rule.scope, NOTE) is not None


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


def discard(rule: MessageRule) -> None:
    """Throw away what is being written; words that were in use stay, since messages were sent with them."""
    wordings.discard(scope=rule.scope, kind=NOTE)
