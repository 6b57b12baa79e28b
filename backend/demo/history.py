"""Loads the real events that have been held. Where talks or clock times are not known, none are made up."""

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from backend.core.dates import HELSINKI
from backend.demo.files import Json, read, read_series, text
from catalogue.models import Practice, Presentation
from events.actions import release_programme
from events.models import Event, EventSeries, Session, SessionSpeaker, Speaker


def load_history(at: datetime, *, organisation: Organisation) -> int:
    """Add the series that are missing, with their events and programmes; return how many."""
    known = set(EventSeries.objects.values_list("slug", flat=True))
    missing = [given for given in read_series() if given["slug"] not in known]
    if missing:
        _load_speakers()
    for given in missing:
        _add_series(given, organisation=organisation, at=at)
    return len(missing)


def _load_speakers() -> None:
    known = set(Speaker.objects.values_list("slug", flat=True))
    Speaker.objects.bulk_create(
        Speaker(slug=_slug(key), name=given["name"], source_url=given["source_url"])
        for key, given in read("speakers").items()
        if _slug(key) not in known
    )


def _slug(key: str) -> str:
    """Keep real people apart from those whom organisers add under the same name."""
    return f"kk-{key}"


def _add_series(given: Json, *, organisation: Organisation, at: datetime) -> None:
    series = EventSeries.objects.create(
        organisation=organisation,
        slug=given["slug"],
        organisers=given["organisers"],
        state=EventSeries.State.PUBLISHED,
        source_url=given["source_url"],
        created_at=at,
        **text(given["title"]).columns("title"),
        **text(given["lead"]).columns("lead"),
    )
    for told in given["events"]:
        event = _add_event(told, series=series)
        if sessions := told.get("sessions"):
            _add_programme(sessions, event=event)
            release_programme(event=event, notify=False, at=at, actor=None)


def _add_event(given: Json, *, series: EventSeries) -> Event:
    return Event.objects.create(
        series=series,
        slug=given["slug"],
        kind=given["kind"],
        starts_at=datetime.fromisoformat(given["starts_at"]),
        ends_at=datetime.fromisoformat(given["ends_at"]),
        mode=given.get("mode", Event.Mode.ONLINE),
        link_policy=given.get("link_policy", Event.LinkPolicy.AT_ONCE),
        language=given.get("language", "fi"),
        accent=given.get("accent", ""),
        state=Event.State.PUBLISHED,
        source_url=series.source_url,
        **text(given["title"]).columns("title"),
        **text(given.get("description")).columns("description"),
        **text(given.get("place")).columns("place"),
        **text(given.get("when_note")).columns("when_note"),
    )


def _add_programme(given: list[Json], *, event: Event) -> None:
    """Add the items of a programme, those of a block after the block itself."""
    outer = [_session(told, event=event, position=position) for position, told in enumerate(given, start=1)]
    Session.objects.bulk_create(outer)
    inner = [
        _session(told, event=event, position=position, block=block)
        for block, block_told in zip(outer, given, strict=True)
        for position, told in enumerate(block_told.get("items", ()), start=1)
    ]
    Session.objects.bulk_create(inner)
    _add_parts(list(zip(_told(given), [*outer, *inner], strict=True)))


def _told(given: list[Json]) -> Iterator[Json]:
    yield from given
    for block in given:
        yield from block.get("items", ())


def _session(given: Json, *, event: Event, position: int, block: Session | None = None) -> Session:
    return Session(
        event=event,
        block=block,
        position=position,
        kind=given["kind"],
        starts_at=on_the_clock(given.get("starts"), event=event),
        ends_at=on_the_clock(given.get("ends"), event=event),
        minutes=given.get("minutes"),
        language=given.get("language", ""),
        municipality_id=given.get("municipality"),
        **text(given["title"]).columns("title"),
    )


def on_the_clock(written: str | None, *, event: Event) -> datetime | None:
    """Read "08:30" as that hour on the day of the event."""
    if written is None:
        return None
    day = event.starts_at.astimezone(ZoneInfo(HELSINKI)).date()
    return datetime.combine(day, time.fromisoformat(written), ZoneInfo(HELSINKI))


def _add_parts(pairs: list[tuple[Json, Session]]) -> None:
    """Say who spoke, as what, and which practice of the catalogue was told of."""
    people = read("speakers")
    speakers = {speaker.slug: speaker for speaker in Speaker.objects.filter(slug__startswith="kk-")}
    SessionSpeaker.objects.bulk_create(
        SessionSpeaker(
            session=session,
            speaker=speakers[_slug(key)],
            title=people[key]["title"],
            organisation=people[key]["organisation"],
            position=position,
        )
        for given, session in pairs
        for position, key in enumerate(given.get("speakers", ()))
    )
    practices = dict(Practice.objects.values_list("slug", "pk"))
    Presentation.objects.bulk_create(
        Presentation(session=session, practice_id=practices[given["practice"]])
        for given, session in pairs
        if "practice" in given
    )
