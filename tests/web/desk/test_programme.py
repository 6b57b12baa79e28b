"""The programme editor: items typed, carried up and down, warned about, and released."""

from datetime import datetime
from typing import Unpack

import pytest
from django.test import Client
from django.urls import reverse

from backend.core.i18n import Text
from events.actions import SessionFields, SpeakerPart, add_session
from events.models import Event, EventSeries, Session
from events.queries import released_programme
from tests.registrations.people import AINO, all_sent, sign_up, told
from tests.web.desk.seen import page, preview, problems, save

TALK = {
    "kind": "talk",
    "starts": "08:40",
    "ends": "",
    "minutes": "20",
    "title_fi": "Lähiluonto kaikille",
    "title_sv": "",
    "title_en": "Nature for all",
    "speakers": "Aino Esimerkki | planner | Esimerkkilä\nVeera Exempel",
    "municipality": "",
    "language": "",
}


def item(event: Event, name: str, at: datetime, **more: Unpack[SessionFields]) -> Session:
    fields: SessionFields = {"kind": "talk", "title": Text(name, name, name)}
    fields.update(more)
    return add_session(event=event, at=at, actor=None, **fields)


@pytest.fixture
def three_items(morning: Event, noon: datetime) -> list[Session]:
    return [item(morning, title, noon, minutes=10) for title in ("Alku", "Keski", "Loppu")]


def order(event: Event) -> list[str]:
    return list(event.sessions.values_list("title_fi", flat=True))


def test_an_item_is_typed_with_its_speakers_as_lines(desk: Client, morning: Event) -> None:
    sentence = save(desk, "session-add", morning.pk, **TALK)
    session = Session.objects.get()
    parts = [(part.speaker.name, part.title, part.organisation) for part in session.parts.all()]

    assert sentence == "The item is added. People see it when the programme is released."
    assert parts == [("Aino Esimerkki", "planner", "Esimerkkilä"), ("Veera Exempel", "", "")]
    assert session.starts_at
    assert session.starts_at.isoformat() == "2027-04-13T05:40:00+00:00"
    shown = page(desk, "programme", morning.pk)
    assert "8.40–9.00" in shown
    assert "missing: Svenska" in shown


def test_an_item_comes_back_into_its_form_as_it_was_typed(desk: Client, morning: Event) -> None:
    save(desk, "session-add", morning.pk, **TALK)
    address = reverse("desk:session-edit", args=[Session.objects.get().pk])
    html = desk.get(address).content.decode()

    assert "Aino Esimerkki | planner | Esimerkkilä\nVeera Exempel" in html
    assert ['value="08:40"' in html, 'value="20"' in html] == [True, True]

    save(desk, "session-edit", Session.objects.get().pk, **{**TALK, "minutes": "", "ends": "09:10"})
    session = Session.objects.get()
    assert (session.minutes, session.ends_at and session.ends_at.isoformat()) == (
        None,
        "2027-04-13T06:10:00+00:00",
    )


def test_what_does_not_fit_is_said_beside_its_field(desk: Client, morning: Event) -> None:
    def wrong(**typed: str) -> dict[str, str]:
        return problems(
            desk.post(reverse("desk:session-add", args=[morning.pk]), {**TALK, **typed, "step": "save"})
        )

    assert wrong(title_fi="", title_en="") == {
        "id_title_fi": "Title, Suomi: Give the item a title in one language at least."
    }
    assert wrong(ends="09:00") == {"id_minutes": "Write either the end or the minutes, not both."}
    assert list(wrong(speakers="a | b | c | d")) == ["id_speakers"]
    assert list(wrong(speakers="Aino\nAino")) == ["id_speakers"]
    assert list(wrong(minutes="", ends="08:00")) == ["id_ends"]
    assert list(wrong(title_fi="Yksi\u202ekaksi")) == ["id_title_fi"]
    assert not Session.objects.exists()


def test_items_are_carried_with_buttons_that_name_them(
    desk: Client, morning: Event, three_items: list[Session]
) -> None:
    html = desk.get(reverse("desk:programme", args=[morning.pk])).content.decode()
    assert html.count('aria-label="Move up: ') == html.count('aria-label="Move down: ') == 2

    address = reverse("desk:session-order", args=[three_items[2].pk])
    answer = desk.post(address, {"step": "up"})

    assert order(morning) == ["Alku", "Loppu", "Keski"]
    assert (answer.status_code, answer["Location"].endswith(f"#item-{three_items[2].pk}")) == (303, True)
    assert "Moved up: Loppu" in page(desk, "programme", morning.pk)
    desk.post(address, {"step": "down"})
    assert order(morning) == ["Alku", "Keski", "Loppu"]


def test_an_item_is_removed_after_a_look(desk: Client, morning: Event, three_items: list[Session]) -> None:
    assert preview(desk, "session-remove", three_items[0].pk) == [
        "People see the item until the programme is released again."
    ]
    assert save(desk, "session-remove", three_items[0].pk) == "Removed: Alku"
    assert order(morning) == ["Keski", "Loppu"]


def test_what_looks_wrong_is_said_and_stops_nobody(desk: Client, morning: Event, noon: datetime) -> None:
    aino = (SpeakerPart(name="Aino Esimerkki"),)
    item(morning, "Ensin", noon, starts_at=morning.starts_at, minutes=30, speakers=aino)
    item(morning, "Samaan aikaan", noon, starts_at=morning.starts_at, minutes=120, speakers=aino)
    shown = page(desk, "programme", morning.pk)

    assert "”Samaan aikaan” lies outside the hours of the event." in shown
    assert "”Ensin” and ”Samaan aikaan” overlap." in shown
    assert "speaks in ”Ensin” and ”Samaan aikaan” at the same time." in shown


def test_a_release_shows_the_changes_and_how_many_are_told(
    desk: Client, mornings: EventSeries, morning: Event, three_items: list[Session], noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    all_sent()
    form = page(desk, "release", morning.pk)

    assert ["Added: Alku" in form, "1 person has a place." in form] == [True, True]
    assert preview(desk, "release", morning.pk) == [
        "The public page shows the programme at once.",
        "Nobody gets a mail.",
    ]
    assert preview(desk, "release", morning.pk, notify="on")[1:] == [
        "1 person with a place gets a mail of the change."
    ]
    assert save(desk, "release", morning.pk, notify="on") == "Programme 1 is released."
    assert [kind for kind, _state in told()] == ["confirmation", "changed"]
    programme = released_programme(morning)
    assert programme
    assert [item.title.fi for item in programme.items] == ["Alku", "Keski", "Loppu"]
    assert "Nothing has changed since the last release." in page(desk, "release", morning.pk)


def test_every_kind_of_change_is_told_in_words(
    desk: Client, morning: Event, three_items: list[Session], noon: datetime
) -> None:
    save(desk, "release", morning.pk)
    first, second, third = three_items
    save(desk, "session-edit", first.pk, **{**TALK, "title_fi": "Alku", "starts": "08:45"})
    desk.post(reverse("desk:session-order", args=[third.pk]), {"step": "up"})
    save(desk, "session-remove", second.pk)
    save(desk, "session-add", morning.pk, **{**TALK, "title_en": "Extra"})
    shown = page(desk, "release", morning.pk)

    assert "Removed: Keski" in shown
    assert "Added: Extra" in shown


def test_an_empty_programme_is_refused(desk: Client, morning: Event) -> None:
    answer = desk.post(reverse("desk:release", args=[morning.pk]), {"step": "save"})

    assert list(problems(answer)) == [""]


def test_a_called_off_event_refuses_at_the_top_of_the_page(
    desk: Client, morning: Event, three_items: list[Session]
) -> None:
    Event.objects.filter(pk=morning.pk).update(state="cancelled")
    answer = desk.post(reverse("desk:release", args=[morning.pk]), {"step": "save"})

    assert list(problems(answer)) == [""]
