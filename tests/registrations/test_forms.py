"""What organisers do with the form of a series."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent
from backend.core.errors import Refusal
from backend.core.i18n import Text
from events.models import EventSeries
from registrations import queries
from registrations.actions import cancel_all, forms, register
from registrations.actions.retention import remove_protected
from registrations.models import ConsentText, Option, ProtectedAnswer, Question
from registrations.rules import OptionDraft, QuestionDraft
from tests import factories
from tests.registrations.forms import consent, of_event, question, sealed, usual_form
from tests.registrations.people import AINO, VEERA, attendee, slugs

HOW = QuestionDraft(
    label=Text("Miten osallistut?", "Hur deltar du?", "How do you take part?"),
    kind="one_of",
    options=[
        OptionDraft(label=Text("Paikan päällä", "På plats", "On the spot")),
        OptionDraft(label=Text("Etänä", "På distans", "Online")),
    ],
)
FOOD = QuestionDraft(
    label=Text("Ruokavalio", "Kost", "Diet"),
    kind="text",
    special="diet",
    condition="miten-osallistut",
    condition_values=["paikan-paalla"],
)


def keys(series: EventSeries) -> list[str]:
    return [one.key for one in queries.form_of(series).questions]


def add(series: EventSeries, draft: QuestionDraft, *, at: datetime, event: int | None = None) -> Question:
    return forms.add_question(
        series=series,
        draft=draft,
        event=None if event is None else of_event(series, event),
        at=at,
        actor=None,
    )


def answer(series: EventSeries, *, at: datetime, **answers: object) -> None:
    register(
        series=series,
        person=AINO,
        events=slugs(series, 0),
        idempotency_key="one",
        at=at,
        answers=answers,
        consents=[text.purpose for text in queries.form_of(series).consents],
    )


def test_a_question_gets_a_key_of_its_words_and_so_do_its_options(
    mornings: EventSeries, noon: datetime
) -> None:
    add(mornings, HOW, at=noon)
    add(mornings, FOOD, at=noon)
    add(mornings, replace(HOW, options=HOW.options[::-1]), at=noon)

    assert keys(mornings) == ["miten-osallistut", "ruokavalio", "miten-osallistut-2"]
    assert [one.options for one in queries.form_of(mornings).asked] == [
        ("paikan-paalla", "etana"),
        (),
        ("etana", "paikan-paalla"),
    ]
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["question.added"] * 3


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"label": Text("", "x", "x")}, ["label.fi"]),
        ({"label": Text("x", "", "x")}, ["label.sv"]),
        ({"label": Text("x" * 301, "x", "x")}, ["label.fi"]),
        ({"label": Text("a\x00", "x", "x")}, ["label.fi"]),
        ({"help": Text("vain suomeksi")}, ["help.sv", "help.en"]),
        ({"kind": "file"}, ["kind"]),
        ({"special": "religion"}, ["special"]),
        ({"kind": "one_of"}, ["options"]),
        ({"kind": "many_of", "options": [OptionDraft(label=Text("a", "", "a"))]}, ["options.sv"]),
        ({"kind": "one_of", "options": [OptionDraft(label=Text("a", "a", "a"))] * 2}, ["options"]),
        ({"kind": "one_of", "options": [OptionDraft(label=Text("a", "a", "a"))] * 101}, ["options"]),
        ({"options": HOW.options}, ["options"]),
        ({"condition": "nowhere", "condition_values": ["yes"]}, ["condition"]),
        ({"condition": "why", "condition_values": ["yes"]}, ["condition"]),
        ({"condition": "how", "condition_values": ["yes"]}, ["condition_values"]),
        ({"condition": "how", "condition_values": []}, ["condition_values"]),
        ({"condition": "diet", "condition_values": ["vegan"], "special": "diet"}, ["condition"]),
        ({"condition": "bus", "condition_values": ["yes"]}, ["condition"]),
        ({"condition": "lift", "condition_values": ["yes"]}, ["condition"]),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_beside_its_field(
    mornings: EventSeries, noon: datetime, wrong: dict[str, object], fields: Sequence[str]
) -> None:
    usual_form(mornings)
    question(mornings, "bus", "yes_no", event=of_event(mornings))
    question(mornings, "lift", "yes_no", special="accessibility")
    plain = QuestionDraft(label=Text("x", "x", "x"), kind="text")

    with pytest.raises(Refusal) as refused:
        add(mornings, replace(plain, **wrong), at=noon)  # type: ignore[arg-type]  # one field at a time

    assert list(refused.value.fields) == fields


def test_a_language_may_be_missing_while_the_series_is_a_draft(mornings: EventSeries, noon: datetime) -> None:
    EventSeries.objects.update(state=EventSeries.State.DRAFT)
    mornings.refresh_from_db()

    add(mornings, QuestionDraft(label=Text("Vain suomeksi"), kind="text"), at=noon)

    [label, *_rest] = queries.form_of(mornings).texts()
    assert label.missing == ("sv", "en")


def test_a_form_has_an_end(mornings: EventSeries, noon: datetime) -> None:
    for number in range(50):
        question(mornings, f"q{number}")

    with pytest.raises(Refusal):
        add(mornings, HOW, at=noon)


def test_an_answered_question_is_retired_and_one_without_answers_is_deleted(
    mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    answer(mornings, at=noon, why="Kiinnostaa")
    rows = {one.key: one for one in Question.objects.all()}

    with pytest.raises(Refusal):
        forms.retire_question(question=rows["how"], at=noon, actor=None)
    for key in ("why", "diet", "how"):
        forms.retire_question(question=rows[key], at=noon, actor=None)

    assert keys(mornings) == []
    assert list(Question.objects.values_list("key", "retired_at")) == [("why", noon)]
    assert queries.answers_of([attendee(AINO).pk]) == {attendee(AINO).pk: {"why": "Kiinnostaa"}}
    with pytest.raises(Refusal):
        forms.retire_question(question=rows["why"], at=noon, actor=None)


def test_the_last_trace_of_a_retired_dependant_does_not_hold_a_question(
    mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    answer(mornings, at=noon, how="on-the-spot", diet=["vegan"])
    rows = {one.key: one for one in Question.objects.all()}
    forms.retire_question(question=rows["diet"], at=noon, actor=None)

    forms.retire_question(question=rows["how"], at=noon, actor=None)

    assert keys(mornings) == ["why"]
    assert Question.objects.filter(retired_at=noon).count() == 2


def test_words_change_but_not_the_kind_of_what_was_answered(mornings: EventSeries, noon: datetime) -> None:
    how = add(mornings, HOW, at=noon)
    food = add(mornings, FOOD, at=noon)
    options = [replace(HOW.options[0], key="paikan-paalla"), OptionDraft(label=Text("Auto", "Bil", "Car"))]
    answer(mornings, at=noon, **{"miten-osallistut": "etana"})

    forms.edit_question(question=how, draft=replace(HOW, options=options), at=noon, actor=None)
    for wrong, fields in (
        (replace(HOW, kind="text", options=()), {"kind", "options"}),
        (replace(HOW, options=[*HOW.options]), {"options"}),
        (replace(HOW, options=options, special="diet"), {"special"}),
    ):
        with pytest.raises(Refusal) as refused:
            forms.edit_question(question=how, draft=wrong, at=noon, actor=None)
        assert set(refused.value.fields) == fields
    forms.edit_question(question=food, draft=replace(FOOD, special=""), at=noon, actor=None)

    assert [(one.options, one.special) for one in queries.form_of(mornings).asked] == [
        (("paikan-paalla", "auto"), False),
        ((), False),
    ]
    assert Option.objects.filter(retired_at=noon).values_list("key", flat=True).get() == "etana"


def test_a_question_others_hang_on_stays_where_it_is(mornings: EventSeries, noon: datetime) -> None:
    first = question(mornings, "first", "yes_no")
    usual_form(mornings)
    how = Question.objects.get(key="how")
    options = [OptionDraft(key=key, label=Text(key, key, key)) for key in ("on-the-spot", "online")]
    draft = QuestionDraft(label=how.label, kind="one_of", options=options)

    with pytest.raises(Refusal) as refused:
        forms.edit_question(
            question=how,
            draft=replace(draft, condition="first", condition_values=["yes"]),
            at=noon,
            actor=None,
        )
    assert list(refused.value.fields) == ["condition"]
    Question.objects.filter(key="diet").update(special="")
    with pytest.raises(Refusal) as refused:
        forms.edit_question(question=how, draft=replace(draft, special="diet"), at=noon, actor=None)
    assert list(refused.value.fields) == ["special"]
    assert first.key == "first"


def test_questions_change_places_with_buttons_but_never_pass_their_condition(
    mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    question(mornings, "bus", event=of_event(mornings))
    rows = {one.key: one for one in Question.objects.select_related("series")}

    forms.move_question(question=rows["why"], by=-1, at=noon, actor=None)
    assert keys(mornings) == ["how", "why", "diet", "bus"]
    forms.move_question(question=rows["how"], by=-1, at=noon, actor=None)
    forms.move_question(question=rows["bus"], by=-1, at=noon, actor=None)
    assert keys(mornings) == ["how", "why", "diet", "bus"]
    with pytest.raises(Refusal):
        forms.order_questions(series=mornings, keys=["diet", "how", "why", "bus"], at=noon, actor=None)
    with pytest.raises(Refusal):
        forms.order_questions(series=mornings, keys=["how", "diet"], at=noon, actor=None)


def test_a_form_is_copied_with_its_conditions_and_only_what_is_not_there_yet(
    mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    question(mornings, "bus", event=of_event(mornings))
    other = factories.four_mornings(organisation=mornings.organisation, slug="toiset-2027")
    question(other, "why", "text")

    copied = forms.copy_form(source=mornings, series=other, at=noon, actor=None)

    assert copied == 3
    assert keys(other) == ["why", "how", "diet"]
    assert queries.form_of(other).asked[2].depends_on == "how"
    assert [text.purpose for text in queries.form_of(other).consents] == ["photos"]
    assert forms.copy_form(source=mornings, series=other, at=noon, actor=None) == 0


def test_a_public_series_takes_over_nothing_that_lacks_a_language(
    mornings: EventSeries, noon: datetime
) -> None:
    other = factories.four_mornings(organisation=mornings.organisation, slug="toiset-2027")
    question(other, "why", "text", label_sv="")

    with pytest.raises(Refusal):
        forms.copy_form(source=other, series=mornings, at=noon, actor=None)


def test_other_words_for_a_consent_are_a_new_version(mornings: EventSeries, noon: datetime) -> None:
    text = Text("Minua saa kuvata.", "Jag får fotograferas.", "I may be photographed.")
    first = forms.set_consent(series=mornings, text=text, at=noon, actor=None)
    same = forms.set_consent(series=mornings, text=text, purpose=first.purpose, at=noon, actor=None)
    new = Text("Kuvat sallittu.", "Bilder tillåtna.", "Pictures allowed.")
    second = forms.set_consent(series=mornings, text=new, purpose=first.purpose, at=noon, actor=None)

    assert (same.pk, first.purpose, second.version) == (first.pk, "minua-saa-kuvata", 2)
    assert ConsentText.objects.get(retired_at=noon) == first
    with pytest.raises(Refusal) as refused:
        forms.set_consent(series=mornings, text=Text("Vain suomeksi"), at=noon, actor=None)
    assert list(refused.value.fields) == ["text.sv", "text.en"]

    forms.retire_consent(text=second, at=noon, actor=None)
    assert queries.form_of(mornings).consents == ()


def test_several_forms_are_read_at_once(mornings: EventSeries) -> None:
    usual_form(mornings)
    other = factories.four_mornings(organisation=mornings.organisation, slug="toiset-2027")
    consent(other, "news")

    found = queries.forms_of_series([mornings.pk, other.pk])

    assert [one.key for one in found[mornings.pk].questions] == ["how", "diet", "why"]
    assert [text.purpose for text in found[other.pk].consents] == ["news"]


def test_protected_answers_go_fourteen_days_after_the_last_event(
    mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    question(mornings, "lift", "yes_no", special="accessibility", event=of_event(mornings))
    for person, days in ((AINO, (0,)), (VEERA, (0, 3))):
        register(
            series=mornings,
            person=person,
            events=slugs(mornings, *days),
            idempotency_key=person.email,
            at=noon,
            answers={"how": "on-the-spot", "diet": ["vegan"], "lift": True},
        )
    ends = of_event(mornings).ends_at + timedelta(days=14)

    assert remove_protected(at=ends - timedelta(seconds=1)) == 0
    assert remove_protected(at=ends) == 3
    assert (list(sealed(attendee(AINO))), list(sealed(attendee(VEERA)))) == ([], ["diet"])
    assert remove_protected(at=ends + timedelta(days=3)) == 1
    assert remove_protected(at=ends + timedelta(days=3)) == 0


def test_whoever_gave_up_all_places_keeps_sealed_answers_for_a_day(
    mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    answer(mornings, at=noon, how="on-the-spot", diet=["vegan"])
    cancel_all(attendee=attendee(AINO), at=noon)

    assert remove_protected(at=noon + timedelta(hours=23)) == 0
    assert remove_protected(at=noon + timedelta(days=1)) == 1
    assert ProtectedAnswer.objects.count() == 0
