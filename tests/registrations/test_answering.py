"""Questions of a series: what is asked, what is kept, what is sealed, and what people agree to."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core.errors import Refusal
from backend.core.seals import BrokenSeal, seal, unseal
from events.models import EventSeries
from registrations import queries
from registrations.actions import cancel_all, register
from registrations.actions.answering import OwnForm, change_answers, change_consents
from registrations.models import Attendee, ConsentText, Quota, Registration, Submission
from registrations.rules import KeyReused, Person
from tests.registrations.forms import agreed, answered, consent, of_event, question, sealed, usual_form
from tests.registrations.people import AINO, VEERA, attendee, slugs

ALL = {"how": "on-the-spot", "diet": ["vegan"], "why": "Kiinnostaa"}


def sign_up(
    series: EventSeries,
    person: Person,
    *days: int,
    at: datetime,
    key: str = "one",
    answers: dict[str, Any] | None = None,
    consents: tuple[str, ...] = (),
) -> Submission:
    return register(
        series=series,
        person=person,
        events=slugs(series, *days),
        idempotency_key=f"{person.email} {key}",
        at=at,
        answers=answers or {},
        consents=consents,
    )


def sentences(refused: Refusal) -> dict[str, list[str]]:
    return {field: [str(one) for one in said] for field, said in refused.fields.items()}


def test_answers_are_kept_with_the_person_and_diet_is_sealed(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)

    sign_up(mornings, AINO, 0, at=noon, answers=ALL, consents=("photos",))

    aino = attendee(AINO)
    assert answered(aino) == {"how": "on-the-spot", "why": "Kiinnostaa"}
    assert list(sealed(aino)) == ["diet"]
    assert "vegan" not in sealed(aino)["diet"]
    assert queries.protected_answers_of([aino.pk]) == {aino.pk: {"diet": ["vegan"]}}
    assert agreed(aino) == [("photos", 1, None)]


def test_what_was_typed_into_a_hidden_question_is_not_kept(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)

    sign_up(mornings, AINO, 0, at=noon, answers=ALL | {"how": "online"})

    assert answered(attendee(AINO)) == {"how": "online", "why": "Kiinnostaa"}
    assert sealed(attendee(AINO)) == {}


def test_a_question_of_one_event_is_asked_only_of_those_who_choose_it(
    mornings: EventSeries, noon: datetime
) -> None:
    question(mornings, "bus", "yes_no", required=True, event=of_event(mornings, 1))

    sign_up(mornings, AINO, 0, at=noon)
    with pytest.raises(Refusal) as refused:
        sign_up(mornings, VEERA, 1, at=noon)
    sign_up(mornings, VEERA, 1, at=noon, answers={"bus": "no"})

    assert sentences(refused.value) == {"answers.bus": ["Valitse vastaus."]}
    assert answered(attendee(VEERA)) == {"bus": False}


def test_everything_wrong_is_told_at_once_the_person_and_the_answers(
    mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)

    with pytest.raises(Refusal) as refused:
        sign_up(
            mornings,
            Person(name="", email="aino@example.org"),
            0,
            at=noon,
            answers={"how": "by-boat", "colour": "red"},
            consents=("cookies",),
        )

    assert set(refused.value.fields) == {"name", "answers.how", "answers.colour", "consents"}
    assert Attendee.objects.count() == 0


def test_a_known_address_changes_no_answers_and_no_consents(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)
    sign_up(mornings, AINO, 0, at=noon, answers=ALL, consents=("photos",))
    before = (answered(attendee(AINO)), sealed(attendee(AINO)), agreed(attendee(AINO)))

    sign_up(mornings, AINO, 0, at=noon, key="two", answers={"how": "online", "why": "Toinen"})

    assert (answered(attendee(AINO)), sealed(attendee(AINO)), agreed(attendee(AINO))) == before


def test_whoever_comes_back_after_cancelling_answers_anew(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)
    sign_up(mornings, AINO, 0, at=noon, answers=ALL, consents=("photos",))
    cancel_all(attendee=attendee(AINO), at=noon)

    sign_up(mornings, AINO, 1, at=noon, key="two", answers={"how": "online"})

    assert answered(attendee(AINO)) == {"how": "online"}
    assert sealed(attendee(AINO)) == {}
    assert agreed(attendee(AINO)) == [("photos", 1, noon)]


def test_the_same_key_with_other_answers_is_another_registration(
    mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    first = sign_up(mornings, AINO, 0, at=noon, answers=ALL)

    assert sign_up(mornings, AINO, 0, at=noon, answers=ALL) == first
    with pytest.raises(KeyReused):
        sign_up(mornings, AINO, 0, at=noon, answers=ALL | {"why": "Muu syy"})
    assert "Kiinnostaa" not in str(Submission.objects.values().get())


def test_answers_can_be_changed_until_the_deadline(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)
    sign_up(mornings, AINO, 0, at=noon, answers=ALL)
    closes = Quota.objects.get(event=of_event(mornings)).closes_at
    aino = attendee(AINO)

    change_answers(
        attendee=aino, answers={"how": "online", "why": "Uusi syy"}, at=closes - timedelta(seconds=1)
    )
    assert answered(aino) == {"how": "online", "why": "Uusi syy"}
    assert sealed(aino) == {}

    change_answers(attendee=aino, answers={"how": "online"}, at=closes)  # the same again is no change
    with pytest.raises(Refusal) as refused:
        change_answers(attendee=aino, answers={"why": "Liian myöhään"}, at=closes)
    assert set(refused.value.fields) == {"answers.why"}
    assert answered(aino) == {"how": "online", "why": "Uusi syy"}


def test_a_nonsense_answer_after_the_deadline_is_a_change_too(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)
    sign_up(mornings, AINO, 0, at=noon, answers=ALL)
    closes = Quota.objects.get(event=of_event(mornings)).closes_at

    with pytest.raises(Refusal):
        change_answers(attendee=attendee(AINO), answers={"how": "by-boat"}, at=closes)


def test_a_consent_can_be_taken_back_after_every_deadline(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)
    sign_up(mornings, AINO, 0, at=noon, consents=("photos",))
    later = of_event(mornings, 3).ends_at

    change_consents(attendee=attendee(AINO), consents=[], at=later)

    assert agreed(attendee(AINO)) == [("photos", 1, later)]


def test_a_consent_stands_with_the_text_that_was_agreed_to(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)
    sign_up(mornings, AINO, 0, at=noon, consents=("photos",))
    ConsentText.objects.update(retired_at=noon)
    consent(mornings, version=2)

    change_answers(attendee=attendee(AINO), answers={}, consents=["photos"], at=noon)
    assert agreed(attendee(AINO)) == [("photos", 1, None)]

    change_consents(attendee=attendee(AINO), consents=[], at=noon)
    change_consents(attendee=attendee(AINO), consents=["photos"], at=noon)
    assert agreed(attendee(AINO)) == [("photos", 1, noon), ("photos", 2, None)]
    with pytest.raises(Refusal):
        change_consents(attendee=attendee(AINO), consents=["cookies"], at=noon)


def test_an_event_chosen_later_leaves_its_question_unanswered(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 1, at=noon)
    assert not OwnForm.read(attendee(AINO), at=noon).unanswered

    question(mornings, "bus", "yes_no", required=True, event=of_event(mornings, 1))

    assert OwnForm.read(attendee(AINO), at=noon).unanswered


def test_catering_is_told_numbers_only(mornings: EventSeries, noon: datetime) -> None:
    usual_form(mornings)
    question(mornings, "needs", "long_text", special="accessibility")
    question(mornings, "lift", "yes_no", special="accessibility")
    sign_up(mornings, AINO, 0, at=noon, answers=ALL | {"needs": "Ramppi", "lift": True})
    sign_up(mornings, VEERA, 0, at=noon, answers={"how": "on-the-spot", "diet": ["vegan", "no-gluten"]})

    counted = queries.catering(of_event(mornings))

    assert [(one.question.key, one.answered, [count for _label, count in one.rows]) for one in counted] == [
        ("diet", 2, [2, 1]),
        ("needs", 1, []),
        ("lift", 1, [1, 0]),
    ]
    assert [one.answered for one in queries.catering(of_event(mornings, 1))] == [0, 0, 0]
    Registration.objects.filter(attendee__email=VEERA.email).update(state="offered", offer_expires_at=noon)
    assert queries.catering(of_event(mornings))[0].answered == 1  # Veera counts once she takes the place


def test_the_form_is_read_in_as_many_questions_however_long_it_is(mornings: EventSeries) -> None:
    usual_form(mornings)
    with CaptureQueriesContext(
        connection,
    ) as few:
        queries.form_of(mornings).texts()
    for number in range(10):
        question(mornings, f"more-{number}", "one_of", options=("a", "b"))
    with CaptureQueriesContext(connection) as many:
        queries.form_of(mornings).texts()

    assert len(few) == len(many) == 3


def test_a_seal_opens_only_for_its_purpose_and_with_a_secret_that_is_known(settings: Any) -> None:  # noqa: ANN401 - pytest-django's fixture
    closed = seal("vegan", purpose="diet")
    old = settings.SECRET_KEY

    assert unseal(closed, purpose="diet") == "vegan"
    with pytest.raises(BrokenSeal):
        unseal(closed, purpose="other")
    settings.SECRET_KEY = "another secret of the same length, made for this test"
    with pytest.raises(BrokenSeal):
        unseal(closed, purpose="diet")
    assert queries.answers.opened({"diet": closed}) == {}
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(closed, purpose="diet") == "vegan"
