"""What organisers do with a series as a whole."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from accounts.models import Organisation, User
from backend.core.dates import HELSINKI
from backend.core.i18n import Text, _
from events import rules
from events.actions.rows import hold, record_series, store
from events.models import Event, EventSeries
from events.templates import Template

_SATURDAY = 5


class SeriesFields(TypedDict, total=False):
    """What can be edited in a series; what is left out stays as it is."""

    title: Text
    lead: Text
    organisers: str
    contact_email: str
    source_url: str


@transaction.atomic
def create_series(
    *,
    organisation: Organisation,
    template: Template,
    title: Text,
    first_day: date,
    slug: str,
    at: datetime,
    actor: User | None,
) -> EventSeries:
    """Set up a series from a template as a draft, its events on consecutive weekdays."""
    inputs = rules.Inputs()
    title = inputs.lines("title", title, required=True)
    slug = inputs.slug("slug", slug)
    inputs.settle()
    days = [_hours(day, template=template) for day in weekdays(first_day, count=template.days)]
    series = EventSeries(
        organisation=organisation, slug=slug, timezone=HELSINKI, created_at=at, **title.columns("title")
    )
    events = [
        Event(
            series=series,
            slug=f"{slug.removesuffix(f'-{day:%Y}')}-{day:%Y-%m-%d}",  # the year is said once
            kind=template.kind,
            starts_at=starts_at,
            ends_at=ends_at,
            mode=template.mode,
            accent=template.accent(index),
            **template.theme(index, otherwise=title).columns("title"),
        )
        for index, (day, starts_at, ends_at) in enumerate(days)
    ]
    _insert(series, events)
    record_series("series.created", series, at=at, actor=actor, template=template.key)
    return series


def weekdays(first_day: date, *, count: int) -> Iterator[date]:
    """Give the first day as chosen, and the following ones without Saturdays and Sundays."""
    day = first_day
    for _index in range(count):
        yield day
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)


def _hours(day: date, *, template: Template) -> tuple[date, datetime, datetime]:
    wall = datetime.combine(day, time.fromisoformat(template.starts))
    starts_at = rules.on_the_clock(wall, zone=HELSINKI, field="first_day")
    return day, starts_at.astimezone(UTC), starts_at + timedelta(minutes=template.minutes)


def _insert(series: EventSeries, events: list[Event]) -> None:
    try:
        with transaction.atomic():
            series.save(force_insert=True)
            Event.objects.bulk_create(events)
    except IntegrityError as taken:
        sentence = _("Another series already has this address. Choose another one.")
        raise rules.SlugTaken(sentence, fields={"slug": [sentence]}) from taken


@transaction.atomic
def edit_series(
    *, series: EventSeries, at: datetime, actor: User | None, **given: Unpack[SeriesFields]
) -> EventSeries:
    """Correct the words of a series; only what is given changes."""
    inputs = rules.Inputs()
    values: dict[str, Any] = {}
    if "title" in given:
        values |= inputs.lines("title", given["title"], required=True).columns("title")
    if "lead" in given:
        values |= inputs.longs("lead", given["lead"]).columns("lead")
    if "organisers" in given:
        values["organisers"] = inputs.line("organisers", given["organisers"], limit=300)
    if "contact_email" in given:
        values["contact_email"] = inputs.email("contact_email", given["contact_email"])
    if "source_url" in given:
        values["source_url"] = inputs.link("source_url", given["source_url"])
    inputs.settle()
    if differing := store(hold(series), values):
        record_series("series.edited", series, at=at, actor=actor, fields=differing)
    return series


@transaction.atomic
def publish_series(*, series: EventSeries, at: datetime, actor: User | None) -> EventSeries:
    """Show the series and its events to everybody; doing it again shows events added since."""
    hold(series)
    if not series.events.exists():
        raise rules.NothingToPublish(_("Add an event before you publish the series."))
    shown = series.events.filter(state=Event.State.DRAFT).update(state=Event.State.PUBLISHED, changed_at=at)
    differing = store(series, {"state": EventSeries.State.PUBLISHED})
    if differing or shown:
        record_series("series.published", series, at=at, actor=actor, events=shown)
    return series
