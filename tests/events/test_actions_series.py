from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import Organisation, User
from backend.core.errors import Refusal
from backend.core.i18n import Text
from events import actions, rules
from events.models import Event, EventSeries
from events.templates import TEMPLATES
from tests.events.conftest import Audited

COFFEES = Text("Vipuvoimaa skaalaamiseen -aamukahvit", "Morgonkaffe", "Morning coffees")


def create(
    demos: Organisation, olli: User, noon: datetime, *, first_day: date = date(2027, 4, 13), **changed: object
) -> EventSeries:
    given = {"template": TEMPLATES["morning_coffee"], "title": COFFEES, "slug": "aamukahvit-2028"} | changed
    return actions.create_series(organisation=demos, first_day=first_day, at=noon, actor=olli, **given)  # type: ignore[arg-type]  # a short hand for tests


def test_the_template_gives_four_draft_mornings_with_their_themes(
    demos: Organisation, olli: User, noon: datetime, audited: Audited
) -> None:
    series = create(demos, olli, noon)

    assert (series.title, series.state, series.created_at) == (COFFEES, "draft", noon)
    rows = series.events.values_list("slug", "title_sv", "starts_at", "ends_at", "accent", "state", "mode")
    assert list(rows) == [
        (
            f"aamukahvit-2028-2027-04-{day}",
            theme,
            datetime(2027, 4, day, 5, 30, tzinfo=UTC),
            datetime(2027, 4, day, 7, 0, tzinfo=UTC),
            accent,
            "draft",
            "online",
        )
        for day, theme, accent in (
            (13, "Närnaturens tillgänglighet", "nature"),
            (14, "Delaktighet, motion och hållbarhet", "participation"),
            (15, "Hållbarhetens digitalisering och kunskapsbaserad ledning", "digital"),
            (16, "Hållbart byggande och boende", "building"),
        )
    ]
    assert audited() == [("series.created", f"series:{series.pk}", {"template": "morning_coffee"})]


def test_the_following_days_leave_out_the_weekend(demos: Organisation, olli: User, noon: datetime) -> None:
    series = create(demos, olli, noon, first_day=date(2027, 4, 15))

    assert [event.starts_at.day for event in series.events.all()] == [15, 16, 19, 20]


def test_a_series_over_the_spring_change_keeps_its_hour_on_the_wall(
    demos: Organisation, olli: User, noon: datetime
) -> None:
    series = create(demos, olli, noon, first_day=date(2027, 3, 26))

    assert [event.starts_at.hour for event in series.events.all()] == [6, 5, 5, 5]


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_every_template_makes_a_series(key: str, demos: Organisation, olli: User, noon: datetime) -> None:
    template = TEMPLATES[key]
    series = create(demos, olli, noon, template=template)

    assert series.events.count() == template.days
    assert series.events.filter(title_fi="", title_sv="", title_en="").count() == 0
    assert template.capacity > 0
    assert not template.name.missing


def test_an_address_is_given_once(demos: Organisation, olli: User, noon: datetime) -> None:
    create(demos, olli, noon)

    with pytest.raises(rules.SlugTaken) as refused:
        create(demos, olli, noon)

    assert (refused.value.code, list(refused.value.fields)) == ("address-taken", ["slug"])
    assert EventSeries.objects.count() == 1


def test_an_address_whose_events_would_share_theirs_is_refused(
    demos: Organisation, olli: User, noon: datetime
) -> None:
    create(demos, olli, noon, slug="aamukahvit-2027")

    with pytest.raises(rules.SlugTaken):
        create(demos, olli, noon, slug="aamukahvit")

    assert (EventSeries.objects.count(), Event.objects.count()) == (1, 4)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slug": "Aamu Kahvit"}, "slug"),
        ({"title": Text(sv="Morgonkaffe")}, "title.fi"),
        ({"title": Text("Aamu\x00kahvit")}, "title.fi"),
        ({"title": Text("x" * 201)}, "title.fi"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_the_field(
    changed: dict[str, Any], field: str, demos: Organisation, olli: User, noon: datetime
) -> None:
    with pytest.raises(rules.NeedsCorrecting) as refused:
        create(demos, olli, noon, **changed)

    assert list(refused.value.fields) == [field]
    assert EventSeries.objects.count() == 0


def test_only_what_is_given_changes(
    mornings: EventSeries, olli: User, noon: datetime, audited: Audited
) -> None:
    actions.edit_series(
        series=mornings,
        lead=Text("Neljä aamua.", "Fyra morgnar.", "Four mornings."),
        organisers="Esimerkki Oy",
        at=noon,
        actor=olli,
    )
    actions.edit_series(series=mornings, organisers="Esimerkki Oy", at=noon, actor=olli)
    actions.edit_series(
        series=mornings,
        title=COFFEES,
        contact_email="kahvit@example.org",
        source_url="https://example.org/",
        at=noon,
        actor=olli,
    )

    mornings.refresh_from_db()
    assert (mornings.title, mornings.lead.sv, mornings.organisers, mornings.contact_email) == (
        COFFEES,
        "Fyra morgnar.",
        "Esimerkki Oy",
        "kahvit@example.org",
    )
    assert audited() == [
        (
            "series.edited",
            f"series:{mornings.pk}",
            {"fields": ["lead_fi", "lead_sv", "lead_en", "organisers"]},
        ),
        (
            "series.edited",
            f"series:{mornings.pk}",
            {"fields": ["title_sv", "title_en", "contact_email", "source_url"]},
        ),
    ]


def test_publishing_shows_the_series_and_its_events(
    demos: Organisation, olli: User, noon: datetime, audited: Audited
) -> None:
    series = create(demos, olli, noon)

    actions.publish_series(series=series, at=noon, actor=olli)
    actions.publish_series(series=series, at=noon, actor=olli)

    assert series.state == "published"
    assert {event.state for event in series.events.all()} == {"published"}
    assert audited()[1:] == [("series.published", f"series:{series.pk}", {"events": 4})]


def test_publishing_again_shows_what_was_added_since(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    Event.objects.filter(slug="aamukahvit-2027-04-16").update(state=Event.State.DRAFT)

    actions.publish_series(series=mornings, at=noon, actor=olli)

    assert {event.state for event in mornings.events.all()} == {"published"}


def test_a_series_without_events_has_nothing_to_show(demos: Organisation, olli: User, noon: datetime) -> None:
    series = create(demos, olli, noon)
    series.events.all().delete()

    with pytest.raises(Refusal) as refused:
        actions.publish_series(series=series, at=noon, actor=olli)

    assert (refused.value.code, refused.value.status) == ("series-empty", 409)
