"""Several people in one press: each with a place, a link and mails of their own."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from django.core.exceptions import ObjectDoesNotExist

from events.models import EventSeries
from notifications.models import Message
from notifications.rendering import render
from registrations import rules
from registrations.actions import register
from registrations.models import Attendee, Quota, Registration, Submission
from registrations.queries import drift
from registrations.rules import Person
from tests import factories
from tests.registrations.forms import question
from tests.registrations.people import AINO, OLLI, VEERA, attendee, mail, sign_up, slugs, somebody, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(noon: datetime) -> EventSeries:
    """Four mornings with two places each."""
    return factories.four_mornings(organisation=factories.organisation(), capacity=2)


def press(
    series: EventSeries,
    person: Person,
    *colleagues: Person,
    at: datetime,
    days: Sequence[int] = (0,),
    key: str = "one press",
) -> Submission:
    return register(
        series=series,
        person=person,
        colleagues=colleagues,
        events=slugs(series, *days),
        idempotency_key=key,
        at=at,
    )


def results(submission: Submission) -> list[tuple[int, str]]:
    return [(row["person"], row["state"]) for row in submission.results]


def test_each_of_the_group_gets_a_place_a_link_and_a_mail_in_their_language(
    series: EventSeries, noon: datetime
) -> None:
    submission = press(series, AINO, VEERA, OLLI, at=noon)

    assert results(submission) == [(0, "confirmed"), (1, "confirmed"), (2, "waiting")]
    assert len({one.token for one in Attendee.objects.all()}) == 3
    assert told(but=["reminder"]) == [
        ("confirmation", "queued"),
        ("confirmation", "queued"),
        ("waiting", "queued"),
    ]
    assert (mail(VEERA, "confirmation").language, mail(OLLI, "waiting").language) == ("sv", "en")
    assert len(submission.message_ids) == 3
    assert drift() == {}


def test_the_mail_to_a_colleague_says_who_registered_them(series: EventSeries, noon: datetime) -> None:
    press(series, AINO, VEERA, at=noon)

    assert mail(VEERA, "confirmation").context["registered_by"] == "Aino Esimerkki"
    assert mail(AINO, "confirmation").context["registered_by"] == ""
    assert attendee(VEERA).registered_by == attendee(AINO)


def test_the_mail_asks_a_colleague_to_answer_what_must_be_answered(
    series: EventSeries, noon: datetime
) -> None:
    question(series, "how", "one_of", options=("train", "bus"), required=True)
    question(series, "allergies", special="diet")
    register(
        series=series,
        person=AINO,
        colleagues=[VEERA, OLLI],
        events=slugs(series, 0),
        answers={"how": "train"},
        idempotency_key="one press",
        at=noon,
    )

    asked = {
        message.recipient: message.context["asks"] for message in Message.objects.exclude(kind="reminder")
    }
    assert asked == {AINO.email: False, VEERA.email: True, OLLI.email: True}
    assert "linkistäsi" not in render(mail(AINO, "confirmation")).text
    assert "Svara via din länk" in render(mail(VEERA, "confirmation")).text
    assert "Answer them with your link" in render(mail(OLLI, "waiting")).text


def test_what_may_be_answered_is_not_asked_for_by_mail(series: EventSeries, noon: datetime) -> None:
    """Nor what only those must answer who answered something else before."""
    how = question(series, "how", "one_of", options=("train", "bus"))
    question(series, "stop", required=True, condition=how, condition_values=["bus"])
    press(series, AINO, VEERA, at=noon)

    assert not mail(VEERA, "confirmation").context["asks"]


def test_a_colleague_is_of_the_same_organisation_unless_told_otherwise(
    series: EventSeries, noon: datetime
) -> None:
    aino = Person(name=AINO.name, email=AINO.email, organisation="Esimerkkilä")
    olli = Person(name=OLLI.name, email=OLLI.email, organisation="Toinen talo")

    press(series, aino, VEERA, olli, at=noon)

    assert [attendee(one).organisation for one in (VEERA, olli)] == ["Esimerkkilä", "Toinen talo"]


def test_a_colleague_already_registered_changes_nothing_and_shows_nothing(
    series: EventSeries, noon: datetime
) -> None:
    sign_up(series, VEERA, 1, at=noon)
    before = attendee(VEERA)
    impostor = Person(name="Somebody Else", email="VEERA@example.org", organisation="Elsewhere")

    known = press(series, AINO, impostor, at=noon, key="with a known one")
    fresh = press(series, somebody(1), somebody(2), at=noon, key="all new", days=[2])

    assert results(known) == results(fresh) == [(0, "confirmed"), (1, "confirmed")]
    after = attendee(VEERA)
    assert (after.name, after.organisation, after.registered_by) == (before.name, "", None)
    assert told(VEERA)[-1] == ("manage_link", "queued")
    assert len(known.message_ids) == len(fresh.message_ids)


def test_a_known_colleague_at_the_last_place_is_not_given_away_by_the_receipt(
    series: EventSeries, noon: datetime
) -> None:
    """Of three for two places the third is told to wait, whoever was known; the mail tells the truth."""
    sign_up(series, VEERA, 1, at=noon)

    submission = press(series, AINO, VEERA, OLLI, at=noon)

    assert results(submission) == [(0, "confirmed"), (1, "confirmed"), (2, "waiting")]
    assert told(OLLI) == [("confirmation", "queued")]


def test_a_stranger_who_names_a_known_address_learns_no_name(series: EventSeries, noon: datetime) -> None:
    sign_up(series, AINO, 1, at=noon)
    typed = Person(name="Typed Name", email=AINO.email)

    press(series, typed, OLLI, at=noon)

    assert mail(OLLI, "confirmation").context["registered_by"] == "Typed Name"
    assert attendee(OLLI).registered_by is None


def test_the_same_address_twice_is_refused_beside_the_second(series: EventSeries, noon: datetime) -> None:
    with pytest.raises(rules.Invalid) as refused:
        press(series, AINO, VEERA, Person(name="Again", email="Aino@Example.org"), at=noon)

    assert list(refused.value.fields) == ["colleagues.1.email"]
    assert Attendee.objects.count() == Submission.objects.count() == 0


def test_what_is_wrong_is_said_beside_every_field_of_everybody_at_once(
    series: EventSeries, noon: datetime
) -> None:
    with pytest.raises(rules.Invalid) as refused:
        press(series, Person(name="", email="no"), Person(name="", email="x@"), at=noon, days=[])

    assert sorted(refused.value.fields) == [
        "colleagues.0.email",
        "colleagues.0.name",
        "email",
        "name",
    ]


def test_choosing_no_event_is_said_once(series: EventSeries, noon: datetime) -> None:
    with pytest.raises(rules.NoEventChosen) as refused:
        register(series=series, person=AINO, colleagues=[VEERA], events=[], idempotency_key="k", at=noon)

    assert list(refused.value.fields) == ["events"]


def test_more_than_ten_colleagues_are_refused(series: EventSeries, noon: datetime) -> None:
    with pytest.raises(rules.Invalid) as refused:
        press(series, AINO, *(somebody(number) for number in range(11)), at=noon)

    assert list(refused.value.fields) == ["colleagues"]


def test_a_group_that_does_not_fit_where_nobody_can_wait_is_refused_as_a_whole(
    series: EventSeries, noon: datetime
) -> None:
    Quota.objects.update(has_waiting_list=False)

    with pytest.raises(rules.FullyBooked) as refused:
        press(series, AINO, VEERA, OLLI, at=noon)

    assert list(refused.value.fields) == ["events"]
    assert (Attendee.objects.count(), Registration.objects.count(), Message.objects.count()) == (0, 0, 0)
    assert results(press(series, AINO, VEERA, at=noon)) == [(0, "confirmed"), (1, "confirmed")]


def test_the_same_press_twice_is_one_and_another_body_is_refused(series: EventSeries, noon: datetime) -> None:
    first = press(series, AINO, VEERA, at=noon)

    assert press(series, AINO, VEERA, at=noon) == first
    with pytest.raises(rules.KeyReused):
        press(series, AINO, OLLI, at=noon)
    with pytest.raises(ObjectDoesNotExist):
        attendee(OLLI)


def test_one_booker_and_six_colleagues_get_seven_messages(series: EventSeries, noon: datetime) -> None:
    """T13: every person is written to, each at their own address."""
    Quota.objects.update(capacity=7, hard_cap=7)

    press(series, AINO, *(somebody(number) for number in range(6)), at=noon)

    letters = Message.objects.filter(kind="confirmation")
    assert letters.count() == letters.values("recipient").distinct().count() == 7


def test_somebody_who_comes_back_as_a_colleague_is_registered_again(
    series: EventSeries, noon: datetime
) -> None:
    sign_up(series, VEERA, 0, at=noon)
    Registration.objects.update(state="cancelled")
    Quota.objects.update(taken=0)

    press(series, AINO, Person(name="Veera Uusi", email=VEERA.email), at=noon)

    again = attendee(VEERA)
    assert (again.name, again.registered_by) == ("Veera Uusi", attendee(AINO))
