"""A rehearsal: all mails of an event, read before anybody gets one; with a turn of events if one likes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from backend.core.i18n import Text
from events.models import Event, EventSeries
from notifications.models import Message
from registrations.actions.campaign_words import Words
from registrations.actions.ruling import make_rule, switch_rule, use_words
from registrations.models import Quota
from registrations.rules import RuleDraft, When
from tests.registrations.people import AINO, OLLI, VEERA, day, sign_up
from tests.validator import needs_node, said_of
from web.desk.rehearsal import Presence, Step, Turn, rehearse

_THANKS = ("Kiitos", "Tack", "Thanks")


def _everything() -> dict[str, list[dict[str, Any]]]:
    """Read every row of every table."""
    tables = [model for model in apps.get_models() if hasattr(model, "objects")]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables}


def _kinds(steps: Sequence[Step]) -> list[str]:
    return [step.kind for step in steps]


@pytest.mark.parametrize("turn", Turn)
def test_every_message_is_played_in_each_language_and_nothing_is_left(
    desk: Client, mornings: EventSeries, noon: datetime, turn: Turn
) -> None:
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    EventSeries.objects.update(state="draft")
    Event.objects.update(state="draft")
    address = reverse("desk:rehearsal", args=[day(mornings).pk])
    assert "Nothing is sent" in desk.get(address).content.decode()
    before = _everything()

    page = desk.post(address, {"turn": turn}).content.decode()

    for words in ("Olet mukana", "Du är med", "You are in"):
        assert words in page
    assert page.count("<iframe") % 3 == 0
    assert AINO.name not in page.replace("Aino Esimerkki", "")
    assert _everything() == before


def test_all_goes_as_planned(mornings: EventSeries, noon: datetime) -> None:
    steps = rehearse(day(mornings), at=noon)

    assert _kinds(steps) == ["confirmation", "reminder", "survey"]
    assert [[scene.language for scene in step.scenes] for step in steps] == [["fi", "sv", "en"]] * 3
    confirmed, reminded, _asked = steps
    assert confirmed.told
    assert (confirmed.told.number, confirmed.told.starts_at) == (0, day(mornings).starts_at)
    assert reminded.told is None
    assert reminded.scenes[0].entry == confirmed.scenes[0].entry, "the calendar says what it said"


def test_an_event_that_begins_later_moves_its_entry_and_is_reminded_of_at_its_new_hour(
    mornings: EventSeries, noon: datetime
) -> None:
    steps = rehearse(day(mornings), at=noon, turn=Turn.LATER)

    assert _kinds(steps) == ["confirmation", "changed", "reminder", "survey"]
    _confirmed, changed, reminded, _asked = steps
    assert changed.told
    assert (changed.told.number, changed.told.starts_at) == (1, day(mornings).starts_at + timedelta(hours=1))
    assert changed.at == day(mornings).starts_at - timedelta(days=2)
    assert "Huomenna klo 9.30" in reminded.scenes[0].subject


def test_another_place_stands_in_the_calendar(mornings: EventSeries, noon: datetime) -> None:
    steps = rehearse(day(mornings), at=noon, turn=Turn.ELSEWHERE)

    entries = [scene.entry.place for scene in steps[1].scenes if scene.entry]
    assert entries == ["Toinen paikka (harjoitus)", "En annan plats (övning)", "Another place (rehearsal)"]


def test_after_an_event_is_called_off_nobody_is_reminded_or_asked(
    mornings: EventSeries, noon: datetime
) -> None:
    steps = rehearse(day(mornings), at=noon, turn=Turn.CALLED_OFF)

    assert _kinds(steps) == ["confirmation", "cancelled_by_organiser"]
    assert steps[1].told
    assert steps[1].told.gone
    assert steps[1].name == "Tapahtuma peruttu"
    assert "Syy kerrotaan tässä." in steps[1].scenes[0].text


def test_a_full_event_with_a_line_is_played_as_if_there_were_room(
    mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.filter(event=day(mornings)).update(capacity=1)
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    Message.objects.all().delete()

    steps = rehearse(day(mornings), at=noon, turn=Turn.CALLED_OFF)

    assert _kinds(steps) == ["confirmation", "cancelled_by_organiser"], "nobody is called up in between"


def _thank(series: EventSeries, *, attendance: str, anchor: str = "end", minutes: int = 60) -> None:
    """Make a rule that writes only to those who came, or only to those who did not."""
    at = series.created_at
    draft = RuleDraft(
        kind="note",
        name="Kiitos",
        anchor=anchor,
        when=When(minutes=minutes),
        attendance=attendance,
        late="skip",
    )
    rule = make_rule(series=series, draft=draft, at=at, actor=None)
    words = Words(
        subject=Text(f"Kiitos ({attendance})", f"Tack ({attendance})", f"Thanks ({attendance})"),
        body=Text("Kiitos {name}", "Tack {name}", "Thanks {name}"),
    )
    use_words(rule=rule, words=words, at=at, actor=None)
    switch_rule(rule=rule, enabled=True, at=at, actor=None)


@pytest.mark.parametrize(
    ("anchor", "minutes"),
    [("end", 60), ("start", 30)],  # the second comes due before anybody is marked
)
def test_what_is_said_to_those_who_came_is_played_once_they_are_marked(
    mornings: EventSeries, noon: datetime, anchor: str, minutes: int
) -> None:
    _thank(mornings, attendance="attended", anchor=anchor, minutes=minutes)

    steps = rehearse(day(mornings), at=noon)

    [said] = [step for step in steps if step.kind == "note"]
    assert said.at == day(mornings).ends_at + timedelta(minutes=60 if anchor == "end" else 0)


def test_who_stays_away_gets_what_is_said_to_them_and_neither_thanks_nor_the_survey(
    mornings: EventSeries, noon: datetime
) -> None:
    for attendance in ("attended", "absent"):
        _thank(mornings, attendance=attendance)

    came = rehearse(day(mornings), at=noon)
    away = rehearse(day(mornings), at=noon, presence=Presence.AWAY)

    assert _kinds(came) == ["confirmation", "reminder", "note", "survey"]
    assert _kinds(away) == ["confirmation", "reminder", "note"]
    assert [scene.subject for scene in came[2].scenes] == [f"{word} (attended)" for word in _THANKS]
    assert [scene.subject for scene in away[2].scenes] == [f"{word} (absent)" for word in _THANKS]


def test_the_page_asks_whether_the_attendee_comes_and_thinks_so_unless_told(
    desk: Client, mornings: EventSeries
) -> None:
    _thank(mornings, attendance="absent")
    address = reverse("desk:rehearsal", args=[day(mornings).pk])

    assert 'value="came"' in desk.get(address).content.decode()
    assert "Tack (absent)" not in desk.post(address, {"turn": "none"}).content.decode()
    assert "Tack (absent)" in desk.post(address, {"presence": "away"}).content.decode()
    assert desk.post(address, {"presence": "floats"}).status_code == 422


def test_an_event_that_begins_tomorrow_takes_its_turn_in_between(
    mornings: EventSeries, noon: datetime
) -> None:
    event = day(mornings)
    begin = event.starts_at - timedelta(hours=10)

    steps = rehearse(event, at=begin, turn=Turn.LATER)

    assert steps[1].kind == "changed"
    assert begin < steps[1].at < event.starts_at


def test_an_event_of_the_past_is_rehearsed_as_if_it_lay_ahead(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    start = noon - timedelta(days=3)
    Event.objects.filter(pk=day(mornings).pk).update(starts_at=start, ends_at=start + timedelta(hours=1))

    page = desk.post(reverse("desk:rehearsal", args=[day(mornings).pk])).content.decode()

    assert "Huomenna" in page


def test_the_mails_lie_in_frames_that_run_nothing(desk: Client, mornings: EventSeries) -> None:
    address = reverse("desk:rehearsal", args=[day(mornings).pk])

    asked, played = desk.get(address), desk.post(address, {"turn": "later"})
    page = unescape(played.content.decode())

    assert page.count('sandbox=""') == page.count("<iframe") == 12
    assert "<!DOCTYPE html><html lang=" in page, "the mail itself"
    assert "brings the entry in the calendar to version 2" in page
    assert "unsafe-inline" not in asked.headers["Content-Security-Policy"]
    policy = dict(
        part.strip().split(" ", 1) for part in played.headers["Content-Security-Policy"].split(";") if part
    )
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert "unsafe-inline" not in policy["script-src"]
    assert policy["default-src"] == "'none'"


def test_a_turn_that_does_not_exist_is_refused(desk: Client, mornings: EventSeries) -> None:
    answer = desk.post(reverse("desk:rehearsal", args=[day(mornings).pk]), {"turn": "explodes"})

    assert answer.status_code == 422
    assert b"<iframe" not in answer.content


@needs_node
def test_the_page_with_its_mails_is_whole(desk: Client, mornings: EventSeries, tmp_path: Path) -> None:
    """Other pages of the desk are read where a browser walks through them; this one comes by a press."""
    played = desk.post(reverse("desk:rehearsal", args=[day(mornings).pk]), {"turn": "called-off"})
    (tmp_path / "rehearsal.html").write_bytes(played.content)

    said = said_of(tmp_path)

    assert not said, "\n".join(["", *said])
