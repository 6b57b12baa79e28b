"""Registering: one press of the button for any number of events, from the page and from the API alike."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from django.db import transaction
from django.utils.crypto import salted_hmac

from backend.core.i18n import Language, _, as_language
from events.models import Event, EventSeries
from events.queries import events_of
from notifications import outbox
from notifications.outbox import Draft
from registrations import messages, rules
from registrations.actions.people import hold_attendee, recognised, refresh
from registrations.actions.placing import insert, seat
from registrations.models import Attendee, Quota, Registration, RegistrationForm, Submission
from registrations.queries import quotas_of, terms_of
from registrations.rules import Person

type Results = Mapping[int, str]


def register(
    *, series: EventSeries, person: Person, events: Sequence[str], idempotency_key: str, at: datetime
) -> Submission:
    """Give the person a place, or a place in line, at each event, and promise the mails that say so.

    The answer for a known address is what this submission would get: nothing is changed, and the person
    gets their link by mail. The same key with the same body gives the same submission again.
    """
    slugs = list(dict.fromkeys(events))
    person = rules.clean(person, events=slugs)
    key_hash = hashlib.sha256(f"registration:{series.pk}:{idempotency_key}".encode()).hexdigest()
    fingerprint = _fingerprint(person, slugs)
    if before := Submission.objects.filter(key_hash=key_hash).first():
        return _same(before, fingerprint=fingerprint)
    wanted = Wanted.read(series, slugs, at=at, language=person.reads)
    newcomer = recognised(person, series=series, at=at)
    with transaction.atomic():
        submission, is_new = Submission.objects.get_or_create(
            key_hash=key_hash,
            defaults={
                "series": series,
                "fingerprint": fingerprint,
                "receipt": secrets.token_urlsafe(24),
                "results": [],
                "created_at": at,
            },
        )
        if is_new:
            _answer(submission, newcomer=newcomer, wanted=wanted, at=at)
    return submission if is_new else _same(submission, fingerprint=fingerprint)


def _fingerprint(person: Person, slugs: Sequence[str]) -> str:
    body = json.dumps([asdict(person), sorted(slugs)], sort_keys=True)
    return salted_hmac("registrations.submission", body, algorithm="sha256").hexdigest()


def _same(submission: Submission, *, fingerprint: str) -> Submission:
    if submission.fingerprint != fingerprint:
        raise rules.KeyReused(_("This idempotency key was used for another registration."))
    return submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The events somebody chose, in order of time, with their places and hours."""

    events: Sequence[Event]
    quotas: Mapping[int, Quota]
    form: RegistrationForm | None

    @classmethod
    def read(cls, series: EventSeries, slugs: Sequence[str], *, at: datetime, language: Language) -> Self:
        """Find the events by their addresses, or refuse what is unknown or not open."""
        published = {event.slug: event for event in events_of(series)}
        if any(slug not in published for slug in slugs):
            sentence = _("One of the events was not found in this series. Choose again.")
            raise rules.UnknownEvent(sentence, fields={"events": [sentence]})
        events = [event for slug, event in published.items() if slug in slugs]
        form = RegistrationForm.objects.filter(series=series).first()
        wanted = cls(events=events, quotas=quotas_of(event.pk for event in events), form=form)
        wanted.require_open(events, at=at, language=language)
        return wanted

    def require_open(self, events: Sequence[Event], *, at: datetime, language: Language) -> None:
        """Refuse when registration to any of them has not opened, has closed, or never was."""
        for event in events:
            rules.require_open(
                terms_of(event, quota=self.quotas.get(event.pk), form=self.form),
                title=event.title.in_language(language),
                contact=event.series.contact_email,
                at=at,
            )


def _answer(submission: Submission, *, newcomer: Attendee, wanted: Wanted, at: datetime) -> None:
    """Register somebody new or coming back; leave somebody already registered exactly as they are."""
    attendee, known = hold_attendee(newcomer)
    if known and attendee.registrations.filter(state__in=Registration.ACTIVE).exists():
        results: Results = _would_get(wanted)
        drafts = [messages.manage_link(attendee, wanted=wanted.events, at=at)]
    else:
        if known:
            refresh(attendee, given=newcomer)
        rows = insert(attendee, events=wanted.events, at=at)
        seated, drafts = enter(rows, wanted=wanted, language=as_language(attendee.language), at=at)
        results = {row.event_id: row.state for row in seated}
    if not results:
        sentence = _("Every place has been taken.")
        raise rules.FullyBooked(sentence, fields={"events": [sentence]})
    queued = outbox.queue_many(drafts, at=at)
    submission.results = [
        {"event": event.slug, "state": str(results.get(event.pk, "full"))} for event in wanted.events
    ]
    submission.message_ids = [message.pk for message in queued if message.kind != messages.REMINDER]
    submission.save(update_fields=["results", "message_ids"])


def enter(
    registrations: Sequence[Registration], *, wanted: Wanted, language: Language, at: datetime
) -> tuple[list[Registration], list[Draft]]:
    """Seat rows that were just written down, and say what is to be told of it."""
    rows = seat(registrations, quotas=wanted.quotas, at=at)
    wanted.require_open([row.event for row in rows], at=at, language=language)
    return rows, messages.outcomes(rows, at=at)


def _would_get(wanted: Wanted) -> Results:
    """What somebody new would get at this moment."""
    results: dict[int, str] = {}
    for event_id, quota in quotas_of(event.pk for event in wanted.events).items():
        if quota.taken < quota.capacity:
            results[event_id] = Registration.State.CONFIRMED
        elif quota.has_waiting_list:
            results[event_id] = Registration.State.WAITING
    return results
