"""The words of a message to many: written as one wording for all languages, published when it is sent."""

from dataclasses import dataclass
from datetime import datetime

from backend.core.i18n import LANGUAGES, Text, _
from backend.core.text import has_control_characters, one_line, paragraphs
from notifications import kinds
from notifications.models import Wording
from notifications.wordings import WordingIncomplete, problems_of
from registrations.messages.kinds import NOTE
from registrations.models import Campaign
from registrations.rules import Invalid

SUBJECT_LIMIT, BODY_LIMIT = 200, 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the message says: its subject line and its text, in the organiser's own words."""

    subject: Text
    body: Text


def keep_words(campaign: Campaign, words: Words, *, at: datetime) -> Wording:
    """Keep what is being written; it may still lack a language."""
    cleaned = Words(
        subject=Text(*(one_line(text) for _language, text in words.subject)),
        body=Text(*(paragraphs(text) for _language, text in words.body)),
    )
    _require_seen(cleaned)
    columns = {**cleaned.subject.columns("subject"), **cleaned.body.columns("body"), "changed_at": at}
    kept, _made = Wording.objects.update_or_create(
        scope=campaign.batch,
        kind=NOTE,
        published_at=None,
        defaults=columns,
        create_defaults={**columns, "version": 1},
    )
    return kept


def _require_seen(words: Words) -> None:
    wrong = {
        f"{name}_{language}": [_("The text is too long, or holds characters that cannot be seen.")]
        for name, text, limit in (("subject", words.subject, SUBJECT_LIMIT), ("body", words.body, BODY_LIMIT))
        for language, said in text
        if len(said) > limit or has_control_characters(said, multiline=name == "body")
    }
    if wrong:
        raise Invalid(_("Some of the information needs correcting."), fields=wrong)


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
    """Refuse a message that says nothing in one of the languages."""
    words = words_of(campaign)
    wrong = {
        f"{name}_{language}": [_("Write this in every language: each reads the message in their own.")]
        for name, text in (("subject", words.subject), ("body", words.body))
        for language in LANGUAGES
        if language in text.missing
    }
    if wrong:
        raise Invalid(_("The message is not written in every language yet."), fields=wrong)
    if problems := problems_of(kinds.get(NOTE), subject=words.subject, body=words.body):
        raise WordingIncomplete(_("The texts cannot be taken into use yet."), fields=problems)


def publish_words(campaign: Campaign, *, at: datetime) -> Wording:
    """Put the words in force; from now on nobody changes them."""
    require_whole(campaign)
    wording = Wording.objects.get(scope=campaign.batch, kind=NOTE, published_at=None)
    wording.published_at = at
    wording.save(update_fields=["published_at"])
    return wording
