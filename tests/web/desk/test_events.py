"""Changing an event: what will happen is told first, and then it happens to exactly those people."""

from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

from events.models import Event, EventSeries
from registrations.models import Quota, Registration
from tests.registrations.people import AINO, OLLI, VEERA, all_sent, registration, sign_up, somebody, told
from tests.web.desk.seen import page, preview, problems, save

DETAILS = {
    "title_fi": "Lähiluonnon saavutettavuus",
    "title_sv": "Närnaturens tillgänglighet",
    "title_en": "Accessibility of nearby nature",
    "description_fi": "",
    "description_sv": "",
    "description_en": "",
    "place_fi": "",
    "place_sv": "",
    "place_en": "",
    "kind": "theme_day",
    "mode": "online",
    "join_url": "",
    "link_policy": "at_once",
    "language": "fi",
}
NINE = {"day": "2027-04-13", "starts": "09:00", "ends": "10:30", "last_day": ""}
REASON = {"reason_fi": "Puhuja sairastui.", "reason_sv": "Talaren insjuknade.", "reason_en": "Illness."}


def three_people(series: EventSeries, at: datetime) -> None:
    """Two fit in, the third waits; everything told so far has left."""
    for person in (AINO, VEERA, OLLI):
        sign_up(series, person, 0, at=at)
    all_sent()


def test_moving_tells_whose_calendar_moves_and_then_moves_it(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    three_people(mornings, noon)

    assert preview(desk, "event-move", morning.pk, **NINE) == [
        "Now: Tue 13 April 2027, 8.30–10.00",
        "New time: Tue 13 April 2027, 9.00–10.30",
        "The items of the programme move along.",
        "2 people with a place get a mail.",
        "1 person on the waiting list gets a mail.",
        "The entry is updated in 2 calendars.",
    ]
    assert told() == [("confirmation", "accepted"), ("confirmation", "accepted"), ("waiting", "accepted")]

    assert save(desk, "event-move", morning.pk, **NINE) == "The event has its new time."
    assert told()[3:] == [("changed", "queued")] * 3
    morning.refresh_from_db()
    assert morning.starts_at.isoformat() == "2027-04-13T06:00:00+00:00"


def test_the_same_time_again_tells_that_nobody_gets_a_mail(desk: Client, morning: Event) -> None:
    same = {"day": "2027-04-13", "starts": "08:30", "ends": "10:00"}

    assert (
        preview(desk, "event-move", morning.pk, **same)[-1] == "The time stays as it is. Nobody gets a mail."
    )


def test_a_time_that_cannot_be_is_said_beside_its_field(desk: Client, morning: Event) -> None:
    address = reverse("desk:event-move", args=[morning.pk])
    late = desk.post(address, {"day": "2027-04-13", "starts": "10:00", "ends": "09:00"})
    skipped = desk.post(address, {"day": "2027-03-28", "starts": "03:30", "ends": "05:00"})
    empty = desk.post(address, {"day": "", "starts": "", "ends": ""})

    assert problems(late) == {"id_ends": "The end has to be later than the start."}
    assert list(problems(skipped)) == ["id_starts"]
    assert problems(empty) == {
        "id_day": "Choose a day.",
        "id_starts": "Write the time.",
        "id_ends": "Write the time.",
    }
    assert "<title>Error: Move the event" in empty.content.decode()


def test_back_brings_the_form_with_what_was_typed(desk: Client, morning: Event) -> None:
    response = desk.post(reverse("desk:event-move", args=[morning.pk]), {**NINE, "step": "back"})

    assert response.status_code == 200
    assert 'value="09:00"' in response.content.decode()
    morning.refresh_from_db()
    assert morning.moved_from is None


def test_a_new_theme_is_told_and_a_description_is_not(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    three_people(mornings, noon)
    described = {**DETAILS, "description_en": "About nature."}
    renamed = {**DETAILS, "title_en": "Nature for all"}

    assert preview(desk, "event-edit", morning.pk, **described) == [
        "Nobody gets a mail.",
        "The public page changes at once.",
    ]
    assert preview(desk, "event-edit", morning.pk, **renamed)[:1] == ["2 people with a place get a mail."]

    assert save(desk, "event-edit", morning.pk, **described) == "The details are saved."
    assert told()[3:] == []
    save(desk, "event-edit", morning.pk, **renamed)
    assert told()[3:] == [("changed", "queued")] * 3


def test_an_event_without_a_finnish_theme_is_refused(desk: Client, morning: Event) -> None:
    response = desk.post(reverse("desk:event-edit", args=[morning.pk]), {**DETAILS, "title_fi": " "})

    assert problems(response) == {"id_title_fi": "Theme, Suomi: Write this in Finnish at least."}


def test_calling_off_needs_the_reason_in_three_languages_and_shows_it(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    three_people(mornings, noon)
    address = reverse("desk:event-cancel", args=[morning.pk])

    assert problems(desk.post(address, {"reason_fi": "Sairaus"})) == {
        "id_reason_sv": "Write the reason in this language too: Svenska",
        "id_reason_en": "Write the reason in this language too: English",
    }
    shown = desk.post(address, {**REASON, "step": "preview"}).content.decode()
    assert [reason in shown for reason in REASON.values()] == [True, True, True]
    assert preview(desk, "event-cancel", morning.pk, **REASON) == [
        "2 people with a place get a mail.",
        "1 person on the waiting list gets a mail.",
        "The entry is removed from 2 calendars.",
        "Reminders and other automatic messages about it are not sent any more.",
        "The event shows as called off. This cannot be undone.",
    ]

    save(desk, "event-cancel", morning.pk, **REASON)
    assert told()[3:] == [("cancelled_by_organiser", "queued")] * 3
    assert "Illness." in page(desk, "event", morning.pk)


def test_a_refusal_of_the_action_is_shown_on_the_page(desk: Client, morning: Event) -> None:
    Event.objects.filter(pk=morning.pk).update(state="cancelled")
    response = desk.post(reverse("desk:event-move", args=[morning.pk]), {**NINE, "step": "save"})

    assert list(problems(response)) == [""]


def test_more_places_let_the_first_in_line_in(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    three_people(mornings, noon)

    assert preview(desk, "event-capacity", morning.pk, capacity="5") == [
        "1 person gets a place from the waiting list and a mail with a calendar invitation."
    ]
    assert preview(desk, "event-capacity", morning.pk, capacity="1") == [
        "2 places are taken already. Nobody loses theirs; no new ones are given."
    ]
    assert preview(desk, "event-capacity", morning.pk, capacity="2") == [
        "Nobody moves from the waiting list. Nobody gets a mail."
    ]
    assert OLLI.name in page(desk, "event-waiting", morning.pk)

    save(desk, "event-capacity", morning.pk, capacity="5")
    assert told()[3:] == [("promoted", "queued")]
    assert not Registration.objects.filter(state="waiting").exists()
    assert "Nobody waits." in page(desk, "event-waiting", morning.pk)


def test_where_places_are_offered_more_places_are_said_to_be_offered(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    three_people(mornings, noon)
    Quota.objects.update(promotion="offer")

    assert preview(desk, "event-capacity", morning.pk, capacity="5") == [
        "1 person on the waiting list is offered a place and gets a mail to answer."
    ]
    Quota.objects.update(offer_cutoff_hours=1440)  # so late that nobody would have time to answer
    assert preview(desk, "event-capacity", morning.pk, capacity="5") == [
        "Nobody moves from the waiting list. Nobody gets a mail."
    ]
    save(desk, "event-capacity", morning.pk, capacity="5")
    assert told()[3:] == []
    assert registration(OLLI, morning).state == "waiting"


def test_moving_tells_of_the_offered_and_of_applicants_apart(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    three_people(mornings, noon)
    sign_up(mornings, somebody(4), 0, at=noon)
    Registration.objects.filter(pk=registration(VEERA, morning).pk).update(
        state="offered", offer_expires_at=noon + timedelta(hours=4)
    )
    Registration.objects.filter(pk=registration(somebody(4), morning).pk).update(
        state="received", waiting_number=None
    )
    all_sent()

    assert preview(desk, "event-move", morning.pk, **NINE)[3:] == [
        "1 person with a place gets a mail.",
        "1 person who is offered a place gets a mail.",
        "1 applicant gets a mail.",
        "1 person on the waiting list gets a mail.",
        "The entry is updated in 1 calendar.",
    ]
    assert preview(desk, "event-cancel", morning.pk, **REASON)[:5] == [
        "1 person with a place gets a mail.",
        "1 person who is offered a place gets a mail.",
        "1 applicant gets a mail.",
        "1 person on the waiting list gets a mail.",
        "The entry is removed from 1 calendar.",
    ]
    save(desk, "event-move", morning.pk, **NINE)
    assert told()[-4:] == [("changed", "queued")] * 4


def test_a_new_joining_link_concerns_only_those_who_come(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    three_people(mornings, noon)
    link = DETAILS | {"join_url": "https://example.org/meeting"}

    assert preview(desk, "event-edit", morning.pk, **link) == [
        "2 people with a place get a mail.",
        "The entry is updated in 2 calendars.",
        "The public page changes at once.",
    ]


def test_an_event_without_places_gets_some(desk: Client, morning: Event) -> None:
    Quota.objects.filter(event=morning).delete()

    assert preview(desk, "event-capacity", morning.pk, capacity="9") == [
        "The event takes registrations from now on."
    ]
    save(desk, "event-capacity", morning.pk, capacity="9")
    assert Quota.objects.get(event=morning).capacity == 9
    assert problems(desk.post(reverse("desk:event-capacity", args=[morning.pk]), {"capacity": "many"})) == {
        "id_capacity": "Write a number."
    }


def test_with_nobody_registered_or_nothing_public_nobody_gets_a_mail(desk: Client, morning: Event) -> None:
    assert preview(desk, "event-move", morning.pk, **NINE)[3:] == [
        "Nobody has registered yet, so nobody gets a mail."
    ]
    Event.objects.filter(pk=morning.pk).update(state="draft")
    assert preview(desk, "event-move", morning.pk, **NINE)[3:] == ["Nobody gets a mail."]


def test_past_days_are_not_told_of(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    three_people(mornings, noon)
    past = {**NINE, "day": "2027-02-01"}

    assert preview(desk, "event-move", morning.pk, **past)[3:] == ["Nobody gets a mail."]


def test_an_event_over_midnight_ends_on_another_day(desk: Client, morning: Event) -> None:
    save(
        desk,
        "event-move",
        morning.pk,
        **{**NINE, "starts": "22:00", "ends": "01:00", "last_day": "2027-04-14"},
    )
    morning.refresh_from_db()

    assert morning.ends_at.isoformat() == "2027-04-13T22:00:00+00:00"
    assert 'value="2027-04-14"' in desk.get(reverse("desk:event-move", args=[morning.pk])).content.decode()
