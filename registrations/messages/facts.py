"""The facts of a message in the reader's own language, as they were when the deed was done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from backend.core import dates
from backend.core.i18n import Language, as_language
from events.models import Event, Session
from events.programme import Item, Programme
from events.queries import programmes_of
from notifications.outbox import Json, Link
from registrations import invitations, rules
from registrations.models import Attendee, Quota, Registration
from registrations.queries.automatic import reminders_of
from registrations.queries.places import positions_of, quotas_of

_NOT_TOLD = {Session.Kind.MARKER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What messages about some registrations need to know besides them; read once for all."""

    active: Mapping[int, Sequence[Registration]]  # by attendee, in order of time
    positions: Mapping[int, int]  # by registration
    quotas: Mapping[int, Quota]  # by event
    programmes: Mapping[int, Programme]  # by event
    reminders: Mapping[int, datetime]  # by event: when all who come are reminded
    words: dict[tuple[int, Language, bool], Mapping[str, Json]] = field(
        default_factory=dict
    )  # said once for all

    @classmethod
    def of(cls, registrations: Collection[Registration]) -> Self:
        """Read everything in a few questions, however many registrations there are."""
        events = {row.event_id: row.event for row in registrations}
        # Nobody has two places at one event: where all are of the same one, only the others need to be read
        only = next(iter(events)) if len(events) == 1 else None
        active = active_of({row.attendee_id for row in registrations}, known=events, besides=only)
        others = (row for rows in active.values() for row in rows)
        return cls(
            active=active,
            positions=positions_of([*registrations, *others]),
            quotas=quotas_of(events),
            programmes=programmes_of(events.values()),
            reminders=reminders_of(events.values()),
        )

    def of_event(self, event: Event, *, language: Language, whole: bool) -> Mapping[str, Json]:
        """Put into words what is the same for all readers of a language; ``whole`` with the programme."""
        key = (event.pk, language, whole)
        if key not in self.words:
            told = event_facts(event, language=language)
            self.words[key] = {**told, **self._more(event, language=language)} if whole else told
        return self.words[key]

    def _more(self, event: Event, *, language: Language) -> dict[str, Json]:
        reminder = self.reminders.get(event.pk)
        return {
            "programme": programme_rows(self.programmes.get(event.pk), event=event, language=language),
            "reminder": reminder_words(reminder, event=event, language=language) if reminder else "",
            "deadline": _deadline(event, quota=self.quotas.get(event.pk), language=language),
        }


def active_of(
    attendee_ids: Collection[int], *, known: Mapping[int, Event] | None = None, besides: int | None = None
) -> dict[int, list[Registration]]:
    """Read the places and places in line of these people, in order of time; each event is read once.

    ``besides`` leaves out an event: of thousands who come to the same one, theirs is known already.
    """
    rows = Registration.objects.filter(attendee__in=attendee_ids, state__in=Registration.ACTIVE)
    rows = rows if besides is None else rows.exclude(event=besides)
    found: dict[int, list[Registration]] = {pk: [] for pk in attendee_ids}
    ordered = list(rows.order_by("event__starts_at", "event"))
    events = dict(known or {})
    if unknown := {row.event_id for row in ordered} - set(events):
        events |= Event.objects.select_related("series").in_bulk(unknown)
    for row in ordered:
        row.event = events[row.event_id]
        found[row.attendee_id].append(row)
    return found


def reader(attendee: Attendee) -> Language:
    """The language this person is written to."""
    return as_language(attendee.language)


def manage_links(attendee: Attendee) -> dict[str, Link]:
    """The one link of the whole journey."""
    return {"manage": Link(Attendee.link_purpose, attendee.link_seed, "/r/{token}/")}


def personal_links(registration: Registration, *, tells_link: bool) -> dict[str, Link]:
    """The link of the journey, and for a place the page one joins by and the ticket shown at the door.

    The address of the meeting itself stands in no mail: whoever opens their own page is known to be there.
    """
    attendee, event = registration.attendee, registration.event
    links = manage_links(attendee)
    if registration.state not in Registration.COMES:
        return links
    if tells_link:
        path = f"/j/{{token}}/{event.slug}/"
        links["join"] = Link(Attendee.ticket_purpose, attendee.link_seed, path)
    if event.mode != Event.Mode.ONLINE:
        links["ticket"] = Link(Attendee.ticket_purpose, attendee.link_seed, "/j/{token}/")
    return links


def facts(
    registration: Registration, *, situation: Situation, at: datetime, read_at: datetime
) -> dict[str, Json]:
    """Write down what a message about this registration says to somebody who reads it then."""
    event, attendee = registration.event, registration.attendee
    language = reader(attendee)
    position = situation.positions.get(registration.pk)
    quota = situation.quotas.get(event.pk)
    has_place = registration.state in Registration.COMES
    reminder = situation.reminders.get(event.pk)
    return {
        **situation.of_event(event, language=language, whole=True),
        "name": attendee.name,
        "registered_by": "",
        "asks": False,
        "readdressed": False,
        "giver": "",
        "position": ordinal(position, language=language) if position else "",
        "tells_link": has_place and invitations.tells_link(event, at=read_at, reminder=reminder),
        "others": [
            {
                **situation.of_event(row.event, language=language, whole=False),
                "state": row.state,
                "position": ordinal(situation.positions.get(row.pk, 0), language=language),
            }
            for row in situation.active.get(attendee.pk, ())
            if row.pk != registration.pk and row.event.ends_at > read_at
        ],
        "reminded": reminder is not None and at < reminder,
        "soon": soon(event, at=read_at),
        "changeable": quota is not None
        and read_at < rules.own_deadline(quota.closes_at, exception=attendee.may_change_until),
    }


def event_facts(event: Event, *, language: Language) -> dict[str, Json]:
    """Write down what and when, for the subject line and for the body."""
    zone, title = event.series.timezone, event.title.told(language)
    return {
        "series": event.series.title.told(language),
        "organisers": event.series.organisers,
        "contact_email": event.series.contact_email,
        "title": title,
        "day": short_day(event.starts_at, language=language, zone=zone),
        "starts": dates.at_clock(event.starts_at, language=language, zone=zone),
        "when": dates.period(event.starts_at, event.ends_at, language=language, zone=zone),
        "finnish_time": zone == dates.HELSINKI,
        "mode": event.mode,
        "place": event.place.in_language(language),
    }


def programme_rows(programme: Programme | None, *, event: Event, language: Language) -> list[Json]:
    """Write the released programme as rows of a time, a title and who speaks."""
    told = [item for item in programme.items if item.kind not in _NOT_TOLD] if programme else []
    return [_programme_row(item, event=event, language=language) for item in told]


def _programme_row(item: Item, *, event: Event, language: Language) -> dict[str, Json]:
    zone = event.series.timezone
    return {
        "time": dates.clock(item.starts_at, zone=zone) if item.starts_at else "",
        "approximate": item.approximate,
        "title": item.title.told(language),
        "who": ", ".join(
            f"{part.name} ({part.organisation})" if part.organisation else part.name for part in item.speakers
        ),
    }


_ABOUT: dict[Language, str] = {"fi": "noin", "sv": "cirka", "en": "about"}


def calendar_lines(rows: Iterable[Json], *, language: Language) -> list[str]:
    """Write the programme for the description of a calendar entry."""
    lines = []
    for row in rows:
        assert isinstance(row, Mapping)  # noqa: S101 - tells the type checker what programme_rows makes
        about = _ABOUT[language] if row["time"] and row["approximate"] else ""
        head = " ".join(str(part) for part in (about, row["time"], row["title"]) if part)
        lines.append(f"{head} – {row['who']}" if row["who"] else head)
    return lines


def _deadline(event: Event, *, quota: Quota | None, language: Language) -> str:
    """Name the deadline when it is earlier than the start, which goes without saying."""
    if quota is None or quota.closes_at >= event.starts_at:
        return ""
    return dates.moment(quota.closes_at, language=language, zone=event.series.timezone)


def short_day(moment: datetime, *, language: Language, zone: str) -> str:
    """Write the day as short as a subject line asks: 'ti 13.4.', 'ti 13.4', 'Tue 13 Apr'."""
    written = dates.day(moment, language=language, zone=zone, year=False)
    if language != "en":
        return written
    weekday, number, month = written.split()
    return f"{weekday} {number} {month[:3]}"


_DAY_BEFORE: dict[Language, str] = {"fi": "edellisenä päivänä", "sv": "dagen före", "en": "the day before"}
_SAME_DAY: dict[Language, str] = {"fi": "samana päivänä", "sv": "samma dag", "en": "the same day"}


def reminder_words(moment: datetime, *, event: Event, language: Language) -> str:
    """Say when the reminder comes: 'edellisenä päivänä klo 9.00', or the day by its date."""
    zone = event.series.timezone
    days = _days_until(event, at=moment)
    clock = dates.at_clock(moment, language=language, zone=zone)
    if days > 1:
        return f"{short_day(moment, language=language, zone=zone)} {clock}"
    joined = f"at {clock}" if language == "en" else clock
    return f"{(_DAY_BEFORE if days else _SAME_DAY)[language]} {joined}"


def soon(event: Event, *, at: datetime) -> str:
    """Tell which word the reader would use for the day of the event: today, tomorrow, or its date."""
    return {0: "today", 1: "tomorrow"}.get(_days_until(event, at=at), "later")


def _days_until(event: Event, *, at: datetime) -> int:
    zone = event.series.timezone
    return (dates.local(event.starts_at, zone=zone).date() - dates.local(at, zone=zone).date()).days


_ENGLISH = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


def ordinal(number: int, *, language: Language) -> str:
    """Write a place in line: '3.', 'nr 3', '3rd'; nothing for somebody who does not wait."""
    if not number:
        return ""
    if language == "fi":
        return f"{number}."
    if language == "sv":
        return f"nr {number}"
    ending = "th" if number % 100 in _TEENS else _ENGLISH.get(number % 10, "th")
    return f"{number}{ending}"
