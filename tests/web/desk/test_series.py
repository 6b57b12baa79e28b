"""A series from its template to the public, and the first page of the desk."""

from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event, EventSeries
from notifications.models import Message
from registrations.actions import set_mode
from registrations.models import Quota, Registration
from tests import factories
from tests.registrations.people import AINO, sign_up, somebody
from tests.web.desk.conftest import signed_in
from tests.web.desk.seen import page, preview, problems, save, text

NEW = {"template": "morning_coffee", "title": "Syksyn kahvit", "first_day": "2027-09-02"}


def test_the_days_are_seen_before_anything_is_made(desk: Client) -> None:
    shown = page(desk, "series-new", **NEW)

    assert [day in shown for day in ("Thu 2 September 2027, 8.30–10.00", "Mon 6 September 2027")] == [
        True,
        True,
    ]
    assert "Sat 4 September" not in shown
    assert not EventSeries.objects.exists()


def test_three_inputs_make_a_draft_with_places(desk: Client) -> None:
    response = desk.post(reverse("desk:series-new"), NEW)
    series = EventSeries.objects.get()

    assert (response.status_code, response["Location"]) == (303, reverse("desk:series", args=[series.pk]))
    assert (series.state, series.slug, series.title_fi) == ("draft", "syksyn-kahvit-2027", "Syksyn kahvit")
    assert list(Quota.objects.values_list("capacity", flat=True)) == [60] * 4


def test_the_days_that_would_be_made_are_where_the_button_leads(desk: Client) -> None:
    shown = desk.get(reverse("desk:series-new"), NEW).text

    assert '<form method="get" action="#days"' in shown
    assert '<h2 id="days">' in shown


def test_a_draft_does_not_say_that_registration_has_opened(desk: Client, mornings: EventSeries) -> None:
    assert "Registration opened" in page(desk, "series", mornings.pk)
    EventSeries.objects.update(state="draft")
    assert "Registration opened" not in page(desk, "series", mornings.pk)


def test_what_is_missing_is_said_beside_its_field(desk: Client) -> None:
    answer = desk.get(
        reverse("desk:series-new"), {"template": "morning_coffee", "title": "", "first_day": ""}
    )

    assert problems(answer) == {"id_title": "Give the series a name.", "id_first_day": "Choose a day."}


def test_the_same_name_in_the_same_year_is_refused_on_the_page(desk: Client) -> None:
    desk.post(reverse("desk:series-new"), NEW)
    again = desk.post(reverse("desk:series-new"), NEW)

    assert again.status_code == 422
    assert EventSeries.objects.count() == 1


def test_somebody_in_two_organisations_chooses_one(desk: Client) -> None:
    other = factories.organisation(slug="toinen")
    olli = factories.organiser(other, email="two@example.org")
    olli.memberships.create(organisation=factories.organisation(slug="kolmas"), role="organiser")
    client = signed_in(olli)

    client.post(reverse("desk:series-new"), {**NEW, "organisation": str(other.pk)})

    assert EventSeries.objects.get().organisation == other


def test_publishing_tells_what_it_does_and_which_languages_are_missing(
    desk: Client, mornings: EventSeries, morning: Event
) -> None:
    EventSeries.objects.update(state="draft")
    Event.objects.update(state="draft")
    Event.objects.filter(pk=morning.pk).update(title_sv="")

    assert preview(desk, "series-publish", mornings.pk) == [
        "The page of the series and of its events can be seen by everybody.",
        "People can register when registration has opened.",
        "Texts are missing in: Svenska. Readers see another language, marked as such.",
    ]
    assert save(desk, "series-publish", mornings.pk) == "The series is public."
    assert set(Event.objects.values_list("state", flat=True)) == {"published"}


def test_texts_are_edited_side_by_side_with_the_missing_ones_marked(
    desk: Client, mornings: EventSeries
) -> None:
    EventSeries.objects.update(title_sv="", lead_fi="Tervetuloa")
    shown = page(desk, "series-edit", mornings.pk)
    typed = {
        "title_fi": "Kahvit",
        "title_sv": "Kaffe",
        "title_en": "Coffee",
        "contact_email": "a@example.org",
    }

    assert shown.count("missing") == 3  # the Swedish name, and the introduction in two languages
    assert save(desk, "series-edit", mornings.pk, **typed) == "The texts are saved."
    mornings.refresh_from_db()
    assert (mornings.title_sv, mornings.lead_fi) == ("Kaffe", "")
    assert list(
        problems(desk.post(reverse("desk:series-edit", args=[mornings.pk]), {"contact_email": "x"}))
    ) == [
        "id_contact_email",
        "id_title_fi",
    ]


def test_the_first_page_tells_how_full_and_what_to_do(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Event.objects.filter(pk=morning.pk).update(title_sv="")
    Message.objects.filter(kind="confirmation").update(state="bounced_hard")

    shown = page(desk, "home")

    assert "1 of 2 places taken" in shown
    assert "1 message needs a look" in shown
    assert "Tue 13 April: texts are missing in: Svenska" in shown


def test_applications_wait_for_a_decision_on_the_list_of_things_to_do(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    events = list(mornings.events.all())
    asked = []
    with time_machine.travel(noon, tick=False):
        for number, event in enumerate(events):
            set_mode(event=event, mode=Quota.Mode.APPLICATION, group=None, at=noon, actor=None)
            sign_up(mornings, somebody(number), number, at=noon)
            with CaptureQueriesContext(connection) as questions:
                one = page(desk, "home")
            asked.append(len(questions))
        assert "Tue 13 April: 1 application waits for a decision" in one
        sign_up(mornings, AINO, 0, at=noon)
        Registration.objects.filter(attendee__email=AINO.email).update(state="shortlisted")
        two = desk.get(reverse("desk:series", args=[mornings.pk])).text
        Event.objects.filter(pk=morning.pk).update(starts_at=noon)
        begun = page(desk, "home")

    assert len(set(asked)) == 1  # however many the events
    assert "Tue 13 April: 2 applications wait for a decision" in two
    assert f'href="{reverse("desk:selection", args=[morning.pk])}"' in two
    assert "2 applications wait" not in begun
    assert "Wed 14 April: 1 application waits for a decision" in begun


def test_an_empty_desk_says_what_to_do_next(desk: Client, stranger: Client, reviewer: Client) -> None:
    assert "Make the first one from a template." in page(stranger, "home")
    assert "No practice waits for review." in page(reviewer, "home")


def test_the_history_names_who_did_what(desk: Client, mornings: EventSeries, morning: Event) -> None:
    save(desk, "series-publish", mornings.pk)
    save(desk, "event-capacity", morning.pk, capacity="5")
    shown = page(desk, "history", mornings.pk)

    assert "Number of places changed: Accessibility of nearby nature" in shown
    assert "Olli Esimerkki" in shown


def test_the_desk_speaks_the_persons_language_and_the_switch_keeps_it(
    desk: Client, mornings: EventSeries
) -> None:
    address = reverse("desk:registrations", args=[mornings.pk])
    answer = desk.post(reverse("desk:language"), {"language": "sv", "next": address})

    assert (answer.status_code, answer["Location"]) == (303, address)
    assert '<html lang="sv">' in desk.get(address).content.decode()
    assert "Anmälningar" in text(desk.get(address))
    elsewhere = desk.post(reverse("desk:language"), {"language": "xx", "next": "https://example.com/"})
    assert elsewhere["Location"] == reverse("desk:home")
    assert "Ilmoittautumiset" in text(desk.get(address))


def test_the_sign_in_page_changes_its_language_too(client: Client, db: None) -> None:
    client.post(reverse("desk:language"), {"language": "sv", "next": reverse("account_login")})

    assert "Logga in" in text(client.get(reverse("account_login")))


def test_drafts_and_untranslated_series_stand_on_the_list_of_things_to_do(
    desk: Client, mornings: EventSeries
) -> None:
    EventSeries.objects.update(state="draft", title_sv="")
    shown = page(desk, "series", mornings.pk)

    assert "Draft: only you see the series" in shown
    assert "The texts of the series are missing in: Svenska" in shown


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1.1.1989"])
def test_a_day_at_the_end_of_time_is_a_slip_of_the_finger(desk: Client, day: str) -> None:
    typed = {"template": "morning_coffee", "title": "Kevät", "first_day": day}

    looked, sent = desk.get("/desk/series/new/", typed), desk.post("/desk/series/new/", typed)

    assert (looked.status_code, sent.status_code) == (422, 422)
    assert "Check the year." in sent.content.decode()
