"""An organiser gives a mail their own words: written, looked at, tried, taken into use, taken back."""

from datetime import datetime
from html import unescape

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import AuditEvent
from backend.core.i18n import Language
from events.models import EventSeries
from notifications import kinds
from notifications.kinds import all_kinds
from notifications.looking import samples_of
from notifications.models import Message, Wording
from notifications.rendering import render
from registrations.actions.automatic import plan_due
from tests.registrations.people import AINO, day, mail, sign_up
from web.desk.words import MESSAGE_KINDS

WORDS = {
    "subject_fi": "Huomenna {event}",
    "subject_sv": "I morgon {event}",
    "subject_en": "Tomorrow {event}",
    "body_fi": "Hei {name}! Nähdään *pian*.\n\n{join}\n\n{manage}",
    "body_sv": "Hej {name}! Vi ses *snart*.\n\n{join}\n\n{manage}",
    "body_en": "Hello {name}! See you *soon*.\n\n{join}\n\n{manage}",
}


def press(desk: Client, series: EventSeries, step: str, **typed: str) -> str:
    address = reverse("desk:wording", args=[series.pk, "reminder"])
    answer = desk.post(address, {**WORDS, **typed, "step": step}, follow=True)
    return unescape(answer.content.decode())


def test_the_next_mail_says_it_in_the_organisers_own_words(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    foretold = press(desk, mornings, "preview")
    used = press(desk, mornings, "save")
    sign_up(mornings, AINO, 0, at=noon)
    plan_due(at=datetime.fromisoformat("2027-04-12T10:00+03:00"))

    assert "Every mail of this kind in the series says this from now on" in foretold
    assert "Your own words are in use." in used
    said = render(mail(AINO, "reminder"))
    assert said.subject == "Huomenna Lähiluonnon saavutettavuus"
    assert "Hei Aino" in said.text
    assert "<em>pian</em>" in said.html.replace(' style=""', "")


def test_a_missing_language_is_told_beside_its_field(desk: Client, mornings: EventSeries) -> None:
    answer = press(desk, mornings, "preview", subject_sv="", body_sv="")

    assert 'id="id_body_sv"' in answer
    assert 'href="#id_body_sv"' in answer, "the list of problems leads to the field"
    assert "Every mail of this kind" not in answer


def test_before_anything_is_written_the_pictures_are_called_vipus_words(
    desk: Client, mornings: EventSeries
) -> None:
    address = reverse("desk:wording", args=[mornings.pk, "reminder"])

    assert "As it was kept last" not in desk.get(address).text
    press(desk, mornings, "keep")
    assert "As it was kept last" in desk.get(address).text


def test_what_is_kept_is_shown_and_used_by_nobody(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    press(desk, mornings, "keep", body_en="Hello {name}! <script>alert(1)</script> {join} {manage}")
    picture = desk.get(reverse("desk:wording-picture", args=[mornings.pk, "reminder", "en"]))
    sign_up(mornings, AINO, 0, at=noon)
    plan_due(at=datetime.fromisoformat("2027-04-12T10:00+03:00"))

    assert b"alert(1)" in picture.content
    assert b"<script" not in picture.content
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]
    assert "Hei Aino! Nähdään" not in render(mail(AINO, "reminder")).text


def test_a_test_goes_to_its_writer_and_to_nobody_else(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Message.objects.all().delete()

    press(desk, mornings, "test")

    tried = Message.objects.get()
    assert tried.recipient == mornings.organisation.memberships.get().user.email
    assert (
        "Nähdään" in render(tried).text or "See you" in render(tried).text or "Vi ses" in render(tried).text
    )
    assert tried.calendar == ""
    assert render(tried).subject.startswith(("Koe: ", "Prov: ", "Test: "))


def test_the_mail_that_most_people_get_stands_first(desk: Client, mornings: EventSeries) -> None:
    shown = desk.get(reverse("desk:wordings", args=[mornings.pk])).text
    places = [shown.index(f"/wordings/{kind}/") for kind in ("confirmation", "reminder", "merged", "survey")]

    assert places == sorted(places)


def test_a_test_does_not_go_out_without_a_subject_line(desk: Client, mornings: EventSeries) -> None:
    answer = press(desk, mornings, "test", subject_sv=" ")

    assert 'href="#id_subject_sv"' in answer
    assert not Message.objects.exists()


def test_every_kind_has_a_name_for_people() -> None:
    nameless = {kind.key for kind in all_kinds() if kind.words} - MESSAGE_KINDS.keys()

    assert not nameless


def test_vipus_words_come_back(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    press(desk, mornings, "save")
    press(desk, mornings, "withdraw")
    assert "Vipu's own words are in use again." in press(desk, mornings, "withdraw"), "twice is once"
    sign_up(mornings, AINO, 0, at=noon)
    plan_due(at=datetime.fromisoformat("2027-04-12T10:00+03:00"))

    assert "Nähdään" not in render(mail(AINO, "reminder")).text
    assert day(mornings).title_fi in render(mail(AINO, "reminder")).text


def test_only_kinds_with_words_are_there(desk: Client, mornings: EventSeries) -> None:
    shown = desk.get(reverse("desk:wordings", args=[mornings.pk])).content.decode()

    assert "Reminder" in shown
    assert desk.get(reverse("desk:wording", args=[mornings.pk, "note"])).status_code == 404
    assert desk.get(reverse("desk:wording-picture", args=[mornings.pk, "reminder", "de"])).status_code == 404


def test_a_draft_is_discarded_after_one_more_look_and_what_counts_stays(
    desk: Client, mornings: EventSeries
) -> None:
    press(desk, mornings, "save")
    press(desk, mornings, "keep", subject_en="Never used")
    page = reverse("desk:wording", args=[mornings.pk, "reminder"])
    discarding = reverse("desk:wording-discard", args=[mornings.pk, "reminder"])

    assert discarding in desk.get(page).content.decode()
    assert "Your own words stay in use." in desk.get(discarding).content.decode()
    after = desk.post(discarding, {"step": "save"}, follow=True).content.decode()

    assert "The draft was discarded." in after
    assert "Never used" not in after
    assert "Tomorrow {event}" in after
    assert discarding not in after
    assert desk.get(discarding).status_code == 404
    assert desk.post(discarding, {"step": "save"}).status_code == 303, "twice is once"
    trail = AuditEvent.objects.filter(action="wording.discarded")
    assert [one.details for one in trail] == [{"kind": "reminder", "version": 2}]


def test_the_mail_is_shown_on_a_phone_and_a_desktop_with_its_entry_and_vipus_words(
    desk: Client, mornings: EventSeries
) -> None:
    before = desk.get(reverse("desk:wording", args=[mornings.pk, "confirmation"])).content.decode()
    own = press(desk, mornings, "keep")

    picture = reverse("desk:wording-picture", args=[mornings.pk, "confirmation", "sv"])
    assert before.count(f'src="{picture}"') == 2
    assert "Luontopolku kaikille – Veera Esimerkki" in before, "the programme stands in the entry"
    assert "På nätet" in before
    assert "Vipu's words</h4>" not in before, "nothing stands beside itself"
    assert own.count("Vipu's words</h4>") == 3
    assert "Huomenna klo 8.30, linkki tässä" in own


def test_an_entry_that_is_taken_out_says_only_that(desk: Client, mornings: EventSeries) -> None:
    page = desk.get(reverse("desk:wording", args=[mornings.pk, "cancelled_by_organiser"])).content.decode()

    assert "The entry “Accessibility of nearby nature” leaves the calendar." in page


def test_so_many_tests_are_refused_with_a_sentence_and_the_words_are_kept(
    desk: Client, mornings: EventSeries, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    cache.clear()
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False):
        for _ in range(20):
            press(desk, mornings, "test")
        answer = press(desk, mornings, "test", subject_fi="Vielä kerran {event}")
    cache.clear()
    assert "So many tests have been sent in a short time." in answer
    assert "Vielä kerran {event}" in answer
    assert Message.objects.count() == 20
    assert Wording.objects.get(scope=f"series:{mornings.pk}").subject_fi == "Vielä kerran {event}"


@pytest.mark.parametrize(
    ("language", "when", "where", "button"),
    [
        ("fi", "ti 13.4.2027 klo 8.30–10.00 Suomen aikaa", "verkossa", "Omat ilmoittautumiset"),
        ("sv", "ti 13.4.2027 kl. 8.30–10.00 finsk tid", "på nätet", "Mina anmälningar"),
        ("en", "Tue 13 April 2027, 8.30–10.00 Finnish time", "online", "My registrations"),
    ],
)
def test_an_example_stands_beside_every_line_that_the_words_may_name(
    language: Language, when: str, where: str, button: str
) -> None:
    examples = {one.name: (one, said) for one, said in samples_of(kinds.get("note"), language=language)}

    assert (examples["when"][1], examples["where"][1], examples["manage"][1]) == (when, where, button)
    assert [name for name, (one, said) in examples.items() if not said and not one.block] == []
