"""The words of a message to many: a wording of its own, for all languages, published when it is sent."""

from dataclasses import dataclass
from datetime import datetime

from backend.core.i18n import Text, _
from notifications import kinds, wordings
from notifications.models import Wording
from registrations.messages.kinds import NOTE
from registrations.models import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the message says: its subject line and its text, in the organiser's own words."""

    subject: Text
    body: Text


def keep_words(campaign: Campaign, words: Words, *, at: datetime) -> Wording:
    """Keep what is being written; it may still lack a language."""
    return wordings.save_draft(scope=campaign.batch, kind=NOTE, subject=words.subject, body=words.body, at=at)


def written_words(campaign: Campaign) -> Wording | None:
    """Find the words being written, or those it was sent with."""
    return campaign.wording or Wording.objects.filter(scope=campaign.batch, kind=NOTE).last()


def words_of(campaign: Campaign) -> Words:
    """Give the words as they stand, being written or sent."""
    found = written_words(campaign)
    if found is None:
        return Words(subject=Text(), body=Text())
    return Words(subject=Text.of(found, "subject"), body=Text.of(found, "body"))


def require_whole(campaign: Campaign) -> None:
    """Refuse a message that lacks a language or names what is not there, with every reason at once."""
    words = words_of(campaign)
    if problems := wordings.problems_of(kinds.get(NOTE), subject=words.subject, body=words.body):
        raise wordings.WordingIncomplete(_("The texts cannot be taken into use yet."), fields=problems)


def publish_words(campaign: Campaign, *, at: datetime) -> Wording:
    """Put the words in force; from now on nobody changes them."""
    return wordings.publish(scope=campaign.batch, kind=NOTE, at=at)
