from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Membership, Organisation, User
from backend.core.errors import NotFound
from backend.core.i18n import Text
from events import actions, policies, queries
from events.models import Event, EventSeries
from tests import factories

LAST_END = datetime(2027, 4, 16, 7, 0, tzinfo=UTC)


def test_a_series_is_upcoming_until_its_last_event_has_ended(
    mornings: EventSeries, demos: Organisation
) -> None:
    later = factories.four_mornings(organisation=demos, slug="syksy-2027")
    Event.objects.filter(series=later).update(
        starts_at=LAST_END + timedelta(days=200), ends_at=LAST_END + timedelta(days=201)
    )

    assert list(queries.upcoming_series(LAST_END - timedelta(seconds=1))) == [mornings, later]
    assert list(queries.upcoming_series(LAST_END)) == [later]


def test_a_series_whose_events_are_cancelled_is_not_upcoming(mornings: EventSeries, noon: datetime) -> None:
    Event.objects.update(state=Event.State.CANCELLED)

    assert list(queries.upcoming_series(noon)) == []


def test_past_events_come_with_the_latest_first(mornings: EventSeries) -> None:
    days = [event.starts_at.day for event in queries.past_events(LAST_END - timedelta(days=1))]

    assert days == [15, 14, 13]


def test_drafts_are_found_only_by_those_who_ask_for_them(mornings: EventSeries, morning: Event) -> None:
    Event.objects.filter(pk=morning.pk).update(state=Event.State.DRAFT)
    EventSeries.objects.update(state=EventSeries.State.DRAFT)

    for find in (queries.series_by_slug, queries.event_by_slug):
        with pytest.raises(NotFound):
            find(mornings.slug if find is queries.series_by_slug else morning.slug)

    assert queries.series_by_slug(mornings.slug, drafts=True) == mornings
    assert queries.event_by_slug(morning.slug, drafts=True) == morning
    assert len(queries.events_of(mornings)) == 3
    assert len(queries.events_of(mornings, drafts=True)) == 4


def test_what_is_somebody_elses_is_not_found(
    mornings: EventSeries, morning: Event, olli: User, noon: datetime
) -> None:
    session = actions.add_session(event=morning, title=Text("Avaus"), at=noon, actor=olli)
    veera = factories.organiser(factories.organisation("toinen"), email="veera@example.org")

    assert queries.series_of(olli, mornings.pk) == mornings
    assert queries.event_for(olli, morning.pk) == morning
    assert queries.session_for(olli, session.pk) == session
    for find, pk in (
        (queries.series_of, mornings.pk),
        (queries.event_for, morning.pk),
        (queries.session_for, session.pk),
        (queries.speaker_for, 1),
    ):
        with pytest.raises(NotFound):
            find(veera, pk)


def test_the_working_programme_has_no_warning_for_a_block_and_its_items(
    morning: Event, olli: User, noon: datetime
) -> None:
    block = actions.add_session(
        event=morning,
        kind="parallel",
        title=Text("Rinnakkain"),
        starts_at=morning.starts_at,
        ends_at=morning.ends_at,
        at=noon,
        actor=olli,
    )
    for title in ("Yksi", "Kaksi"):
        actions.add_session(event=morning, title=Text(title), minutes=30, block=block, at=noon, actor=olli)

    assert queries.working_programme(morning).warnings == ()


# --- Who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("admin", {"sees", "changes"}),
        ("organiser", {"sees", "changes"}),
        ("viewer", {"sees"}),
        ("reviewer", set()),
    ],
)
def test_the_role_decides_who_sees_and_changes_a_series(
    role: str, allowed: set[str], mornings: EventSeries, demos: Organisation
) -> None:
    veera = factories.organiser(demos, email="veera@example.org", role=Membership.Role(role))

    reached = {
        name
        for name, roles in (("sees", policies.SEES), ("changes", policies.CHANGES))
        if queries.series_for(veera, roles=roles).exists()
    }
    assert reached == allowed
