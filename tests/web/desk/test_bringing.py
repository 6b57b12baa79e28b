"""Bringing people in at the desk: what would happen is told first, nothing happens before the button."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from events.models import Event, EventSeries
from notifications.models import Message
from registrations import tasks
from registrations.models import Attendee, AttendeeImport, Quota, Registration, WorkState
from tests.backend.test_spreadsheet import workbook
from tests.registrations.people import AINO, VEERA, sign_up, slugs
from tests.web.desk.seen import page, problems, text

PASTED = "Aino Esimerkki; aino@example.org; Kirjasto\nVeera Exempel; veera@example.org"


def typed(series: EventSeries, **more: object) -> dict[str, object]:
    return {"events": slugs(series, 0), "full": "wait", "mails": "on", "language": "fi", **more}


def bring(desk: Client, series: EventSeries, **more: object) -> str:
    """Send the list and give the address of the page that tells what would happen."""
    response = desk.post(reverse("desk:imports", args=[series.pk]), typed(series, **more))
    assert response.status_code == 303, text(response)
    return str(response["Location"])


def test_one_person_is_added_by_hand(desk: Client, mornings: EventSeries) -> None:
    person = typed(mornings, name="Aino Esimerkki", email="aino@example.org", organisation="Kirjasto")

    checked = desk.post(reverse("desk:person-add", args=[mornings.pk]), person)
    where = checked["Location"]
    seen = text(desk.get(where))
    assert "1 new person is registered. 1 place is given." in seen
    assert "Do not add the person" in seen
    assert "Throw the list away" not in seen
    assert not Attendee.objects.exists()
    done = desk.post(where, {"step": "save"})

    assert (done.status_code, done["Location"]) == (303, where)
    assert "Done. New people: 1 Places given: 1" in text(desk.get(where))
    assert Registration.objects.get().attendee.organisation == "Kirjasto"
    assert Message.objects.filter(kind="confirmation").count() == 1


def test_what_is_wrong_with_one_person_is_said_beside_the_fields(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    where = reverse("desk:person-add", args=[mornings.pk])
    Quota.objects.filter(event=mornings.events.all()[0]).update(capacity=0, hard_cap=0)
    wrong = typed(mornings, name="Aino", email="aino", municipality="Atlantis")
    full = typed(mornings, name="Aino", email="aino@example.org", full="leave")

    assert problems(desk.post(where, wrong)) == {
        "id_email": "The email address cannot be right.",
        "id_municipality": "No municipality has this name or code.",
    }
    assert list(problems(desk.post(where, full)).values()) == ["The event is full."]
    assert len(problems(desk.post(where, {"name": ""}))) >= 3
    assert not AttendeeImport.objects.exists()


def test_people_are_pasted_and_those_with_problems_come_first(desk: Client, mornings: EventSeries) -> None:
    where = bring(desk, mornings, people=f"{PASTED}\nNobody; nowhere\nAgain; AINO@example.org")

    seen = text(desk.get(where))
    assert "2 rows have problems" in seen
    assert "The email address cannot be right. (1)" in seen
    assert seen.index("The email address cannot be right.") < seen.index("Aino Esimerkki")
    assert "not confirmed yet, 4 people" in text(desk.get(reverse("desk:imports", args=[mornings.pk])))
    refused = desk.post(where, {"step": "save"})
    assert (refused.status_code, Attendee.objects.count()) == (422, 0)
    assert "choose to leave those rows out" in text(refused)
    desk.post(where, {"step": "save", "leave_out": "on"})
    assert "Left out because of problems: rows 3, 4." in text(desk.get(where))
    assert Attendee.objects.count() == 2
    assert page(desk, "imports", mornings.pk).count("done") == 1


def test_a_workbook_is_brought_in_by_a_worker_and_watched(
    desk: Client, mornings: EventSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registrations.lists.AT_ONCE", 0)
    content = workbook(["Namn", "E-post", "Språk"], ["Veera Exempel", "veera@example.org", "svenska"])
    where = bring(desk, mornings, file=SimpleUploadedFile("lista.xlsx", content))
    work = AttendeeImport.objects.get()
    assert "lista.xlsx" in text(desk.get(where))

    desk.post(where, {"step": "save"})
    assert "People are being brought in lista.xlsx 1 person is being brought in." in text(desk.get(where))
    part = desk.get(reverse("desk:import-progress", args=[work.pk])).content.decode()
    assert "data-moving" in part
    tasks.bring_in(import_id=work.pk)

    assert "People brought in lista.xlsx Done." in text(desk.get(where))
    assert Attendee.objects.get().language == "sv"
    again = desk.post(where, {"step": "save"})
    assert (again.status_code, Registration.objects.count()) == (409, 1)


@pytest.mark.parametrize(
    ("sent", "place", "sentence"),
    [
        ({}, "id_file", "Choose a file or paste people; one of the two."),
        ({"people": "hello"}, "id_people", "The columns were not recognised."),
        ({"file": SimpleUploadedFile("a.csv", b"x;y\n1;2\n")}, "id_file", "The columns were not recognised."),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}, "id_file", "The file could not be read."),
        ({"file": SimpleUploadedFile("a.csv", b"a;b\n" * 2_621_440)}, "id_file", "The file is too large."),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "id_file", "The submitted file is empty."),
        ({"people": PASTED, "events": []}, "id_events_0", "Choose at least one event."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    desk: Client, mornings: EventSeries, sent: dict[str, object], place: str, sentence: str
) -> None:
    response = desk.post(reverse("desk:imports", args=[mornings.pk]), typed(mornings, **sent))

    found = problems(response)
    assert found[place].startswith(sentence)


def test_what_would_happen_is_told_in_words(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 1, at=noon)
    Quota.objects.update(capacity=1, hard_cap=1)
    people = f"{PASTED}\nOlli Example; olli@example.org"

    seen = text(desk.get(bring(desk, mornings, people=people, mails="")))

    assert "1 new person is registered. 1 person who is known gets more events." in seen
    assert "2 places in line are given, since events are full." in seen
    assert "1 person is registered already: nothing is done." in seen
    assert "No confirmation is sent; the reminder of the day before is." in seen
    assert "new, 1 place in line" in seen


def test_whose_place_was_given_away_is_not_told_to_have_left_themselves(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Registration.objects.update(state="cancelled", cancelled_by=Registration.CancelledBy.TIME)
    missing = "Name; Email\nAino Esimerkki; aino@example.org\nVeera Exempel;"

    seen = text(desk.get(bring(desk, mornings, people=missing)))

    assert "1 person is no longer in (the place was given away or cancelled)" in seen
    assert "no longer in, not brought back by a list" in seen
    assert "themselves" not in seen
    assert "Email address: The email" not in seen


@pytest.mark.parametrize("turned", [False, True])
def test_mailboxes_and_cells_stand_in_one_paste(desk: Client, mornings: EventSeries, *, turned: bool) -> None:
    lines = ["Esimerkki, Aino <aino@example.org>", "Veera Exempel; veera@example.org"]

    bring(desk, mornings, people="\n\n".join(lines[::-1] if turned else lines))

    found = [(row["row"], row["name"], row["email"]) for row in AttendeeImport.objects.get().rows]
    people = [("Aino Esimerkki", "aino@example.org"), ("Veera Exempel", "veera@example.org")]
    order = people[::-1] if turned else people
    assert found == [(number, *one) for number, one in zip((1, 3), order, strict=True)]


def test_a_list_that_changes_nothing_can_only_be_thrown_away(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    where = bring(desk, mornings, people="Aino Esimerkki <aino@example.org>")

    assert "The list would change nothing." in text(desk.get(where))
    gone = desk.post(where, {"step": "discard"})
    assert (gone["Location"], AttendeeImport.objects.count()) == (
        reverse("desk:imports", args=[mornings.pk]),
        0,
    )
    assert desk.get(where).status_code == 404


def test_a_list_that_failed_says_why(desk: Client, mornings: EventSeries) -> None:
    where = bring(desk, mornings, people=PASTED)
    AttendeeImport.objects.update(state=WorkState.FAILED, results={"why": "event-closed"}, rows=[])

    seen = text(desk.get(where))
    assert "has been called off, is over or takes no registrations any more. Nobody was brought in" in seen


def test_who_found_the_event_full_is_told_by_the_row(desk: Client, mornings: EventSeries) -> None:
    where = bring(desk, mornings, people=PASTED)
    AttendeeImport.objects.update(state=WorkState.DONE, results={"new": 1, "no_place": [2]}, rows=[])

    assert "Full by the time: row 2 did not get everything." in text(desk.get(where))
    AttendeeImport.objects.update(results={})
    assert "Nothing was changed." in text(desk.get(where))


def test_a_long_list_shows_its_problems_and_its_beginning(desk: Client, mornings: EventSeries) -> None:
    people = "\n".join(f"Esimerkki {number}; person{number}@example.org" for number in range(305))

    seen = text(desk.get(bring(desk, mornings, people=people)))

    assert "5 more rows without problems are not shown." in seen


def test_a_series_whose_events_are_over_takes_nobody(desk: Client, mornings: EventSeries) -> None:
    Event.objects.update(state="cancelled")

    for name in ("person-add", "imports"):
        assert "No event of this series takes people now" in page(desk, name, mornings.pk)


def test_viewers_and_strangers_bring_nobody(
    desk: Client, viewer: Client, stranger: Client, mornings: EventSeries
) -> None:
    where = bring(desk, mornings, people=PASTED)

    for address in (where, reverse("desk:imports", args=[mornings.pk]), f"{where}progress/"):
        assert (viewer.get(address).status_code, stranger.get(address).status_code) == (403, 404)
    assert viewer.post(where, {"step": "save"}).status_code == 403
    assert "Add a person" not in page(viewer, "registrations", mornings.pk)
