"""The organiser's own questions on the page of registration."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from events.models import EventSeries
from registrations.models import Attendee
from tests.registrations.forms import agreed, answered, of_event, question, sealed, usual_form
from tests.registrations.people import slugs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(noon: datetime) -> Any:  # noqa: ANN401 - a fixture that yields
    with time_machine.travel(noon, tick=False):
        yield


def _address(series: EventSeries, language: str = "fi") -> str:
    words = {"fi": ("tapahtumat", "ilmoittaudu"), "en": ("events", "register")}[language]
    return f"/{language}/{words[0]}/{series.slug}/{words[1]}/"


def _typed(series: EventSeries, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what is typed
    return {
        "name": "Aino Esimerkki",
        "email": "aino@example.org",
        "key": "one",
        "events": slugs(series, 0),
        **more,
    }


def _shown(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def test_questions_are_answered_below_the_fixed_fields(mornings: EventSeries, client: Client) -> None:
    usual_form(mornings)
    page = client.get(_address(mornings)).content.decode()
    assert page.index('name="email"') < page.index('name="answers.how"') < page.index('name="consents"')
    assert "checked" not in page[page.index('name="consents"') - 200 : page.index('name="consents"') + 200]
    assert "Vastaa, jos vastauksesi kysymykseen ”how fi” on: on-the-spot fi" in _shown(page)
    assert "Tieto salataan" in _shown(page)

    typed = {"answers.how": "on-the-spot", "answers.diet": ["vegan", "no-gluten"], "consents": ["photos"]}
    answer = client.post(_address(mornings), _typed(mornings, **typed))

    assert answer.status_code == 303
    aino = Attendee.objects.get()
    assert answered(aino) == {"how": "on-the-spot"}
    assert list(sealed(aino)) == ["diet"]
    assert agreed(aino) == [("photos", 1, None)]


def test_a_missing_answer_is_told_beside_its_question_and_nothing_typed_is_lost(
    mornings: EventSeries, client: Client
) -> None:
    usual_form(mornings)
    question(mornings, "when", "date", required=True)
    question(mornings, "bus", "yes_no", required=True, event=of_event(mornings))

    answer = client.post(
        _address(mornings), _typed(mornings, **{"answers.when": "eilen", "answers.why": "Kiinnostaa"})
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_answers.when"' in html
    assert 'href="#id_answers.bus_0"' in html
    assert 'value="eilen"' in html
    assert "Kiinnostaa</textarea>" in html
    assert Attendee.objects.count() == 0


def test_switching_the_language_keeps_what_was_answered(mornings: EventSeries, client: Client) -> None:
    usual_form(mornings)
    typed = {
        "answers.how": "online",
        "answers.diet": ["vegan"],
        "answers.why": "Tärkeä",
        "consents": "photos",
    }

    html = client.post(
        _address(mornings, "en"), _typed(mornings, **typed, **{"switch-language": "en"})
    ).content.decode()

    ticked = set(re.findall(r'value="([^"]+)"[^>]*checked', html))
    assert {"online", "vegan", "photos"} <= ticked
    assert "Tärkeä</textarea>" in html
    assert "how en" in html
    assert Attendee.objects.count() == 0


def test_the_questions_of_an_event_stand_under_its_title(mornings: EventSeries, client: Client) -> None:
    question(mornings, "bus", "yes_no", event=of_event(mornings, 1))

    html = client.get(_address(mornings)).content.decode()

    block = html[html.index('<fieldset class="asked"') :]
    assert "Osallisuus, liikunta ja kestävyys" in block[: block.index("answers.bus")]


def test_a_posted_nonsense_is_refused_in_words(mornings: EventSeries, client: Client) -> None:
    usual_form(mornings)

    answer = client.post(
        _address(mornings), _typed(mornings, **{"answers.how": "x\x00", "answers.why": "a\x00b"})
    )

    assert answer.status_code == 422
    assert "Valitse yksi vaihtoehdoista." in _shown(answer.content.decode())


def test_answers_and_consents_are_changed_by_the_link(
    mornings: EventSeries, client: Client, noon: datetime
) -> None:
    usual_form(mornings)
    client.post(
        _address(mornings),
        _typed(mornings, **{"answers.how": "on-the-spot", "answers.diet": ["vegan"], "consents": ["photos"]}),
    )
    aino = Attendee.objects.get()
    assert f"/r/{aino.token}/vastaukset/" in client.get(f"/r/{aino.token}/").content.decode()
    address = f"/r/{aino.token}/vastaukset/"
    page = client.get(address).content.decode()
    assert {"on-the-spot", "vegan", "photos"} <= set(re.findall(r'value="([^"]+)"[^>]*checked', page))

    wrong = client.post(address, {"answers.how": "by-boat"})
    assert wrong.status_code == 422
    answer = client.post(address, {"answers.how": "online", "answers.diet": ["vegan"]})

    assert answer.status_code == 303
    assert answered(aino) == {"how": "online"}
    assert sealed(aino) == {}
    assert agreed(aino) == [("photos", 1, noon)]


def test_after_the_deadline_answers_are_read_and_consents_taken_back(
    mornings: EventSeries, client: Client
) -> None:
    usual_form(mornings)
    client.post(_address(mornings), _typed(mornings, **{"answers.how": "online", "consents": ["photos"]}))
    aino = Attendee.objects.get()
    address = f"/r/{aino.token}/vastaukset/"

    with time_machine.travel(of_event(mornings).ends_at, tick=False):
        page = client.get(address).content.decode()
        answer = client.post(address, {})

    assert "online fi" in _shown(page)
    assert 'name="answers.how"' not in page
    assert answer.status_code == 303
    assert answered(aino) == {"how": "online"}
    assert agreed(aino) == [("photos", 1, of_event(mornings).ends_at)]
