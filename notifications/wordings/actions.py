"""Writing, taking into use and taking back an organiser's own words.

Nothing that was ever in force is changed: a correction is the next version.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import NotFound, Refusal
from backend.core.i18n import LANGUAGES, Text
from backend.core.text import paragraphs
from notifications import kinds
from notifications.markdown import seen
from notifications.models import Wording
from notifications.wordings.checking import WordingIncomplete, problems_of
from notifications.wordings.queries import in_force

SUBJECT_LIMIT, BODY_LIMIT = 200, 20_000


class WordingTooLong(Refusal):
    """More than a mail holds."""

    code = "wording-too-long"


@transaction.atomic
def save_draft(*, scope: str, kind: str, subject: Text, body: Text, at: datetime) -> Wording:
    """Keep what was written so far, whatever is still wrong with it; what is in force stays as it is."""
    _known(kind)
    lines, texts = _clean(subject), _clean(body)
    _refuse_too_long(lines, texts)
    numbers = Wording.objects.select_for_update().filter(scope=scope, kind=kind).order_by("-version")
    last = numbers.first()
    if last is None or last.published_at:
        last = Wording(scope=scope, kind=kind, version=last.version + 1 if last else 1)
    for name, value in {**lines.columns("subject"), **texts.columns("body"), "changed_at": at}.items():
        setattr(last, name, value)
    last.save()
    return last


@transaction.atomic
def publish(*, scope: str, kind: str, at: datetime) -> Wording:
    """Let the version being written count from now on, in all three languages; refused with every reason."""
    draft = Wording.objects.select_for_update().filter(scope=scope, kind=kind, published_at=None).first()
    if draft is None:
        raise NotFound(_("Nothing is being written here."))
    subject, body = Text.of(draft, "subject"), Text.of(draft, "body")
    if problems := problems_of(_known(kind), subject=subject, body=body):
        raise WordingIncomplete(_("The texts cannot be taken into use yet."), fields=problems)
    draft.published_at = at
    draft.save(update_fields=["published_at"])
    return draft


@transaction.atomic
def withdraw(*, scope: str, kind: str, at: datetime) -> Wording:
    """Let Vipu's own words count again for what has not been sent yet."""
    valid = in_force(scope, kind)
    if valid is None:
        raise NotFound(_("Vipu's own texts are in use already."))
    valid.withdrawn_at = at
    valid.save(update_fields=["withdrawn_at"])
    return valid


@transaction.atomic
def discard(*, scope: str, kind: str) -> Wording | None:
    """Throw away the version being written, and give it; doing it again changes nothing."""
    draft = Wording.objects.select_for_update().filter(scope=scope, kind=kind, published_at=None).first()
    if draft:
        draft.delete()
    return draft


def _known(kind: str) -> kinds.Kind:
    try:
        return kinds.get(kind)
    except KeyError:
        raise NotFound(_("There is no message of this kind.")) from None


def _clean(text: Text) -> Text:
    return Text(*(paragraphs(seen(value)) for _language, value in text))


def _refuse_too_long(lines: Text, texts: Text) -> None:
    sentence = _("This is too long.")
    fields = {
        f"{name}.{language}": [sentence]
        for name, text, limit in (("subject", lines, SUBJECT_LIMIT), ("body", texts, BODY_LIMIT))
        for language in LANGUAGES
        if len(getattr(text, language)) > limit
    }
    if fields:
        raise WordingTooLong(sentence, fields=fields)
