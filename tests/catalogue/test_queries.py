"""What the public finds, and what reviewers may read."""

from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import ApiToken, Membership, Organisation, User
from backend.core.errors import NotFound
from backend.core.i18n import Text
from catalogue import queries
from catalogue.models import CriteriaSet, Practice, Presentation
from events.models import Event, EventSeries, Session
from tests import factories
from tests.catalogue import world


@pytest.fixture
def three(places: None, themes: None, criteria: CriteriaSet, noon: datetime) -> None:
    world.published(
        "aistipolku",
        at=noon,
        title=Text("Esteetön Äänipolku", "Tillgänglig sinnesstig", "Sensory path"),
        summary=Text(fi="Kuntalaisille ja matkailijoille."),
        municipality="182",
        theme="healthy",
    )
    world.published(
        "kokeilut",
        at=noon,
        title=Text(fi="Asukkaiden kokeilut"),
        municipality="853",
        theme="social",
        label=Practice.Label.LEARNING,
    )
    world.published("hiili_100", at=noon, title=Text(fi="Hiilestä 100% irti_x"), theme="social")


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ({}, ["hiili_100", "kokeilut", "aistipolku"]),
        ({"q": "äänipolku"}, ["aistipolku"]),
        ({"q": "ÄÄNIPOLKU"}, ["aistipolku"]),
        ({"q": "Aanipolku"}, []),
        ({"q": "sensory"}, ["aistipolku"]),
        ({"q": "tillgänglig matkail"}, ["aistipolku"]),
        ({"q": "polku kokeilut"}, []),
        ({"q": "åbo"}, ["kokeilut"]),
        ({"q": "Turku kokei"}, ["kokeilut"]),
        ({"q": "100%"}, ["hiili_100"]),
        ({"q": "i_x"}, ["hiili_100"]),
        ({"q": "100_"}, []),
        ({"q": "'; drop table --"}, []),
        ({"q": "i\x00\x00"}, ["hiili_100", "kokeilut", "aistipolku"]),
        ({"q": " ".join(["polku"] * 300)}, ["aistipolku"]),
        ({"theme": "social"}, ["hiili_100", "kokeilut"]),
        ({"theme": "unknown"}, []),
        ({"municipality": "182"}, ["aistipolku"]),
        ({"municipality": "182\x00"}, ["aistipolku"]),
        ({"label": "learning"}, ["kokeilut"]),
        ({"label": "learning", "theme": "healthy"}, []),
    ],
)
def test_the_catalogue_is_narrowed(three: None, asked: dict[str, str], slugs: list[str]) -> None:
    assert [practice.slug for practice in queries.published(**asked)] == slugs


def test_facets_count_the_whole_list_found(three: None) -> None:
    assert queries.facets(queries.published()) == queries.Facets(
        themes={"social": 2, "healthy": 1},
        municipalities={"182": 1, "853": 1},
        labels={"learning": 1, "not_assessed": 2},
    )
    assert queries.facets(queries.published(q="polku")) == queries.Facets(
        themes={"healthy": 1}, municipalities={"182": 1}, labels={"not_assessed": 1}
    )


def test_a_draft_is_nobodys_to_find(lead: Practice) -> None:
    assert not queries.published(q="lähimetsä").exists()
    with pytest.raises(NotFound):
        queries.practice_by_slug(lead.slug)


def test_sessions_name_the_published_practices_told_of_in_them(
    three: None, mornings: EventSeries, noon: datetime
) -> None:
    event = mornings.events.first()
    assert event is not None
    told, draft = (
        Session.objects.create(event=event, position=position, title_fi="Puheenvuoro") for position in (2, 1)
    )
    practice = Practice.objects.get(slug="aistipolku")
    Presentation.objects.create(practice=practice, session=told)
    Presentation.objects.create(practice=world.lead(event=event, at=noon), session=draft)

    assert queries.presented_at(event) == {told.pk: practice}
    assert [one.session.event for one in queries.presentations_of(practice)] == [event]
    Event.objects.update(state=Event.State.DRAFT)
    assert queries.presentations_of(practice) == []


def test_an_event_names_the_practices_born_of_it(lead: Practice, reviewer: User, noon: datetime) -> None:
    event = lead.came_from
    assert event is not None
    assert not queries.born_at(event)

    world.decided(world.sent(lead, at=noon), "publish", reviewer=reviewer, at=noon)

    assert list(queries.born_at(event)) == [lead]


def test_themes_stand_in_their_own_order(themes: None) -> None:
    assert [theme.key for theme in queries.themes()] == ["low-carbon", "smart", "social", "healthy"]


def test_the_current_criteria_have_to_be_loaded(db: None) -> None:
    with pytest.raises(NotFound):
        queries.current_criteria()


def test_a_reviewer_reads_what_came_from_the_events_of_their_own(
    lead: Practice, reviewer: User, demos: Organisation, noon: datetime
) -> None:
    version = world.sent(lead, at=noon)
    free = world.sent(world.lead(event=None, at=noon), at=noon)
    unsent = world.lead(event=lead.came_from, at=noon)
    abroad = factories.organisation("muu")
    stranger = factories.organiser(abroad, email="muu@example.org", role=Membership.Role.REVIEWER)
    olli = factories.organiser(demos)

    assert unsent.versions.count() == 1
    assert list(queries.review_queue(reviewer)) == [version, free]
    assert list(queries.review_queue(stranger)) == [free]
    assert list(queries.review_queue(olli)) == []
    assert list(queries.review_queue(AnonymousUser())) == []
    assert queries.submission_for(reviewer, version.pk) == version
    with pytest.raises(NotFound):
        queries.submission_for(stranger, version.pk)


def test_a_key_reaches_only_its_own_organisation(
    lead: Practice, reviewer: User, demos: Organisation, noon: datetime
) -> None:
    version = world.sent(lead, at=noon)
    other = factories.organisation("muu")
    Membership.objects.create(user=reviewer, organisation=other, role=Membership.Role.REVIEWER)
    keys = [
        ApiToken(user=reviewer, organisation=organisation, name="k", digest=slug, created_at=noon)
        for organisation, slug in ((demos, "a"), (other, "b"))
    ]

    assert [list(queries.review_queue(reviewer, token=key)) for key in keys] == [[version], []]


def test_a_decided_version_leaves_the_queue_and_stays_readable(
    lead: Practice, reviewer: User, noon: datetime
) -> None:
    version = world.sent(lead, at=noon)
    world.decided(version, "decline", reviewer=reviewer, at=noon, assessments={})

    assert list(queries.review_queue(reviewer)) == []
    assert [review.message for review in queries.submission_for(reviewer, version.pk).reviews.all()] == [
        "Kiitos, tämä on hyvä."
    ]
