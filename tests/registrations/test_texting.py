"""An event called off shortly before it begins: who has a place and gave a number is told by text as well."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Organisation
from backend.core.i18n import Text
from backend.sms_url import Sms
from events.actions import cancel_event
from events.models import EventSeries
from events.rules import AlreadyCancelled
from notifications import suppression
from notifications.models import Message
from notifications.rendering import render
from notifications.sms import gsm
from registrations.actions import Person, register
from registrations.queries.impact import Deed, impact_of
from registrations.rules.phones import international
from tests import factories
from tests.registrations.forms import answered, question
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, slugs

SICK = Text("Puhuja on sairastunut.", "Talaren har insjuknat.", "The speaker has fallen ill.")


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("040 123 4567", "+358401234567"),
        (" 040-123 45 67 ", "+358401234567"),
        ("(040) 1234567", "+358401234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("+358 (0)40 123 4567", "+358401234567"),
        ("+3580401234567", "+358401234567"),
        ("00358 40 1234567", "+358401234567"),
        ("09 310 1691", "+35893101691"),
        ("+46 70-123 45 67", "+46701234567"),
        ("+46 (0)70 123 45 67", "+46701234567"),
        ("0046701234567", "+46701234567"),
        ("040\u00a0123\u20104567", "+358401234567"),
        *(
            (wrong, None)
            for wrong in ("401234567", "1", "0", "+", "+358", "040 123", "puhelin", "040 123 456x")
        ),
        *(
            (wrong, None)
            for wrong in ("040 1234 5678 9012", "+12345678901234567", "+0401234567", "++46701234567")
        ),
        *((wrong, None) for wrong in ("٠٤٠١٢٣٤٥٦٧", "+358 50 12 34 56 78 90 12")),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, dialled: str | None) -> None:
    assert international(written) == dialled
    if dialled:
        assert international(dialled) == dialled


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on(settings: Settings) -> None:
    settings.SMS = Sms(backend="notifications.sms.providers.Console")


def sign_up(series: EventSeries, person: Person, phone: str = "", *, at: datetime, **more: Any) -> None:  # noqa: ANN401 - whatever ``register`` takes
    register(
        series=series,
        person=person,
        events=slugs(series, 0),
        answers={"phone": phone} if phone else {},
        idempotency_key=person.email,
        at=at,
        **more,
    )


@pytest.fixture
def told(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places and gave numbers; Olli waits and gave one too."""
    question(mornings, "phone", "phone")
    sign_up(mornings, AINO, "040 123 4567", at=noon)
    sign_up(mornings, VEERA, "+46 70 123 45 67", at=noon)
    sign_up(mornings, OLLI, "050 765 4321", at=noon)
    return mornings


def call_off(series: EventSeries, *, before: timedelta = timedelta(hours=47)) -> None:
    event = day(series)
    cancel_event(event=event, reason=SICK, at=event.starts_at - before, actor=None)


def texts() -> list[tuple[str, str]]:
    rows = Message.objects.filter(channel="sms").order_by("pk")
    return [(row.recipient, render(row).text) for row in rows]


def test_who_has_a_place_hears_it_in_their_own_language_and_who_waits_does_not(told: EventSeries) -> None:
    call_off(told)

    assert texts() == [
        (
            "+358401234567",
            (
                "Peruttu: Lähiluonnon saavutettavuus, ti 13.4. klo 8.30."
                " Tapahtumaa ei järjestetä. Lisätietoja sähköpostissa."
            ),
        ),
        (
            "+46701234567",
            (
                "Inhiberat: Närnaturens tillgänglighet, ti 13.4 kl. 8.30."
                " Evenemanget ordnas inte. Mer information i e-posten."
            ),
        ),
    ]
    mails = Message.objects.filter(kind="cancelled_by_organiser", channel="email")
    assert {row.recipient for row in mails} == {AINO.email, VEERA.email, OLLI.email}
    [first, _second] = Message.objects.filter(channel="sms").order_by("pk")
    assert (first.kind, first.lane, first.not_after) == (
        "cancelled_by_organiser",
        "sms",
        day(told).starts_at,
    )


def test_in_english_it_reads_as_plainly(mornings: EventSeries, noon: datetime) -> None:
    question(mornings, "phone", "phone")
    sign_up(mornings, OLLI, "050 765 4321", at=noon)

    call_off(mornings)

    [(_number, said)] = texts()
    assert said == (
        "Cancelled: Accessibility of nearby nature, Tue 13 Apr 8.30. The event will not be held."
        " More in your email."
    )


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_longest_title_still_fits_into_two_segments(
    mornings: EventSeries, noon: datetime, language: str
) -> None:
    question(mornings, "phone", "phone")
    event = day(mornings)
    event.title_fi = event.title_sv = event.title_en = ("Luonto – “lähellä” [kaikkia] €… " * 10)[:200]
    event.save()
    sign_up(mornings, Person(name="A", email="a@example.org", language=language), "0401234567", at=noon)

    call_off(mornings)

    [(_number, said)] = texts()
    assert gsm.segments(said) <= 2
    assert gsm.gsm7(said) == said
    assert "13" in said
    assert said.endswith(("sähköpostissa.", "e-posten.", "email."))


@pytest.mark.parametrize(
    "before", [timedelta(hours=48), timedelta(days=3), timedelta(0), timedelta(minutes=-30)]
)
def test_earlier_a_mail_is_enough_and_later_it_is_too_late(told: EventSeries, before: timedelta) -> None:
    call_off(told, before=before)

    assert texts() == []


def test_without_a_way_out_nothing_is_written_down(told: EventSeries, settings: Settings) -> None:
    settings.SMS = Sms()

    call_off(told)

    assert texts() == []
    assert Message.objects.filter(kind="cancelled_by_organiser").count() == 3


def test_calling_off_once_more_writes_nothing_new(told: EventSeries) -> None:
    call_off(told)
    with pytest.raises(AlreadyCancelled):
        call_off(told)

    assert len(texts()) == 2


def test_a_phone_that_two_people_share_rings_once(mornings: EventSeries, noon: datetime) -> None:
    question(mornings, "phone", "phone")
    sign_up(mornings, AINO, "040 123 4567", at=noon)
    sign_up(mornings, VEERA, "+358 40 1234567", at=noon)

    call_off(mornings)

    [(number, said)] = texts()
    assert (number, said.startswith("Peruttu: ")) == ("+358401234567", True)


def test_a_number_given_for_the_event_counts_before_that_of_the_series(
    mornings: EventSeries, noon: datetime
) -> None:
    question(mornings, "phone", "phone")
    question(mornings, "that-morning", "phone", event=day(mornings))
    question(mornings, "gone", "phone", event=day(mornings), retired_at=noon, position=0)
    register(
        series=mornings,
        person=AINO,
        events=slugs(mornings, 0),
        answers={"phone": "040 123 4567", "that-morning": "050 765 4321"},
        idempotency_key="1",
        at=noon,
    )

    call_off(mornings)

    assert [number for number, _said in texts()] == ["+358507654321"]


def test_the_preview_says_how_many_phones_hear_it(told: EventSeries, noon: datetime) -> None:
    event = day(told)
    near = event.starts_at - timedelta(hours=5)

    assert impact_of(event, Deed.CANCEL, at=near).texts == 2
    assert impact_of(event, Deed.CHANGE, at=near).texts == 0
    assert impact_of(event, Deed.CANCEL, at=noon).texts == 0
    suppression.suppress(address="+358401234567", reason="stop", at=noon)
    assert impact_of(event, Deed.CANCEL, at=near).texts == 1


# --- The question, through the API --------------------------------------------------------------------

ASKED = {"kind": "phone", "label": {"fi": "Puhelinnumero", "sv": "Telefonnummer", "en": "Phone number"}}


def test_programs_ask_for_a_number_and_give_one_as_people_do(
    mornings: EventSeries, demos: Organisation, noon: datetime
) -> None:
    organiser, anybody = Client(headers={"accept-language": "en"}), Client()
    form, json = f"/api/v1/organiser/series/{mornings.pk}/questions/", "application/json"
    with time_machine.travel(noon, tick=False):
        organiser.force_login(factories.organiser(demos))
        sealed = organiser.post(form, ASKED | {"special": "diet"}, content_type=json)
        asked = organiser.post(form, ASKED, content_type=json)
        answers = [
            anybody.post(
                f"/api/v1/series/{mornings.slug}/registrations/",
                {
                    "name": AINO.name,
                    "email": AINO.email,
                    "language": "fi",
                    "events": slugs(mornings, 0),
                    "answers": {"puhelinnumero": number},
                },
                content_type=json,
                headers={"Accept-Language": "en"},
            )
            for number in ("12", 358401234567, ["0401234567"], "040 123 4567")
        ]

    assert (sealed.status_code, list(sealed.json()["errors"])) == (422, ["special"])
    assert (asked.status_code, asked.json()["questions"][0]["kind"]) == (201, "phone")
    assert [one.status_code for one in answers] == [422, 422, 422, 201]
    assert answers[0].json()["errors"]["answers.puhelinnumero"] == [
        "Write the phone number like 040 123 4567, or with its country like +46 70 123 45 67."
    ]
    assert answered(attendee(AINO)) == {"puhelinnumero": "+358401234567"}


def test_the_ledger_tells_programs_the_channel(told: EventSeries, demos: Organisation) -> None:
    call_off(told)
    organiser = Client()
    organiser.force_login(factories.organiser(demos))

    rows = organiser.get("/api/v1/organiser/messages/").json()["results"]

    assert {row["recipient"] for row in rows if row["channel"] == "sms"} == {"+358401234567", "+46701234567"}
