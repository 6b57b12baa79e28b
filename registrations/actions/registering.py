"""Registering: one press of the button for any number of events, from the page and from the API alike."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from django.db import transaction
from django.utils.crypto import salted_hmac

from backend.core.i18n import Language, _
from events.models import Event, EventSeries
from events.queries import events_named
from notifications import outbox
from notifications.outbox import Draft
from registrations import messages, rules
from registrations.actions.admission import TOLD_BY_MAIL, Doorkeeping, Doors
from registrations.actions.answering import Told, also_wrong, keep
from registrations.actions.people import let_in, recognised
from registrations.actions.placing import anybody_waits, insert, lock_quotas, seat
from registrations.models import Attendee, Quota, Registration, RegistrationForm, Submission
from registrations.queries import form_of, quotas_of, terms_of
from registrations.queries.places import may_pass
from registrations.rules import Person

type Results = Mapping[int, str]

NOBODY: Mapping[int, str] = {}


def register(  # noqa: PLR0913 - everything one form holds
    *,
    series: EventSeries,
    person: Person,
    events: Sequence[str],
    idempotency_key: str,
    at: datetime,
    colleagues: Sequence[Person] = (),
    code: str = "",
    answers: Mapping[str, Any] = MappingProxyType({}),
    consents: Sequence[str] = (),
) -> Submission:
    """Give everybody a place, or a place in line, at each event, and promise the mails that say so.

    The answer for a known address is what this submission would get: nothing is changed, and the person
    gets their link by mail. The same key with the same body gives the same submission again. ``code`` is
    what was typed or pasted where events are by invitation; each person needs one.
    """
    slugs = list(dict.fromkeys(events))
    try:
        people = rules.clean_group(person, colleagues, events=slugs)
    except rules.Invalid as no:
        raise also_wrong(no, series, events=slugs, answers=answers, consents=consents) from no
    key_hash = hashlib.sha256(f"registration:{series.pk}:{idempotency_key}".encode()).hexdigest()
    fingerprint = _fingerprint(people, slugs, code, answers, consents)
    if before := Submission.objects.filter(key_hash=key_hash).first():
        return _same(before, fingerprint=fingerprint)
    told = Told.read(form_of(series), events=slugs, answers=answers, consents=consents)
    wanted = Wanted.read(series, slugs, at=at, language=people[0].reads)
    newcomers = [recognised(one, series=series, at=at) for one in people]
    doors = wanted.doors(code=code, language=people[0].reads)
    kept = doors.require([one.email_key for one in newcomers])
    pressed = Submission(
        series=series,
        key_hash=key_hash,
        fingerprint=fingerprint,
        receipt=secrets.token_urlsafe(24),
        results=[],
        created_at=at,
    )
    with transaction.atomic():
        # written before anything else: whoever presses at the same moment waits here for the first
        Submission.objects.bulk_create([pressed], ignore_conflicts=True)
        submission = Submission.objects.get(key_hash=key_hash)
        is_new = submission.receipt == pressed.receipt
        if is_new:
            _answer(submission, newcomers=newcomers, wanted=wanted, doors=doors, kept=kept, told=told, at=at)
    return submission if is_new else _same(submission, fingerprint=fingerprint)


def _fingerprint(
    people: Sequence[Person],
    slugs: Sequence[str],
    code: str,
    answers: Mapping[str, Any],
    consents: Sequence[str],
) -> str:
    """Recognise the same body again; keyed, so that nothing of it can be guessed from what is stored."""
    person, *colleagues = map(asdict, people)
    told = [{"answers": dict(answers), "consents": sorted(set(consents))}] if answers or consents else []
    body = json.dumps([person, sorted(slugs), code, *colleagues, *told], sort_keys=True, default=str)
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
    exception: datetime | None = None  # the later deadline an organiser gave this one person

    @classmethod
    def read(
        cls,
        series: EventSeries,
        slugs: Sequence[str],
        *,
        at: datetime,
        language: Language,
        exception: datetime | None = None,
    ) -> Self:
        """Find the events by their addresses, or refuse what is unknown or not open."""
        published = events_named(series, slugs)
        if any(slug not in published for slug in slugs):
            sentence = _("One of the events was not found in this series. Choose again.")
            raise rules.UnknownEvent(sentence, fields={"events": [sentence]})
        events = list(published.values())
        form = RegistrationForm.objects.filter(series=series).first()
        quotas = quotas_of(event.pk for event in events)
        wanted = cls(events=events, quotas=quotas, form=form, exception=exception)
        wanted.require_open(events, at=at, language=language)
        return wanted

    def doors(self, *, code: str, language: Language, own: bool = False) -> Doors:
        """Gather what each of these events asks of those who come in."""
        codes = rules.codes_in(code)
        return Doors(events=self.events, quotas=self.quotas, codes=codes, language=language, own=own)

    def require_open(self, events: Sequence[Event], *, at: datetime, language: Language) -> None:
        """Refuse when registration to any of them has not opened, has closed, or never was."""
        for event in events:
            rules.require_open(
                terms_of(
                    event,
                    quota=self.quotas.get(event.pk),
                    form=self.form,
                    exception=self.exception,
                ),
                title=event.title.in_language(language),
                contact=event.series.contact_email,
                at=at,
            )


def _answer(
    submission: Submission,
    *,
    newcomers: Sequence[Attendee],
    wanted: Wanted,
    doors: Doors,
    kept: Doorkeeping,
    told: Told,
    at: datetime,
) -> None:
    """Register those who are new or come back; leave those already registered exactly as they are."""
    attendees, known = let_in(newcomers)
    fresh = [one for one in attendees if one.pk not in known]
    if attendees[0] in fresh:  # the questions are answered by whoever fills in the form
        keep(attendees[0], told, again=attendees[0].link_hash != newcomers[0].link_hash, at=at)
    rows = [
        row
        for one in fresh
        for row in insert(one, events=kept.inside(one.email_key, wanted.events), applied=doors.applied, at=at)
    ]
    outlook = (
        _outlook(wanted, people=len(attendees), language=doors.language) if known or attendees[1:] else []
    )
    host = {one.pk: newcomers[0].name for one in fresh if one != attendees[0]}
    seated, drafts = enter(rows, wanted=wanted, doors=doors, at=at, registered_by=host)
    drafts += turned_away(fresh, kept=kept, at=at)
    got = {(row.attendee_id, row.event_id): str(row.state) for row in seated}
    results: Sequence[Results] = (
        outlook
        if known
        else [{event.pk: got.get((one.pk, event.pk), "full") for event in wanted.events} for one in attendees]
    )
    results = [{**states, **dict.fromkeys(kept.quiet, TOLD_BY_MAIL)} for states in results]
    if {state for states in results for state in states.values()} == {"full"}:
        sentence = _("Every place has been taken.")
        raise rules.FullyBooked(sentence, fields={"events": [sentence]})
    links = [messages.manage_link(one, wanted=wanted.events, at=at) for one in attendees if one.pk in known]
    queued = outbox.queue_many([*drafts, *links], at=at)
    submission.results = _written(results, wanted)
    submission.message_ids = [message.pk for message in queued]
    submission.save(update_fields=["results", "message_ids"])


def _written(results: Sequence[Results], wanted: Wanted) -> list[dict[str, str | int]]:
    """Write down what each got; a group's rows name the person by their place in the form."""
    return [
        {"event": event.slug, "state": states[event.pk]} | ({"person": place} if results[1:] else {})
        for place, states in enumerate(results)
        for event in wanted.events
    ]


def enter(
    registrations: Sequence[Registration],
    *,
    wanted: Wanted,
    doors: Doors,
    at: datetime,
    registered_by: Mapping[int, str] = NOBODY,
) -> tuple[list[Registration], list[Draft]]:
    """Seat rows that were just written down, and say what is to be told of it."""
    rows = seat(registrations, quotas=wanted.quotas, at=at)
    wanted.require_open([row.event for row in rows], at=at, language=doors.language)
    doors.redeem(rows, at=at)
    return rows, messages.outcomes(rows, at=at, registered_by=registered_by)


def turned_away(people: Sequence[Attendee], *, kept: Doorkeeping, at: datetime) -> list[Draft]:
    """Write to those who are on no list; nothing is kept of somebody who was let in nowhere."""
    drafts: list[Draft] = []
    for one in people:
        drafts += messages.not_members(one, events=kept.outside.get(one.email_key, ()), at=at)
    outside = [one.pk for one in people if kept.outside.get(one.email_key)]
    Attendee.objects.filter(pk__in=outside, registrations__isnull=True).delete()
    return drafts


def _outlook(wanted: Wanted, *, people: int, language: Language) -> list[Results]:
    """What each of so many newcomers would get at this moment, one after the other.

    This is what a submission with a known address is answered, so that nobody learns which it was. A group
    is refused as a whole where it does not fit and nobody can wait.
    """
    ids = [event.pk for event in wanted.events]
    quotas = lock_quotas(ids) if people > 1 else quotas_of(ids)
    if people > 1:
        left = {
            event.title.in_language(language): quotas[event.pk].capacity - quotas[event.pk].taken
            for event in wanted.events
            if not quotas[event.pk].has_waiting_list and quotas[event.pk].mode != Quota.Mode.APPLICATION
        }
        rules.require_room(left, people=people)
    return [{pk: _would_get(quotas[pk], ahead=ahead) for pk in ids} for ahead in range(people)]


def _would_get(quota: Quota, *, ahead: int) -> str:
    if quota.mode == Quota.Mode.APPLICATION:
        return str(Registration.State.RECEIVED)
    if quota.taken + ahead < quota.capacity and (may_pass(quota) or not anybody_waits(quota)):
        return str(Registration.State.CONFIRMED)
    return str(Registration.State.WAITING) if quota.has_waiting_list else "full"
