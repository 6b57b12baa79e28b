"""Sets up the open series: four mornings ahead, made as an organiser makes them, with made-up people."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from django.db.models import F

from accounts.models import Organisation, User
from backend.core.dates import HELSINKI
from backend.core.i18n import Text, as_language
from backend.core.text import email_key
from backend.demo.files import Json, read, text
from backend.demo.history import on_the_clock
from backend.demo.post import load_post
from backend.demo.questions import ask
from backend.demo.thanks import write_thanks
from catalogue.models import Practice, Presentation
from events.actions import (
    SpeakerPart,
    add_session,
    edit_event,
    edit_series,
    publish_series,
    release_programme,
)
from events.models import Event, EventSeries, Session
from events.queries import events_of
from events.templates import TEMPLATES
from registrations import invitations
from registrations.actions import Person, new_series_from_template, register
from registrations.models import Attendee, Quota, Registration

_NOTICE = timedelta(days=7)  # nearer than this nobody would set up a new series
_TUESDAY = 1
_TOLD = 8  # every eighth registers by the form


def series_slug(at: datetime) -> str:
    """Name the open series of a demonstration that is started now."""
    return f"aamukahvit-{first_morning(at).year}"


def first_morning(at: datetime) -> date:
    """Find the next Tuesday in mid-April from which four mornings lie ahead."""
    today = at.astimezone(ZoneInfo(HELSINKI)).date()
    this_year = _mid_april(today.year)
    return this_year if this_year - today >= _NOTICE else _mid_april(today.year + 1)


def _mid_april(year: int) -> date:
    """Give the Tuesday of the week of 15 April, or of the week after when Easter takes a day of that one."""
    middle = date(year, 4, 15)
    tuesday = middle + timedelta(days=_TUESDAY - middle.weekday())
    good_friday = _easter(year) - timedelta(days=2)
    return tuesday + timedelta(days=7) if good_friday == tuesday + timedelta(days=3) else tuesday


def _easter(year: int) -> date:
    """Compute Easter Sunday (the anonymous Gregorian method, whose numbers have no other names)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), (i, k) = divmod(b, 4), divmod(c, 4)
    h = (19 * a + b - d - (8 * b + 13) // 25 + 15) % 30
    m = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114, 31)
    return date(year, month, day + 1)


def load_mornings(at: datetime, *, organisation: Organisation, organiser: User) -> int:
    """Set the open series up unless it is there; return how many series were made."""
    slug = series_slug(at)
    if EventSeries.objects.filter(slug=slug).exists():
        return 0
    given = read("mornings")
    series = new_series_from_template(
        organisation=organisation,
        template=TEMPLATES["morning_coffee"],
        title=text(given["title"]),
        first_day=first_morning(at),
        slug=slug,
        at=at,
        actor=organiser,
    )
    edit_series(
        series=series,
        lead=text(given["lead"]),
        organisers=given["organisers"],
        contact_email=given["contact_email"],
        at=at,
        actor=organiser,
    )
    events = events_of(series, drafts=True)
    for event in events:
        edit_event(event=event, join_url=given["join_url"], at=at, actor=organiser)
    ask(series, at=at, organiser=organiser)
    publish_series(series=series, at=at, actor=organiser)
    write_thanks(series, at=at, organiser=organiser)
    for event, talks in zip(events_of(series), given["days"], strict=True):
        _add_programme(event, given=given, talks=talks, at=at, organiser=organiser)
        release_programme(event=event, notify=False, at=at, actor=organiser)
    _fill(series, given=given, at=at)
    load_post(series, at=at)
    return 1


def _add_programme(event: Event, *, given: Json, talks: list[Json], at: datetime, organiser: User) -> None:
    """Write the programme of one morning: a welcome, three practices of the catalogue, questions, the end."""
    _add(
        event, given["opening"], kind=Session.Kind.OPENING, part=given["speakers"]["fi"], at=at, by=organiser
    )
    practices = Practice.objects.select_related("published")
    for talk, (starts, ends) in zip(talks, given["talks"], strict=True):
        practice = practices.get(slug=talk["practice"])
        session = _add_talk(
            event,
            practice,
            talk=talk,
            hours=(starts, ends),
            part=given["speakers"][talk["language"]],
            at=at,
            by=organiser,
        )
        Presentation.objects.create(practice=practice, session=session)
    _add(event, given["discussion"], kind=Session.Kind.DISCUSSION, at=at, by=organiser)
    _add(event, given["closing"], kind=Session.Kind.CLOSING, at=at, by=organiser)


def _add(event: Event, given: Json, *, kind: Session.Kind, at: datetime, by: User, part: Json = None) -> None:
    add_session(
        event=event,
        kind=kind,
        title=text(given["title"]),
        starts_at=on_the_clock(given["starts"], event=event),
        ends_at=on_the_clock(given["ends"], event=event),
        speakers=[SpeakerPart(**part)] if part else [],
        at=at,
        actor=by,
    )


def _add_talk(
    event: Event,
    practice: Practice,
    *,
    talk: Json,
    hours: tuple[str, str],
    part: Json,
    at: datetime,
    by: User,
) -> Session:
    """Let a made-up speaker present a real practice, in its own words."""
    version = practice.published
    first = practice.municipalities.first()
    return add_session(
        event=event,
        kind=Session.Kind.PRACTICE,
        title=version.title if version else Text(),
        abstract=version.summary if version else Text(),
        starts_at=on_the_clock(hours[0], event=event),
        ends_at=on_the_clock(hours[1], event=event),
        language=talk["language"],
        municipality_code=first.pk if first else None,
        speakers=[SpeakerPart(**part)],
        at=at,
        actor=by,
    )


def _fill(series: EventSeries, *, given: Json, at: datetime) -> None:
    """Give places to made-up people, as if they had registered earlier; every eighth really does."""
    people = list(_attendees(series, given=given, at=at))
    told = range(0, len(people), _TOLD)
    Attendee.objects.bulk_create(person for number, person in enumerate(people) if number not in told)
    places = list(zip(events_of(series), given["taken"], strict=True))
    for event, taken in places:
        rows = Registration.objects.bulk_create(
            Registration(
                attendee=attendee,
                event=event,
                state=Registration.State.CONFIRMED,
                registered_at=at,
                state_changed_at=at,
            )
            for number, attendee in enumerate(people[:taken])
            if number not in told
        )
        invitations.make(rows, at=at)
        Quota.objects.filter(event=event).update(taken=F("taken") + len(rows))
    for number in told:
        slugs = [event.slug for event, taken in places if number < taken]
        _register(people[number], series=series, slugs=slugs, at=at)


def _register(one: Attendee, *, series: EventSeries, slugs: list[str], at: datetime) -> None:
    """Let somebody register by the form, so that the mails of it stand in the ledger."""
    person = Person(
        name=one.name,
        email=one.email,
        organisation=one.organisation,
        municipality=one.municipality_id or "",
        language=as_language(one.language),
    )
    register(series=series, person=person, events=slugs, idempotency_key=f"demonstration {one.email}", at=at)


def _attendees(series: EventSeries, *, given: Json, at: datetime) -> Iterator[Attendee]:
    codes = cycle(given["municipalities"])
    for surname, group in given["attendees"].items():
        for number, name in enumerate(group["names"], start=1):
            address = f"{surname}.{number}@{group['domain']}".lower()
            yield Attendee(
                series=series,
                email=address,
                email_key=email_key(address),
                name=f"{name} {surname}",
                organisation=group["organisation"],
                municipality_id=next(codes),
                language=group["language"],
                created_at=at,
            ).with_link()
