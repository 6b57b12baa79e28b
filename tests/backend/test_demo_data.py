"""What the demonstration says of real events and practices is what their sources say, and nothing more."""

from datetime import UTC, datetime

import pytest
from pytest_django.fixtures import Settings

from backend.core.i18n import Text
from backend.demo import load
from backend.demo.files import read, read_series
from backend.doctor import Level, languages
from backend.reference import load_reference
from backend.reference import read as read_list
from catalogue.models import Alliance, CriteriaSet, Practice, Story, Theme
from catalogue.queries import presented_at
from events.models import Event, EventSeries, Session, Speaker
from events.queries import event_by_slug, released_programme

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def _history(db: None, settings: Settings) -> None:
    settings.PRODUCTION = False  # the run on PostgreSQL has the production profile
    load(AT)


@pytest.mark.usefixtures("_history")
def test_everything_of_the_design_is_there() -> None:
    real = EventSeries.objects.exclude(slug__in=["aamukahvit-2027", "sparraus-2027"])

    assert (real.count(), Event.objects.filter(series__in=real).count()) == (11, 22)
    assert (Practice.objects.count(), Story.objects.count(), Alliance.objects.count()) == (21, 10, 8)
    assert Speaker.objects.exclude(source_url="").count() == 28


@pytest.mark.usefixtures("_history")
def test_nothing_is_invented_for_the_mornings_of_april_2021() -> None:
    mornings = Event.objects.filter(series__slug="aamukahvit-2021")

    assert [event.starts_at for event in mornings] == [
        datetime(2021, 4, day, 5, 30, tzinfo=UTC) for day in (13, 14, 15, 16)
    ]
    assert not Session.objects.filter(event__in=mornings).exists()
    assert [released_programme(event) for event in mornings] == [None] * 4


@pytest.mark.usefixtures("_history")
def test_the_morning_of_27_january_2021_has_its_real_programme() -> None:
    event = event_by_slug("kestava-kaupunki-aamukahvit-2021-01-27-vlr")
    programme = released_programme(event)

    assert programme is not None
    assert event.starts_at == datetime(2021, 1, 27, 6, 30, tzinfo=UTC)
    assert [
        (item.kind, item.title.fi, item.starts_at, [part.name for part in item.speakers])
        for item in programme.items
    ] == [
        ("marker", "Tilaisuus alkaa", datetime(2021, 1, 27, 6, 30, tzinfo=UTC), []),
        ("opening", "Tervetuloa", None, ["Virve Hokkanen", "Iina Heikkilä"]),
        ("talk", "Kestävän kaupunkikehityksen kansainvälinen seuranta", None, ["Jyri Juslen"]),
        (
            "talk",
            "Kokemuksia VLR:stä (Helsinki, Espoo, Turku)",
            None,
            ["Mia Malin", "Ville Taajamaa", "Anna Bertoft", "Jutta Mäkinen"],
        ),
        ("comment", "Kommenttipuheenvuoro", None, ["Sami Pirkkala"]),
        ("discussion", "Kysymyksiä ja keskustelua", None, []),
        ("marker", "Tilaisuus päättyy", datetime(2021, 1, 27, 8, 0, tzinfo=UTC), []),
    ]


@pytest.mark.usefixtures("_history")
def test_speakers_have_the_title_and_organisation_they_had_then() -> None:
    programme = released_programme(event_by_slug("kekekekkerit-2021-09-22"))
    assert programme is not None
    parts = {part.name: (part.title, part.organisation) for item in programme.items for part in item.speakers}

    assert parts["Markus Pauni"] == ("strategia- ja kehitysjohtaja", "Kuntaliitto")
    assert parts["Johanna Saastamoinen"] == ("", "Lahti")  # a title was not given
    assert parts["Elina Seppänen"] == ("energia- ja ilmastoasiantuntija", "")


@pytest.mark.usefixtures("_history")
def test_blocks_hold_their_practices_and_the_catalogue_knows_where_they_were_told_of() -> None:
    event = event_by_slug("kekekekkerit-2021-09-22")
    programme = released_programme(event)
    assert programme is not None
    blocks = {item.session_id: item.title.fi for item in programme.items if item.kind == "block"}
    inner = [(blocks[item.block_id], item.title.fi) for item in programme.items if item.block_id]

    assert inner == [
        ("Ekologisesti painottunut kunta – toimenpiteitä", "Ympäristösertifioitu hankintajärjestelmä"),
        ("Ekologisesti painottunut kunta – toimenpiteitä", "Kestävien elämäntapojen opetus koko ikäluokalle"),
        ("Ekologisesti painottunut kunta – toimenpiteitä", "Bio Hub"),
        ("Ekologisesti painottunut kunta – toimenpiteitä", "Hävitetään hävikki"),
        ("Kestävä kunta – toimenpiteitä eri toimialoilta", "Ilmastobudjetointi"),
    ]
    assert [practice.slug for practice in presented_at(event).values()] == [
        "kemi-hankintajarjestelma",
        "lahti-kestavat-elamantavat",
        "heinola-bio-hub",
        "hameenlinna-havitetaan-havikki",
    ]


@pytest.mark.usefixtures("_history")
def test_where_the_hour_is_not_known_no_hour_is_shown() -> None:
    notes = Event.objects.exclude(when_note_fi="").order_by("starts_at")
    forum = released_programme(event_by_slug("hallbarhetsforum-2024-03-06"))

    assert {event.slug: event.when_note for event in notes} == {
        "kestavan-kaupunkikehityksen-foorumi-2021-syksy": Text(
            "syksy 2021, päivät eivät ole tiedossa",
            "hösten 2021, dagarna är inte kända",
            "autumn 2021, the days are not known",
        ),
        "kestavan-kehityksen-toimikunta-aamukahvit-09-26": Text(
            "26.9. klo 8–9, vuosi on joko 2022 tai 2023",
            "26.9 kl. 8–9, året är antingen 2022 eller 2023",
            "26 September, 8–9, in either 2022 or 2023",
        ),
        "hallbarhetsforum-2024-03-06": Text(
            "6.3.2024, kellonaika ei ole tiedossa",
            "6.3.2024, klockslaget är inte känt",
            "6 March 2024, the hour is not known",
        ),
    }
    assert forum is not None
    assert [(item.minutes, item.starts_at, item.ends_at) for item in forum.items] == [
        (30, None, None),
        (20, None, None),
        (20, None, None),
    ]


@pytest.mark.usefixtures("_history")
def test_every_practice_has_its_source_and_nobody_has_assessed_it() -> None:
    for practice in Practice.objects.select_related("published"):
        assert practice.source_url.startswith("https://")
        assert (practice.label, practice.came_from, practice.owner_email) == ("not_assessed", None, "")
        assert practice.published is not None
        assert not practice.published.reviews.exists()


@pytest.mark.usefixtures("_history")
def test_a_practice_that_did_not_work_says_so() -> None:
    keli = Practice.objects.select_related("published").get(slug="keli")

    assert keli.published is not None
    assert keli.published.results.en == (
        "The messages interested people, but travel choices did not change during the study"
    )


@pytest.mark.usefixtures("_history")
def test_real_names_keep_their_signs() -> None:
    assert Speaker.objects.filter(name="M.C.G. te Brömmelstroet").exists()
    pupu = Practice.objects.select_related("published").get(slug="pupu-bunny-arnab")
    assert pupu.published is not None
    assert pupu.published.title.fi.startswith("Pupu, bunny, ’arnab – ")


@pytest.mark.usefixtures("_history")
def test_everything_that_is_shown_is_said_in_three_languages() -> None:
    assert [line.level for line in languages.published(AT)] == [Level.OK]
    current = CriteriaSet.objects.get()
    names = [current.name, *(theme.name for theme in Theme.objects.all())]
    names += [text for criterion in current.criteria.all() for text in (criterion.name, criterion.meaning)]
    assert [text for text in names if text.missing] == []


@pytest.mark.usefixtures("_history")
def test_an_unknown_membership_is_said_to_be_unknown() -> None:
    hinku = Alliance.objects.get(slug="hinku")
    fisu = Alliance.objects.get(slug="fisu")

    assert (hinku.member_count, hinku.members.count(), fisu.members.count()) == (99, 0, 11)
    assert "löytynyt" in Alliance.objects.get(slug="vipu-allianssit").summary_fi


def test_the_five_criteria_are_the_current_ones() -> None:
    load_reference(AT)
    current = CriteriaSet.objects.get(is_current=True)

    assert [criterion.key for criterion in current.criteria.all()] == [
        "multidimensional-impact",
        "demand",
        "verifiable-results",
        "stakeholder-needs",
        "documentation",
    ]
    assert load_reference(AT) == 0


def test_every_file_names_its_sources() -> None:
    for name in ("practices", "stories", "alliances"):
        assert all(given["source_url"].startswith("https://") for given in read(name))
    assert all(given["source_url"].startswith("https://") for given in read("speakers").values())
    assert all(given["source_url"].startswith("https://") and given["status"] for given in read_series())
    assert all(theme["sources"] for theme in read_list("themes"))
    assert read_list("criteria")["sources"]
