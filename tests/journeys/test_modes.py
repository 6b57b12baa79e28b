"""Each way of letting people in, from the organiser's first press to the last mail, over HTTP only."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from pytest_django.fixtures import Settings

from accounts.models import Organisation
from events.models import EventSeries
from tests import factories
from tests.journeys.near import NearVisitor, Trip
from tests.journeys.postbox import Postbox
from tests.journeys.visitor import Page

THEME = "Lähiluonnon saavutettavuus"
AINO, VEERA, ONNI, KERTTU = (f"{name}@example.org" for name in ("aino", "veera", "onni", "kerttu"))


@pytest.fixture
def trip(
    mornings: EventSeries, demos: Organisation, noon: datetime, settings: Settings, tmp_path: Path
) -> Iterator[Trip]:
    """Two places on the first morning, and an organiser at the desk; it is noon."""
    settings.PRODUCTION = False
    settings.MAILERS = {"default": {"BACKEND": "notifications.mailbox.MailboxBackend"}}
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    factories.organiser(demos)
    with time_machine.travel(noon, tick=False) as clock:
        found = Trip(
            series=mornings.slug,
            event=mornings.events.all()[0].slug,
            postbox=Postbox(settings.MAILBOX_DIR),
            clock=clock,
        )
        found.sign_in("olli@example.org", "a long enough password")
        yield found


def set_mode(trip: Trip, mode: str, group: str = "") -> None:
    """Say at the desk who may come."""
    page = trip.at_desk(THEME, "Ketkä pääsevät mukaan")
    trip.desk.check(trip.desk.press(page, "Tallenna", mode=mode, group=group))


def decide(trip: Trip, to: str, *names: str) -> Page:
    """Tick these applicants at the desk and decide about them; gives the page that tells it beforehand."""
    page = trip.at_desk(THEME, "Ketkä pääsevät mukaan", "Hakemukset")
    keys = [re.search(rf'value="(\d+)"[^>]*> <span>{name}<', page.body) for name in names]
    told = trip.desk.press(page, "Jatka", people=[key[1] for key in keys if key], to=to)
    trip.desk.check(trip.desk.press(told, "Päätä ja kerro hakijoille"))
    return told


def give_up(trip: Trip, address: str) -> None:
    """Give the place up by two presses from the newest mail, and let the ten minutes pass."""
    visitor = NearVisitor()
    ask = visitor.follow(trip.own_page(address), "Peru paikkani")
    visitor.check(visitor.press(ask, "Peru paikkani"))
    trip.wait(minutes=10)


def offering(trip: Trip) -> None:
    """Aino and Veera have the two places, Onni and Kerttu wait; places are offered for six hours."""
    page = trip.at_desk(THEME, "Paikat ja jono", "Jonon ehdot")
    hours = {"offer_hours": "6", "offer_cutoff_hours": "2"}
    trip.desk.check(trip.desk.press(page, "Tallenna", promotion="offer", offer_in_working_hours=[], **hours))
    for name, address in (("Aino", AINO), ("Veera", VEERA), ("Onni", ONNI), ("Kerttu", KERTTU)):
        trip.register(f"{name} Esimerkki", address)
    give_up(trip, AINO)


def answer(trip: Trip, address: str, button: str, *, status: int = 200) -> Page:
    """Open the offer from the mail and press one of its two buttons."""
    offer = next(mail for mail in trip.mails(address) if mail.subject.startswith("Sinulle vapautui paikka"))
    visitor = NearVisitor()
    page = visitor.check(visitor.open(offer.link("/r/")), language="fi")
    return visitor.check(visitor.press(page, button), status=status)


def test_open_to_everybody_and_the_line_moves_by_itself(trip: Trip) -> None:
    trip.register("Aino Esimerkki", AINO)
    assert trip.places() == {"state": "few_left", "places_left": 1, "waiting": 0, "mode": "open"}
    trip.register("Veera Esimerkki", VEERA)
    receipt = trip.register("Onni Esimerkki", ONNI)

    assert "onossa" in receipt.text
    assert trip.subjects(ONNI) == ["Jonossa (1.)"]
    assert "Täynnä – ilmoittaudu jonoon (jonossa 1)" in trip.public().text
    assert trip.places() == {"state": "full_with_list", "places_left": 0, "waiting": 1, "mode": "open"}

    give_up(trip, AINO)

    assert trip.subjects(AINO) == ["Olet mukana", "Peruit paikkasi"]
    assert trip.subjects(ONNI) == ["Jonossa (1.)", "Sait paikan"]
    assert [mail.method for mail in trip.mails(ONNI) if mail.calendar] == ["REQUEST"]
    assert "Sinulla on paikka" in trip.own_page(ONNI).text
    assert trip.places() == {"state": "full_with_list", "places_left": 0, "waiting": 0, "mode": "open"}


def test_by_the_code_that_somebody_was_handed(trip: Trip) -> None:
    set_mode(trip, "invitation")
    making = trip.at_desk(THEME, "Ketkä pääsevät mukaan", "Kutsut", "Tee koodeja")
    made = trip.desk.check(trip.desk.press(making, "Tallenna", number="1"))
    [link] = re.findall(r"https?://[^ <]+koodi=[\w-]+", made.text)

    refused = trip.register("Veera Esimerkki", VEERA, status=422)
    assert "vain kutsu" in refused.text.lower()
    trip.register("Aino Esimerkki", AINO, link=link)
    again = trip.register("Veera Esimerkki", VEERA, link=link, status=422)

    assert again.form("Ilmoittaudu")
    assert "Vain kutsulla" in trip.public().text
    assert (trip.subjects(AINO), trip.subjects(VEERA)) == (["Olet mukana"], [])
    assert trip.places() == {"state": "few_left", "places_left": 1, "waiting": 0, "mode": "invitation"}
    assert "käytetty Aino Esimerkki" in trip.at_desk(THEME, "Ketkä pääsevät mukaan", "Kutsut").text


def test_by_the_list_of_those_invited_by_name(trip: Trip) -> None:
    set_mode(trip, "invitation")
    typing = trip.at_desk(THEME, "Ketkä pääsevät mukaan", "Kutsut", "Kutsu nimellä")
    people = f"Aino Esimerkki <{AINO}>\nVeera Esimerkki, {VEERA}"
    told = trip.desk.check(trip.desk.press(typing, "Jatka", people=people, language="fi"))
    assert "2 henkilöä saa kutsun" in told.text
    assert trip.subjects(AINO) == []
    trip.desk.check(trip.desk.press(told, "Lähetä kutsut"))

    [invitation] = trip.mails(AINO)
    link = invitation.link("/fi/")
    stranger = trip.register("Onni Esimerkki", ONNI, link=link, status=422)
    assert "id_code" in stranger.body
    trip.register("Aino Esimerkki", AINO, link=link)

    assert trip.subjects(AINO) == ["Kutsu", "Olet mukana"]
    assert (trip.subjects(VEERA), trip.subjects(ONNI)) == (["Kutsu"], [])
    listed = trip.at_desk(THEME, "Ketkä pääsevät mukaan", "Kutsut").text
    assert (listed.count("käyttämättä"), "käytetty Aino Esimerkki" in listed) == (1, True)
    assert trip.places()["places_left"] == 1


def test_for_the_members_of_a_group(trip: Trip) -> None:
    form = trip.at_desk(THEME, "Ketkä pääsevät mukaan", "Jäsenryhmät", "Uusi ryhmä")
    groups = trip.desk.check(trip.desk.press(form, "Tallenna", name="Verkosto", members="example.org"))
    set_mode(trip, "members", group=groups.link("Verkosto").strip("/").rpartition("/")[2])

    trip.register("Aino Esimerkki", AINO)
    outside = trip.register("Onni Example", "onni@example.com", status=422)

    assert "ryhmän jäsenille" in outside.text
    assert trip.subjects(AINO) == ["Olet mukana"]
    assert trip.subjects("onni@example.com") == []
    assert trip.places() == {"state": "few_left", "places_left": 1, "waiting": 0, "mode": "members"}


def test_by_application_with_a_shortlist_a_reserve_and_those_not_chosen(trip: Trip) -> None:
    set_mode(trip, "application")
    for name, address in (("Aino", AINO), ("Veera", VEERA), ("Onni", ONNI), ("Kerttu", KERTTU)):
        assert "Hakemus" in trip.register(f"{name} Esimerkki", address).text
    assert trip.subjects(AINO) == ["Hakemus vastaanotettu"]
    assert trip.places() == {"state": "open", "places_left": 2, "waiting": 0, "mode": "application"}

    decide(trip, "shortlisted", "Aino Esimerkki", "Veera Esimerkki", "Onni Esimerkki")
    assert trip.subjects(VEERA)[1:] == ["Hakemuksesi pääsi jatkoon"]
    told = decide(trip, "confirmed", "Aino Esimerkki", "Veera Esimerkki")
    assert "2 hakijaa saa paikan" in told.text
    decide(trip, "waiting", "Onni Esimerkki")
    decide(trip, "not_chosen", "Kerttu Esimerkki")

    begin = ["Hakemus vastaanotettu", "Hakemuksesi pääsi jatkoon"]
    assert trip.subjects(AINO) == [*begin, "Sinut on valittu"]
    assert trip.mails(AINO)[-1].method == "REQUEST"
    assert trip.subjects(ONNI) == [*begin, "Varasijalla (1.)"]
    assert trip.subjects(KERTTU) == ["Hakemus vastaanotettu", "Et tullut valituksi"]
    assert trip.places() == {"state": "open", "places_left": 0, "waiting": 1, "mode": "application"}

    give_up(trip, VEERA)

    assert trip.subjects(ONNI) == [*begin, "Varasijalla (1.)", "Sait paikan"]
    assert "Sinulla on paikka" in trip.own_page(ONNI).text
    assert trip.places()["waiting"] == 0


def test_an_offered_place_is_taken(trip: Trip) -> None:
    offering(trip)

    assert trip.subjects(ONNI) == ["Jonossa (1.)", "Sinulle vapautui paikka"]
    assert [mail.calendar for mail in trip.mails(ONNI)] == ["", ""]
    assert trip.places() == {"state": "full_with_list", "places_left": 0, "waiting": 1, "mode": "open"}
    assert "Onni Esimerkki" in trip.at_desk(THEME, "Paikat ja jono").text

    home = answer(trip, ONNI, "Ota paikka")

    assert "Paikka on sinun" in home.text
    assert trip.subjects(ONNI)[2:] == ["Sait paikan"]
    assert trip.mails(ONNI)[-1].method == "REQUEST"
    assert trip.subjects(KERTTU) == ["Jonossa (2.)"]
    assert trip.places()["waiting"] == 1


def test_an_offered_place_is_declined_and_offered_to_the_next(trip: Trip) -> None:
    offering(trip)

    answer(trip, ONNI, "En pääse")

    assert trip.subjects(ONNI) == ["Jonossa (1.)", "Sinulle vapautui paikka"]
    assert trip.subjects(KERTTU) == ["Jonossa (2.)", "Sinulle vapautui paikka"]
    answer(trip, KERTTU, "Ota paikka")
    assert "Sinulla on paikka" in trip.own_page(KERTTU).text
    assert trip.places() == {"state": "full_with_list", "places_left": 0, "waiting": 0, "mode": "open"}


def test_an_offered_place_nobody_answered_for_goes_on(trip: Trip) -> None:
    offering(trip)
    offer = trip.mails(ONNI)[-1].link("/r/")

    trip.wait(hours=6)

    assert trip.subjects(ONNI) == ["Jonossa (1.)", "Sinulle vapautui paikka", "Tarjottu paikka ehti mennä"]
    assert trip.subjects(KERTTU) == ["Jonossa (2.)", "Sinulle vapautui paikka"]
    late = NearVisitor().open(offer)
    assert not [form for form in late.forms if any("Ota paikka" in text for text, *_ in form.buttons)]
    trip.wait(hours=6)
    assert trip.places() == {"state": "few_left", "places_left": 1, "waiting": 0, "mode": "open"}
    assert trip.subjects(KERTTU)[-1] == "Tarjottu paikka ehti mennä"
