"""Registering: places, places in line, and what is promised by mail."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from backend.core.errors import Refusal
from events.models import Event, EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import cancel, register
from registrations.models import Attendee, CalendarEntry, Quota, Registration, Submission
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    attendee,
    day,
    entry,
    mail,
    registration,
    sign_up,
    slugs,
    states,
    told,
)


def test_the_first_two_get_a_place_and_the_third_waits(mornings: EventSeries, noon: datetime) -> None:
    got = [sign_up(mornings, person, 0, at=noon).results for person in (AINO, VEERA, OLLI)]

    [tuesday] = slugs(mornings, 0)
    assert got == [
        [{"event": tuesday, "state": "confirmed"}],
        [{"event": tuesday, "state": "confirmed"}],
        [{"event": tuesday, "state": "waiting"}],
    ]
    assert Quota.objects.filter(event__slug=tuesday).values("taken", "last_waiting_number").get() == {
        "taken": 2,
        "last_waiting_number": 1,
    }
    assert [told(person) for person in (AINO, OLLI)] == [
        [("confirmation", "queued")],
        [("waiting", "queued")],
    ]


def test_one_press_of_the_button_registers_to_any_number_of_events(
    mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.filter(event=day(mornings, 1)).update(capacity=0)

    results = sign_up(mornings, AINO, at=noon).results

    assert [result["state"] for result in results] == ["confirmed", "waiting", "confirmed", "confirmed"]
    assert [result["event"] for result in results] == slugs(mornings)
    assert told(AINO) == [
        ("confirmation", "queued"),
        ("waiting", "queued"),
        ("confirmation", "queued"),
        ("confirmation", "queued"),
    ]


def test_events_are_answered_in_order_of_time_and_counted_once(mornings: EventSeries, noon: datetime) -> None:
    tuesday, wednesday = slugs(mornings, 0, 1)

    submission = register(
        series=mornings,
        person=AINO,
        events=[wednesday, tuesday, wednesday],
        idempotency_key="k",
        at=noon,
    )

    assert [result["event"] for result in submission.results] == [tuesday, wednesday]
    assert Registration.objects.count() == 2


def test_each_confirmation_tells_all_outcomes_and_carries_its_own_invitation(
    mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.filter(event=day(mornings, 1)).update(capacity=0)

    sign_up(mornings, AINO, 0, 1, at=noon)

    message = mail(AINO, "confirmation")
    assert message.calendar_method == "REQUEST"
    assert [(other["title"], other["state"], other["position"]) for other in message.context["others"]] == [
        ("Osallisuus, liikunta ja kestävyys", "waiting", "1.")
    ]
    assert mail(AINO, "waiting").calendar == ""


def test_an_entry_is_named_after_event_and_registration(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    own = registration(AINO, day(mornings))
    kept = CalendarEntry.objects.get()
    assert kept.uid == f"{own.event.slug}.{own.pk}@127.0.0.1"
    assert (kept.sequence, kept.revision, kept.last_method, kept.stamped_at) == (0, 0, "REQUEST", noon)
    sent = entry(mail(AINO, "confirmation"))
    assert (sent["UID"], sent["SEQUENCE"], sent["METHOD"]) == (kept.uid, "0", "REQUEST")


def test_the_person_is_kept_as_given(mornings: EventSeries, noon: datetime) -> None:
    person = replace(VEERA, organisation=" Exempelstad ", role="planerare", wish="Textning, tack")

    sign_up(mornings, person, 0, at=noon)

    kept = attendee(VEERA)
    assert (kept.name, kept.email, kept.organisation, kept.role, kept.language, kept.wish) == (
        "Veera Exempel",
        "veera@example.org",
        "Exempelstad",
        "planerare",
        "sv",
        "Textning, tack",
    )
    assert mail(VEERA, "confirmation").language == "sv"


def test_a_place_freed_in_the_middle_of_registering_is_not_missed(
    mornings: EventSeries, noon: datetime
) -> None:
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    leaving = [registration(AINO, day(mornings))]

    def free_a_place(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401, FBT001 - Django's own shape
        if leaving and "last_waiting_number" in sql and sql.startswith("UPDATE"):
            cancel(registration=leaving.pop(), by=Registration.CancelledBy.ORGANISER, at=noon)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(free_a_place):
        results = sign_up(mornings, OLLI, 0, at=noon).results

    assert [result["state"] for result in results] == ["confirmed"]
    assert Quota.objects.get(event=day(mornings)).taken == 2


# --- The same request twice ---------------------------------------------------------------------


def test_the_same_key_with_the_same_body_gives_the_same_submission(
    mornings: EventSeries, noon: datetime
) -> None:
    first = sign_up(mornings, AINO, 0, at=noon, key="one")

    again = sign_up(mornings, AINO, 0, at=noon + timedelta(days=90), key="one")

    assert (again.pk, again.receipt, again.results) == (first.pk, first.receipt, first.results)
    assert told() == [("confirmation", "queued")]


def test_the_same_key_with_another_body_is_refused_and_writes_nothing(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon, key="one")

    for person, days in ((VEERA, [0]), (AINO, [0, 1]), (replace(AINO, wish="x"), [0])):
        with pytest.raises(rules.KeyReused) as refused:
            sign_up(mornings, person, *days, at=noon, key="one")
        assert (refused.value.code, refused.value.status) == ("idempotency-key-reused", 422)
    assert (Submission.objects.count(), Attendee.objects.count(), Registration.objects.count()) == (1, 1, 1)


def test_a_submission_holds_no_personal_data(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon, key="secret key")

    written = str(Submission.objects.values().get())

    assert not [part for part in ("Aino", "example.org", "secret key") if part in written]


# --- Known addresses ------------------------------------------------------------------------------


def test_a_known_address_changes_nothing_and_gets_the_answer_a_new_one_would(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Quota.objects.filter(event=day(mornings, 1)).update(capacity=0)

    results = sign_up(mornings, replace(AINO, name="Somebody Else"), 0, 1, at=noon).results

    assert [result["state"] for result in results] == ["confirmed", "waiting"]
    assert Registration.objects.count() == 1
    assert attendee(AINO).name == "Aino Esimerkki"
    assert told(AINO) == [("confirmation", "queued"), ("manage_link", "queued")]


def test_the_mail_to_a_known_address_names_the_wanted_events_and_ticks_them(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    sign_up(mornings, replace(AINO, email="AINO@example.org"), 0, 2, at=noon)

    message = mail(AINO, "manage_link")
    tuesday, thursday = slugs(mornings, 0, 2)
    assert [event["title"] for event in message.context["wanted"]] == [
        "Kestävyyden digitalisaatio ja tiedolla johtaminen"
    ]
    assert message.links["change"]["path"] == f"/r/{{token}}/muuta/?aamut={tuesday},{thursday}"
    assert message.links["manage"]["path"] == "/r/{token}/"


def test_a_known_address_gets_at_most_one_link_in_five_minutes(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    for minute in (0, 1, 2, 3, 4, 5):
        sign_up(mornings, AINO, 1, at=noon + timedelta(minutes=minute), key=f"try {minute}")

    assert told(AINO) == [
        ("confirmation", "queued"),
        ("manage_link", "queued"),
        ("manage_link", "queued"),
    ]


def test_somebody_who_cancelled_everything_comes_back_with_a_new_entry(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon, key="first")
    cancel(registration=registration(AINO, day(mornings)), by=Registration.CancelledBy.ATTENDEE, at=noon)

    sign_up(mornings, replace(AINO, name="Aino Exempel", language="sv"), 0, at=noon, key="second")

    assert states(AINO) == ["cancelled", "confirmed"]
    assert CalendarEntry.objects.values("uid").distinct().count() == 2
    assert (attendee(AINO).name, attendee(AINO).language) == ("Aino Exempel", "sv")
    assert Quota.objects.get(event=day(mornings)).taken == 1


def test_two_look_alike_addresses_are_two_people(mornings: EventSeries, noon: datetime) -> None:
    for email in ("aino@example.org", "ain0@example.org", "aino@exämple.org", "a.ino@example.org"):
        sign_up(mornings, replace(AINO, email=email), 0, at=noon)

    assert Attendee.objects.count() == 4


def test_two_spellings_of_one_mailbox_are_one_person(mornings: EventSeries, noon: datetime) -> None:
    for email in ("aino@example.org", "Aino@Example.ORG", "AINO@example.org"):
        sign_up(mornings, replace(AINO, email=email), 0, at=noon)

    assert Attendee.objects.count() == 1
    assert {message.recipient for message in Message.objects.all()} == {"aino@example.org"}


# --- What is refused leaves no trace ----------------------------------------------------------------


def _nothing_written() -> bool:
    return not any(
        model.objects.exists() for model in (Submission, Attendee, Registration, CalendarEntry, Message)
    )


def test_without_a_line_a_full_event_is_left_out_and_the_others_succeed(
    mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.filter(event=day(mornings)).update(capacity=0, has_waiting_list=False)

    results = sign_up(mornings, AINO, 0, 1, at=noon).results

    assert [result["state"] for result in results] == ["full", "confirmed"]
    assert Registration.objects.count() == 1


def test_when_nothing_is_left_at_all_the_registration_is_refused(
    mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.filter(event=day(mornings)).update(capacity=0, has_waiting_list=False)

    with pytest.raises(rules.FullyBooked) as refused:
        sign_up(mornings, AINO, 0, at=noon)

    assert (refused.value.code, list(refused.value.fields)) == ("fully-booked", ["events"])
    assert _nothing_written()


def test_a_known_address_is_refused_in_the_same_words_when_nothing_is_left(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 1, at=noon)
    Quota.objects.filter(event=day(mornings)).update(capacity=0, has_waiting_list=False)

    refusals = []
    for person in (AINO, VEERA):
        with pytest.raises(rules.FullyBooked) as refused:
            sign_up(mornings, person, 0, at=noon)
        refusals.append((str(refused.value), refused.value.fields))

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (datetime.fromisoformat("2027-01-31T12:00+02:00"), "not-yet-open"),
        (datetime.fromisoformat("2027-04-13T08:30+03:00"), "registration-closed"),
        (datetime.fromisoformat("2027-04-20T08:30+03:00"), "registration-closed"),
    ],
)
def test_too_early_and_too_late_are_refused(mornings: EventSeries, moment: datetime, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        sign_up(mornings, AINO, 0, at=moment)

    assert refused.value.code == code
    assert _nothing_written()


def test_an_unknown_a_foreign_and_a_hidden_event_are_the_same_refusal(
    mornings: EventSeries, noon: datetime
) -> None:
    Event.objects.filter(pk=day(mornings, 3).pk).update(state=Event.State.DRAFT)
    hidden = day(mornings, 3).slug

    for slug in ("no-such-morning", hidden):
        with pytest.raises(rules.UnknownEvent) as refused:
            register(
                series=mornings,
                person=AINO,
                events=[slugs(mornings)[0], slug],
                idempotency_key="k",
                at=noon,
            )
        assert list(refused.value.fields) == ["events"]
    assert _nothing_written()


def test_a_cancelled_event_is_refused(mornings: EventSeries, noon: datetime) -> None:
    Event.objects.filter(pk=day(mornings).pk).update(state=Event.State.CANCELLED)

    with pytest.raises(rules.AlreadyClosed):
        sign_up(mornings, AINO, 0, at=noon)


def test_an_event_without_places_takes_no_registrations(mornings: EventSeries, noon: datetime) -> None:
    Quota.objects.filter(event=day(mornings)).delete()

    with pytest.raises(rules.AlreadyClosed):
        sign_up(mornings, AINO, 0, at=noon)
