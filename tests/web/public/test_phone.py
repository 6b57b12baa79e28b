"""A phone number is asked, read as people write it, and told what it is for; its owner sees what it got."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from backend.core.i18n import Text
from backend.sms_url import Sms
from events.actions import cancel_event
from events.models import EventSeries
from notifications.models import Message
from registrations.actions import register
from registrations.models import Attendee
from tests.registrations.forms import answered, question
from tests.registrations.people import AINO, attendee, day, slugs

USE = {
    "fi": "Saat tekstiviestin vain, jos tapahtuma perutaan alle kaksi vuorokautta ennen sitä.",
    "sv": "Du får ett textmeddelande bara om evenemanget inhiberas mindre än två dygn innan.",
    "en": "You get a text message only if the event is called off less than two days before it.",
}
FORM = {
    "fi": "/fi/tapahtumat/{}/ilmoittaudu/",
    "sv": "/sv/evenemang/{}/anmalan/",
    "en": "/en/events/{}/register/",
}


@pytest.fixture(autouse=True)
def _at_noon(noon: datetime, settings: Settings) -> Iterator[None]:
    settings.SMS = Sms(backend="notifications.sms.providers.Console")
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def asking(mornings: EventSeries) -> EventSeries:
    question(mornings, "phone", "phone", help_fi="Vapaaehtoinen.", help_sv="Frivilligt.", help_en="Optional.")
    return mornings


def _typed(series: EventSeries, phone: str) -> dict[str, Any]:
    person = {"name": "Aino Esimerkki", "email": "aino@example.org", "key": "one"}
    return person | {"events": slugs(series, 0), "answers.phone": phone}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_field_brings_up_digits_and_says_what_the_number_is_for(
    asking: EventSeries, client: Client, language: str
) -> None:
    html = unescape(client.get(FORM[language].format(asking.slug)).content.decode())

    field = html[html.index('name="answers.phone"') - 100 :][:300]
    assert all(part in field for part in ('type="tel"', 'inputmode="tel"', 'autocomplete="tel"'))
    assert 'aria-describedby="id_answers.phone_helptext"' in field
    assert USE[language] in html


def test_where_no_text_can_be_sent_nothing_is_said_of_one(
    asking: EventSeries, client: Client, settings: Settings
) -> None:
    settings.SMS = Sms()
    html = client.get(FORM["fi"].format(asking.slug)).content.decode()
    assert "Vapaaehtoinen." in html
    assert "tekstiviesti" not in html


def test_a_number_is_kept_as_it_is_dialled_from_everywhere(asking: EventSeries, client: Client) -> None:
    assert client.post(FORM["fi"].format(asking.slug), _typed(asking, "(040) 123 4567")).status_code == 303
    assert answered(Attendee.objects.get()) == {"phone": "+358401234567"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Kirjoita puhelinnumero muodossa 040 123 4567"),
        ("sv", "Skriv telefonnumret så här: 040 123 4567"),
        ("en", "Write the phone number like 040 123 4567"),
    ],
)
def test_what_is_no_number_is_told_beside_the_field_and_kept_as_typed(
    asking: EventSeries, client: Client, language: str, sentence: str
) -> None:
    answer = client.post(FORM[language].format(asking.slug), _typed(asking, "soita vaan"))

    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert html.count(sentence) == 2  # in the summary and beside the field
    assert 'value="soita vaan"' in html
    assert not Attendee.objects.exists()


def test_the_person_sees_the_text_beside_the_mails_and_mail_that_arrives_stays_good(
    asking: EventSeries, client: Client, noon: datetime
) -> None:
    answers = {"phone": "040 123 4567"}
    register(
        series=asking, person=AINO, events=slugs(asking, 0), answers=answers, idempotency_key="1", at=noon
    )
    event = day(asking)
    cancel_event(event=event, reason=Text("Sairaus"), at=event.starts_at - timedelta(hours=3), actor=None)
    Message.objects.filter(channel="email").update(state="accepted", headline="Peruttu")
    Message.objects.filter(channel="sms").update(state="failed", headline="Peruttu: Lähiluonto")

    html = unescape(client.get(f"/r/{attendee(AINO).token}/", follow=True).content.decode())

    assert "Tekstiviesti numeroon +358401234567: Peruttu: Lähiluonto" in html
    assert "ei mennyt perille" in html
    assert "palautuu" not in html
