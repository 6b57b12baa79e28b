"""The words of a message to many: a wording of its own, for all languages, published when it is sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from backend.core.i18n import Language, Text, _
from notifications import kinds, wordings
from notifications.looking import for_others
from notifications.models import Wording
from notifications.rendering import Rendered
from registrations.messages import notes
from registrations.messages.kinds import NOTE
from registrations.models import Campaign, CampaignRecipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the message says: its subject line and its text, in the organiser's own words."""

    subject: Text
    body: Text


_UNSAID = Words(subject=Text(), body=Text())


def keep_words(campaign: Campaign, words: Words, *, at: datetime) -> Wording:
    """Keep what is being written; it may still lack a language."""
    return wordings.save_draft(scope=campaign.batch, kind=NOTE, subject=words.subject, body=words.body, at=at)


def written_words(campaign: Campaign) -> Wording | None:
    """Find the words being written, or those it was sent with."""
    return campaign.wording or Wording.objects.filter(scope=campaign.batch, kind=NOTE).last()


def words_of(campaign: Campaign) -> Words:
    """Give the words as they stand, being written or sent."""
    return words_of_each([campaign])[campaign.pk]


def words_of_each(campaigns: Collection[Campaign]) -> dict[int, Words]:
    """Give the words of several messages as they stand, in one question."""
    rows = Wording.objects.filter(scope__in={one.batch for one in campaigns}, kind=NOTE).order_by("version")
    newest = {row.scope: Words(subject=Text.of(row, "subject"), body=Text.of(row, "body")) for row in rows}
    return {one.pk: newest.get(one.batch, _UNSAID) for one in campaigns}


def require_whole(campaign: Campaign) -> None:
    """Refuse a message that lacks a language or names what is not there, with every reason at once."""
    words = words_of(campaign)
    if problems := wordings.problems_of(kinds.get(NOTE), subject=words.subject, body=words.body):
        raise wordings.WordingIncomplete(_("The texts cannot be taken into use yet."), fields=problems)


def publish_words(campaign: Campaign, *, at: datetime) -> Wording:
    """Put the words in force; from now on nobody changes them."""
    return wordings.publish(scope=campaign.batch, kind=NOTE, at=at)


def forget_words(campaign: Campaign) -> None:
    """Remove what was written; nothing was sent with it."""
    Wording.objects.filter(scope=campaign.batch, kind=NOTE).delete()


def as_read_by(
    recipient: CampaignRecipient, *, campaign: Campaign, at: datetime, language: Language | None = None
) -> Rendered:
    """Make what one person of the list would read, in their language or another; nothing is queued."""
    campaign.wording = written_words(campaign)
    recipient.language = language or recipient.language
    [draft] = notes(campaign, [recipient], at=at)
    return for_others(draft)
