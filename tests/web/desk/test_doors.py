"""Who may open which page: a matrix of the addresses and the people who try them."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from backend.core.i18n import Text
from events.actions import add_session
from events.models import Event, EventSeries
from notifications.models import Message
from registrations.models import Attendee, Registration
from tests.registrations.people import AINO, sign_up
from web.desk.urls import urlpatterns

OF_SERIES = {"series", "series-edit", "series-publish", "history", "registrations", "messages"}
OF_EVENT = {
    "event",
    "event-edit",
    "event-move",
    "event-cancel",
    "event-capacity",
    "event-waiting",
    "attendance",
    "programme",
    "session-add",
    "release",
    "survey",
    "survey-send",
}
OF_SESSION = {"session-edit", "session-order", "session-remove"}
OF_PERSON = {"attendee"}
OF_REGISTRATION = {"registration-cancel", "registration-mark"}
OF_MESSAGE = {"message"}
OF_REVIEW = {"review"}
OF_KEY = {"key-drop"}
ALONE = {"home", "language", "keys", "reviews", "series-new"}

READ_ONLY = {"series", "history", "registrations", "messages", "event", "event-waiting", "programme"}
READ_ONLY |= {"survey", "attendance", "attendee", "message"}
POST_ONLY = {"session-order", "registration-mark", "key-drop", "language"}


@pytest.fixture
def numbers(mornings: EventSeries, morning: Event, noon: datetime) -> dict[str, int]:
    """The number in each address, of rows that belong to the first organisation."""
    sign_up(mornings, AINO, 0, at=noon)
    session = add_session(
        event=morning, kind="talk", title=Text("Avaus", "Öppning", "Opening"), at=noon, actor=None
    )
    return {
        **dict.fromkeys(OF_SERIES, mornings.pk),
        **dict.fromkeys(OF_EVENT, morning.pk),
        **dict.fromkeys(OF_SESSION, session.pk),
        **dict.fromkeys(OF_PERSON, Attendee.objects.get().pk),
        **dict.fromkeys(OF_REGISTRATION, Registration.objects.get().pk),
        **dict.fromkeys(OF_MESSAGE, Message.objects.earliest("pk").pk),
    }


def status(client: Client, name: str, pk: int, method: str = "get") -> int:
    ask = client.get if method == "get" else client.post
    return ask(reverse(f"desk:{name}", args=[pk])).status_code


def test_every_address_is_in_the_matrix() -> None:
    names = {str(pattern.name) for pattern in urlpatterns}
    groups = OF_SERIES | OF_EVENT | OF_SESSION | OF_PERSON | OF_REGISTRATION | OF_MESSAGE | OF_REVIEW | OF_KEY

    assert names == groups | ALONE


def test_without_signing_in_every_page_asks_to_sign_in(numbers: dict[str, int], client: Client) -> None:
    answers = {name: client.get(reverse(f"desk:{name}", args=[pk])) for name, pk in numbers.items()}
    answers |= {name: client.get(reverse(f"desk:{name}")) for name in ALONE - {"language"}}
    asked = {name: answer.get("Location", "").partition("?")[0] for name, answer in answers.items()}

    assert {name: where for name, where in asked.items() if where != "/accounts/login/"} == dict.fromkeys(
        POST_ONLY - {"language", "key-drop"}, ""
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_belongs_to_another_organisation_does_not_exist(
    numbers: dict[str, int], stranger: Client, method: str
) -> None:
    found = {name: status(stranger, name, pk, method) for name, pk in numbers.items()}
    wrong_method = (
        {name for name in numbers if (method == "get") == (name in POST_ONLY)}
        if method == "get"
        else (READ_ONLY - {"attendance"})
    )

    assert found == {name: 405 if name in wrong_method else 404 for name in numbers}


def test_an_organiser_opens_every_page(numbers: dict[str, int], desk: Client) -> None:
    found = {name: status(desk, name, pk) for name, pk in numbers.items() if name not in POST_ONLY}

    assert found == dict.fromkeys(found, 200)


def test_a_viewer_reads_lists_and_changes_nothing(numbers: dict[str, int], viewer: Client) -> None:
    opened = {name: status(viewer, name, pk) for name, pk in numbers.items() if name not in POST_ONLY}
    pressed = {name: status(viewer, name, pk, "post") for name, pk in numbers.items() if name in POST_ONLY}

    assert opened == {name: 200 if name in READ_ONLY else 403 for name in opened}
    assert pressed == dict.fromkeys(pressed, 403)
    assert status(viewer, "attendance", numbers["event"], "post") == 403


def test_a_reviewer_sees_no_registrations(numbers: dict[str, int], reviewer: Client) -> None:
    found = {name: status(reviewer, name, pk) for name, pk in numbers.items() if name not in POST_ONLY}

    assert found == dict.fromkeys(found, 404)
    assert reviewer.get(reverse("desk:reviews")).status_code == 200


def test_an_organiser_does_not_review(desk: Client) -> None:
    assert desk.get(reverse("desk:reviews")).status_code == 403


def test_only_organisers_make_a_series(viewer: Client, reviewer: Client) -> None:
    assert viewer.get(reverse("desk:series-new")).status_code == 403
    assert reviewer.get(reverse("desk:series-new")).status_code == 403


def test_a_number_that_is_nobodys_is_not_found(desk: Client) -> None:
    assert [status(desk, name, 99) for name in ("series", "event", "attendee", "message", "review")] == [
        404
    ] * 5
