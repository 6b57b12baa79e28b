"""An organiser's own words for the mails of a series: kept, tried on oneself, taken into use, taken back.

Whoever writes words holds the series first: of words that nobody has written yet there is no row to hold.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core import rates
from backend.core.errors import NotFound, Sentence
from backend.core.i18n import Language, Text, _
from events.actions.rows import hold
from events.models import EventSeries
from notifications import kinds, outbox, wordings
from notifications.models import Message, Wording

_TESTS = rates.Rate(tries=20, seconds=600)  # ten kinds in two languages, in the time that reading takes
_MARK = Text("Koe: ", "Prov: ", "Test: ")


def scope_of(series: EventSeries) -> str:
    """Name the scope in which the words of a series count."""
    return f"series:{series.pk}"


@transaction.atomic
def keep_words(*, series: EventSeries, kind: str, subject: Text, body: Text, at: datetime) -> Wording:
    """Keep what is being written, whatever it still lacks; mails stay as they are."""
    return wordings.save_draft(scope=scope_of(hold(series)), kind=kind, subject=subject, body=body, at=at)


@transaction.atomic
def use_own_words(
    *, series: EventSeries, kind: str, subject: Text, body: Text, at: datetime, actor: User
) -> Wording:
    """Let every mail of this kind in the series say this from now on; refused with all that is wrong."""
    keep_words(series=series, kind=kind, subject=subject, body=body, at=at)
    return use_kept_words(series=series, kind=kind, at=at, actor=actor)


@transaction.atomic
def use_kept_words(*, series: EventSeries, kind: str, at: datetime, actor: User) -> Wording:
    """Take into use what was kept last, as it stands; refused with all that is wrong."""
    made = wordings.publish(scope=scope_of(hold(series)), kind=kind, at=at)
    _record("wording.published", series, kind=kind, version=made.version, at=at, actor=actor)
    return made


@transaction.atomic
def use_vipus_words(*, series: EventSeries, kind: str, at: datetime, actor: User) -> None:
    """Let the mails of this kind say again what Vipu says; doing it again changes nothing."""
    if wordings.in_force(scope_of(hold(series)), kind) is None:
        return
    taken = wordings.withdraw(scope=scope_of(series), kind=kind, at=at)
    _record("wording.withdrawn", series, kind=kind, version=taken.version, at=at, actor=actor)


def try_kept_words(
    *, series: EventSeries, kind: str, language: Language, at: datetime, actor: User
) -> Message:
    """Send the organiser a test of what was kept last, or of what is in force."""
    kept = wordings.kept_last(scope_of(series), kind)
    if kept is None:
        raise NotFound(_("Nothing is being written here."))
    return try_on_oneself(
        series=series,
        kind=kind,
        subject=Text.of(kept, "subject"),
        body=Text.of(kept, "body"),
        language=language,
        at=at,
        actor=actor,
    )


@transaction.atomic
def discard_draft(*, series: EventSeries, kind: str, at: datetime, actor: User) -> None:
    """Throw away what is being written and was never used; doing it again changes nothing."""
    if gone := wordings.discard(scope=scope_of(hold(series)), kind=kind):
        _record("wording.discarded", series, kind=kind, version=gone.version, at=at, actor=actor)


@transaction.atomic
def try_on_oneself(
    *,
    series: EventSeries,
    kind: str,
    subject: Text,
    body: Text,
    language: Language,
    at: datetime,
    actor: User,
) -> Message:
    """Send the organiser a mail of this kind with made-up facts, marked as a test; no calendar hears.

    So many in a short time are refused: what helps to write a text must not fill a mailbox.
    """
    scope = f"test:{actor.pk}:{hold(series).pk}"
    wordings.save_draft(scope=scope, kind=kind, subject=_marked(subject), body=body, at=at)
    tried = wordings.publish(scope=scope, kind=kind, at=at)
    rates.spend("wording-test", who=str(actor.pk), rate=_TESTS, sentence=_so_many())
    draft = replace(
        kinds.get(kind).sample(language),
        subject=f"test:{actor.pk}",
        version=tried.version,
        recipient=actor.email,
        audience=scope_of(series),
        scope=scope,
        occasion=scope,
        wording_id=tried.pk,
        calendar=None,
        not_before=None,
        not_after=None,
    )
    return outbox.queue(draft, at=at)


def _so_many() -> Sentence:
    return _("So many tests have been sent in a short time. Read those that have come, and try again later.")


def _marked(subject: Text) -> Text:
    """Mark each line that is written; an empty one stays empty, to be refused as missing."""
    return Text(*(_MARK.in_language(language) + line if line.strip() else "" for language, line in subject))


def _record(action: str, series: EventSeries, *, kind: str, version: int, at: datetime, actor: User) -> None:
    audit.record(
        action=action,
        subject=f"series:{series.pk}",
        at=at,
        actor=actor,
        organisation_id=series.organisation_id,
        details={"kind": kind, "version": version},
    )
