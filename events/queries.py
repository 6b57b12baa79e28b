"""Everything asked about series, events, programmes and speakers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import ApiToken
from accounts.policies import Person, Roles, organisations_where
from backend.core.errors import NotFound
from backend.core.i18n import Text, _
from events.models import Event, EventSeries, ProgrammeVersion, Session, SessionSpeaker, Speaker
from events.policies import SEES
from events.programme import Change, Item, Programme, begins, current, diff, slots, timed
from events.rules import Warning, warnings  # noqa: A004 - the word an organiser would use


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedPart:
    """What a speaker does in one event."""

    event: str
    session: Text
    title: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingProgramme:
    """The programme as its organiser sees it."""

    items: tuple[Item, ...]
    changes: tuple[Change, ...]
    warnings: tuple[Warning, ...]
    released: int | None  # the number of the version people see


PUBLIC_STATES = (Event.State.PUBLISHED, Event.State.CANCELLED)


def _not_found() -> NotFound:
    return NotFound(_("Nothing was found at this address."))


# --- What everybody sees ------------------------------------------------------------------------


def published_series() -> QuerySet[EventSeries]:
    """List the series that everybody sees."""
    return EventSeries.objects.filter(state=EventSeries.State.PUBLISHED).select_related("organisation")


def public_events() -> QuerySet[Event]:
    """List the events that everybody sees, the cancelled ones too."""
    return Event.objects.filter(
        state__in=PUBLIC_STATES, series__state=EventSeries.State.PUBLISHED
    ).select_related("series__organisation")


def with_public_events(series: QuerySet[EventSeries]) -> QuerySet[EventSeries]:
    """Read the public events of many series in one question, as ``public_events`` in order."""
    return series.prefetch_related(Prefetch("events", queryset=public_events(), to_attr="public_events"))


def series_by_slug(slug: str, *, drafts: bool = False) -> EventSeries:
    """Find a series by its address; drafts only for those who asked for them by right."""
    rows = EventSeries.objects.select_related("organisation") if drafts else published_series()
    found = rows.filter(slug=slug).first()
    if found is None:
        raise _not_found()
    return found


def event_by_slug(slug: str, *, drafts: bool = False) -> Event:
    """Find an event by its address."""
    rows = Event.objects.select_related("series__organisation") if drafts else public_events()
    found = rows.filter(slug=slug).first()
    if found is None:
        raise _not_found()
    return found


def events_of(series: EventSeries, *, drafts: bool = False) -> list[Event]:
    """List the events of a series in order of time."""
    rows = series.events.select_related("series__organisation")
    return list(rows if drafts else rows.filter(state__in=PUBLIC_STATES))


def events_named(series: EventSeries, slugs: Collection[str]) -> dict[str, Event]:
    """Find the public events of a series by their addresses, in order of time; unknown ones are not there."""
    found = {event.slug: event for event in series.events.filter(state__in=PUBLIC_STATES, slug__in=slugs)}
    for event in found.values():
        event.series = series
    return found


def upcoming_series(at: datetime) -> QuerySet[EventSeries]:
    """List the public series that still have something ahead, the nearest first."""
    ahead = Q(events__state=Event.State.PUBLISHED, events__ends_at__gt=at)
    return (
        published_series()
        .annotate(next_starts_at=Min("events__starts_at", filter=ahead))
        .filter(next_starts_at__isnull=False)
        .order_by("next_starts_at", "pk")
    )


def past_events(at: datetime) -> QuerySet[Event]:
    """List the public events that have been held, the latest first."""
    return public_events().filter(state=Event.State.PUBLISHED, ends_at__lte=at).order_by("-starts_at", "pk")


# --- Released programmes ------------------------------------------------------------------------


def latest_versions() -> QuerySet[ProgrammeVersion]:
    """List the newest released programme of each event."""
    newest = ProgrammeVersion.objects.filter(event=OuterRef("event")).order_by("-number")
    return ProgrammeVersion.objects.filter(pk=Subquery(newest.values("pk")[:1]))


def released_programme(event: Event) -> Programme | None:
    """Read the programme that people see, with approximate times where only durations were given."""
    version = event.programme_versions.first()
    return as_programme(version, event=event) if version else None


def programmes_of(events: Collection[Event]) -> dict[int, Programme]:
    """Read the released programmes of these events in one question, by event."""
    known = {event.pk: event for event in events}
    versions = latest_versions().filter(event__in=known)
    return {version.event_id: as_programme(version, event=known[version.event_id]) for version in versions}


def released_programmes(series: EventSeries) -> dict[int, Programme]:
    """Read the programmes of all events of a series, by event."""
    versions = latest_versions().filter(event__series=series).select_related("event")
    return {version.event_id: as_programme(version, event=version.event) for version in versions}


def change_log(event: Event) -> list[ProgrammeVersion]:
    """List every release of an event, the newest first, for the page of changes."""
    return list(event.programme_versions.all())


def released_parts() -> dict[str, list[ReleasedPart]]:
    """List who speaks in the programmes that everybody sees, by the speaker's address."""
    versions = latest_versions().filter(event__in=public_events().values("pk"))
    parts: dict[str, list[ReleasedPart]] = {}
    for version in versions.select_related("event").order_by("event__starts_at", "event"):
        for item in map(Item.from_json, version.items):
            for part in item.speakers:
                parts.setdefault(part.slug, []).append(
                    ReleasedPart(
                        event=version.event.slug,
                        session=item.title,
                        title=part.title,
                        organisation=part.organisation,
                    )
                )
    return parts


def as_programme(version: ProgrammeVersion, *, event: Event) -> Programme:
    """Read a released version as plain values."""
    return Programme(
        number=version.number,
        released_at=version.released_at,
        items=timed((Item.from_json(item) for item in version.items), begins(event)),
        changes=tuple(Change.from_json(change) for change in version.changes),
    )


def working_programme(event: Event) -> WorkingProgramme:
    """Read the programme being worked on, what a release would change, and what looks wrong in it."""
    version = event.programme_versions.first()
    items = current(event)
    shown = [Item.from_json(item) for item in version.items] if version else []
    with_times = timed(items, begins(event))
    return WorkingProgramme(
        items=with_times,
        changes=diff(shown, items),
        warnings=warnings(slots(with_times), starts_at=event.starts_at, ends_at=event.ends_at),
        released=version.number if version else None,
    )


# --- What organisers see of their own -------------------------------------------------------------


def series_for(
    person: Person, *, roles: Roles = SEES, token: ApiToken | None = None
) -> QuerySet[EventSeries]:
    """List the series within which the person holds one of the roles, drafts included."""
    own = organisations_where(person, roles=roles, token=token)
    return EventSeries.objects.filter(organisation__in=own).select_related("organisation")


def events_for(person: Person, *, roles: Roles = SEES, token: ApiToken | None = None) -> QuerySet[Event]:
    """List the events within which the person holds one of the roles."""
    own = organisations_where(person, roles=roles, token=token)
    return Event.objects.filter(series__organisation__in=own).select_related("series__organisation")


def sessions_for(person: Person, *, roles: Roles = SEES, token: ApiToken | None = None) -> QuerySet[Session]:
    """List the sessions within which the person holds one of the roles."""
    own = organisations_where(person, roles=roles, token=token)
    rows = Session.objects.filter(event__series__organisation__in=own)
    return rows.select_related("event__series").prefetch_related("parts__speaker")


def speakers_for(person: Person, *, roles: Roles = SEES, token: ApiToken | None = None) -> QuerySet[Speaker]:
    """List the speakers who have a part in a programme of the person's organisations.

    ``shared`` tells of each whether an organisation that is not the person's presents them too.
    """
    own = organisations_where(person, roles=roles, token=token)
    parts = Session.objects.filter(parts__speaker=OuterRef("pk"))
    rows = Speaker.objects.filter(Exists(parts.filter(event__series__organisation__in=own)))
    return rows.annotate(shared=Exists(parts.exclude(event__series__organisation__in=own)))


def presented_elsewhere(event: Event, slugs: Collection[str]) -> set[str]:
    """Tell which of these speakers another organisation presents too: what it knows of them is not shared."""
    others = SessionSpeaker.objects.exclude(session__event__series__organisation=event.series.organisation_id)
    return set(others.filter(speaker__slug__in=slugs).values_list("speaker__slug", flat=True))


def series_of(person: Person, pk: int, *, roles: Roles = SEES, token: ApiToken | None = None) -> EventSeries:
    """Find one of the person's series; somebody else's does not exist for them."""
    found = series_for(person, roles=roles, token=token).filter(pk=pk).first()
    if found is None:
        raise _not_found()
    return found


def series_named(
    person: Person, slug: str, *, roles: Roles = SEES, token: ApiToken | None = None
) -> EventSeries:
    """Find one of the person's series by its name in addresses; somebody else's does not exist for them."""
    found = series_for(person, roles=roles, token=token).filter(slug=slug).first()
    if found is None:
        raise _not_found()
    return found


def event_for(person: Person, pk: int, *, roles: Roles = SEES, token: ApiToken | None = None) -> Event:
    """Find one of the person's events; somebody else's does not exist for them."""
    found = events_for(person, roles=roles, token=token).filter(pk=pk).first()
    if found is None:
        raise _not_found()
    return found


def session_for(person: Person, pk: int, *, roles: Roles = SEES, token: ApiToken | None = None) -> Session:
    """Find one of the person's sessions; somebody else's does not exist for them."""
    found = sessions_for(person, roles=roles, token=token).filter(pk=pk).first()
    if found is None:
        raise _not_found()
    return found


def speaker_for(person: Person, pk: int, *, roles: Roles = SEES, token: ApiToken | None = None) -> Speaker:
    """Find one of the person's speakers; somebody else's does not exist for them."""
    found = speakers_for(person, roles=roles, token=token).filter(pk=pk).first()
    if found is None:
        raise _not_found()
    return found


def events_of_speaker(
    person: Person, speaker: Speaker, *, roles: Roles = SEES, token: ApiToken | None = None
) -> QuerySet[Event]:
    """List the person's events in whose programme a speaker has a part, the newest first."""
    rows = events_for(person, roles=roles, token=token).filter(sessions__parts__speaker=speaker)
    return rows.distinct().order_by("-starts_at", "-pk")
