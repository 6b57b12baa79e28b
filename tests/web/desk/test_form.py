"""The form of a series at the desk: without scripts, in three languages, sealed answers by right."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Membership
from events.models import EventSeries
from registrations.actions import register
from registrations.models import Question
from registrations.queries import form_of
from tests.registrations.forms import answered, of_event, usual_form
from tests.registrations.people import AINO, attendee, slugs
from tests.web.desk.seen import page, problems, save, text

NEW = {
    "label_fi": "Miten osallistut?",
    "label_sv": "Hur deltar du?",
    "label_en": "How do you take part?",
    "kind": "one_of",
    "options_fi": "Paikan päällä\nEtänä",
    "options_sv": "På plats\nPå distans",
    "options_en": "On the spot\nOnline",
}


def keys(series: EventSeries) -> list[str]:
    return [one.key for one in form_of(series).questions]


def test_a_question_is_added_worded_moved_and_taken_away(desk: Client, mornings: EventSeries) -> None:
    save(desk, "question-add", mornings.pk, **NEW)
    save(
        desk,
        "question-add",
        mornings.pk,
        label_fi="Ruoka",
        label_sv="Mat",
        label_en="Food",
        kind="text",
        special="diet",
        condition=["miten-osallistut:paikan-paalla"],
    )
    how, food = form_of(mornings).questions
    assert (food.condition, food.condition_values) == (how, ["paikan-paalla"])

    save(desk, "question", how.pk, **(NEW | {"options_fi": "Paikan päällä\nVerkossa"}))
    assert [option.key for option in form_of(mornings).questions[0].options.all()] == [
        "paikan-paalla",
        "etana",
    ]
    refused = desk.post(reverse("desk:question-order", args=[food.pk]), {"step": "up"}, follow=True)
    assert keys(mornings) == ["miten-osallistut", "ruoka"]
    assert refused.status_code == 200
    save(desk, "question-retire", food.pk)
    assert keys(mornings) == ["miten-osallistut"]


def test_a_public_series_lacks_no_language(desk: Client, mornings: EventSeries) -> None:
    answer = desk.post(
        reverse("desk:question-add", args=[mornings.pk]),
        {**NEW, "label_sv": "", "options_sv": "", "step": "save"},
    )

    assert set(problems(answer)) == {"id_label_sv", "id_options_sv"}
    assert keys(mornings) == []


def test_the_form_is_seen_as_the_public_sees_it_in_three_languages(
    desk: Client, mornings: EventSeries
) -> None:
    usual_form(mornings)

    seen = page(desk, "form-preview", mornings.pk)

    assert all(f"how {language}" in seen for language in ("fi", "sv", "en"))
    assert "how" in page(desk, "form", mornings.pk)


def test_a_consent_gets_a_new_version_and_a_form_is_copied(desk: Client, mornings: EventSeries) -> None:
    words = {"text_fi": "Kuvat", "text_sv": "Bilder", "text_en": "Pictures"}
    save(desk, "consent-add", mornings.pk, **words)
    [first] = form_of(mornings).consents
    save(desk, "consent", first.pk, **(words | {"text_en": "Photographs"}))
    [second] = form_of(mornings).consents

    assert (second.purpose, second.version) == (first.purpose, 2)
    save(desk, "consent-retire", second.pk)
    assert form_of(mornings).consents == ()


@pytest.fixture
def aino(mornings: EventSeries) -> int:
    usual_form(mornings)
    register(
        series=mornings,
        person=AINO,
        events=slugs(mornings, 0),
        idempotency_key="one",
        at=of_event(mornings).series.created_at.replace(month=3),
        answers={"how": "on-the-spot", "diet": ["vegan"], "why": "Kiinnostaa"},
        consents=["photos"],
    )
    return attendee(AINO).pk


def test_sealed_answers_are_read_only_by_right_and_each_reading_is_written_down(
    desk: Client, aino: int
) -> None:
    seen = page(desk, "attendee", aino)
    assert "Kiinnostaa" in seen
    assert "photos" in seen
    assert "vegan" not in seen
    address = reverse("desk:protected", args=[aino])
    assert desk.post(address).status_code == 403
    assert not AuditEvent.objects.filter(action="protected.read").exists()

    Membership.objects.update(sees_protected=True)
    assert "vegan" in text(desk.post(address))
    assert AuditEvent.objects.get(action="protected.read").subject == f"attendee:{aino}"


def test_catering_sees_numbers(desk: Client, mornings: EventSeries, aino: int) -> None:
    seen = page(desk, "catering", of_event(mornings).pk)

    assert "vegan" in seen
    assert "Aino" not in seen
    assert answered(attendee(AINO)) == {"how": "on-the-spot", "why": "Kiinnostaa"}
    assert Question.objects.count() == 3
