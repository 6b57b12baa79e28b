"""Asking those who came, and taking their answers."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent, Organisation
from backend.core.errors import Gone, NotFound
from backend.core.i18n import Text
from catalogue.models import Practice, PracticeVersion, Presentation
from catalogue.queries import draft_by_token
from events.models import Event, EventSeries, Session
from notifications.models import Message
from registrations.models import Registration
from surveys import actions, default, queries, rules, tasks
from surveys.models import Answer, Invitation, Response, Survey
from surveys.rules import Json
from tests import factories
from tests.surveys import world

LEAD: dict[str, Json] = {
    "title": "Lähimetsä koulun pihana",
    "summary": "Koululaiset hoitavat lähimetsää.",
    "municipality": "ähtäri",
    "may_contact": True,
}
ALL: dict[str, Json] = {
    "usefulness": 5,
    "takeaway": "Metsä kuuluu kouluun.",
    "recommend": 9,
    "technique": 4,
    "next": ["try", "spar"],
    "practice": LEAD,
    "wishes": "Lisää metsää.",
}


def mails() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("kind", "recipient"))


def test_those_who_came_are_asked_and_the_others_are_not(tuesday: Event, after: datetime) -> None:
    world.came(tuesday, name="Aino Esimerkki", email="aino@example.org", attended=True)
    world.came(tuesday, name="Veera Exempel", email="veera@example.org", language="sv")
    world.came(tuesday, name="Olli Example", email="olli@example.org", attended=False)
    world.came(tuesday, name="Jono", email="jono@example.org", state=Registration.State.WAITING)
    world.came(tuesday, name="Peru", email="peru@example.org", state=Registration.State.CANCELLED)

    survey = actions.open_survey(event=tuesday, at=after)

    assert (survey.opens_at, survey.closes_at) == (after, after + timedelta(days=14))
    assert mails() == [("survey", "aino@example.org"), ("survey", "veera@example.org")]
    sent = Message.objects.get(recipient="veera@example.org")
    assert (sent.lane, sent.language, sent.audience, sent.not_after) == (
        "bulk",
        "sv",
        f"event:{tuesday.pk}",
        survey.closes_at,
    )


def test_asking_again_asks_only_those_not_yet_asked(
    tuesday: Event, aino: Registration, demos: Organisation, after: datetime
) -> None:
    olli = factories.organiser(demos)
    first = actions.open_survey(event=tuesday, at=after, actor=olli)
    world.came(tuesday, name="Veera Exempel", email="veera@example.org")

    again = actions.open_survey(event=tuesday, at=after + timedelta(hours=1), actor=olli)
    actions.open_survey(event=tuesday, at=after + timedelta(hours=2), actor=olli)

    assert (again, again.opens_at) == (first, after)
    assert mails() == [("survey", "aino@example.org"), ("survey", "veera@example.org")]
    assert again.questions.count() == 7
    sent = AuditEvent.objects.filter(action="survey.sent").order_by("pk")
    assert [(event.actor, event.details) for event in sent] == [(olli, {"invited": 1})] * 2


def test_an_event_that_lies_ahead_is_not_asked_about(tuesday: Event, noon: datetime) -> None:
    with pytest.raises(rules.NotHeldYet):
        actions.open_survey(event=tuesday, at=noon)
    assert not Survey.objects.exists()


def test_practices_heard_of_become_options_to_try(tuesday: Event, after: datetime) -> None:
    practice = Practice(slug="polku", created_at=after).with_link()
    practice.save()
    practice.published = PracticeVersion.objects.create(
        practice=practice, state="published", title_fi="Aistipolku", title_en="Sensory path"
    )
    practice.save()
    session = Session.objects.create(event=tuesday, position=1, title_fi="Polku")
    Presentation.objects.create(practice=practice, session=session)

    survey = actions.open_survey(event=tuesday, at=after)

    assert survey.questions.get(key="next").options[2] == {
        "key": f"try-{practice.pk}",
        "fi": "Kokeilla: Aistipolku",
        "sv": "Pröva: Aistipolku",
        "en": "Try: Sensory path",
    }


def test_the_default_questions_are_said_in_three_languages() -> None:
    assert len(default.QUESTIONS) == 7
    for question in default.QUESTIONS:
        texts = [question.text, *(text for _key, text in question.options)]
        texts += [text for text in (question.low, question.high) if text != Text()]
        assert [text.missing for text in texts] == [()] * len(texts)
    assert [question.key for question in default.QUESTIONS if question.required] == ["usefulness"]


# --- The sweep -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since_the_end", "asked"),
    [
        (timedelta(hours=2, microseconds=-1), 0),
        (timedelta(hours=2), 1),
        (timedelta(days=14, microseconds=-1), 1),
        (timedelta(days=14), 0),
    ],
)
def test_surveys_go_out_two_hours_after_the_end(
    tuesday: Event, aino: Registration, since_the_end: timedelta, asked: int
) -> None:
    assert actions.open_due(at=tuesday.ends_at + since_the_end) == asked
    assert Survey.objects.count() == asked


def test_the_sweep_may_run_as_often_as_it_likes(tuesday: Event, aino: Registration, after: datetime) -> None:
    assert [actions.open_due(at=after + timedelta(minutes=minute)) for minute in range(3)] == [1, 0, 0]
    assert mails() == [("survey", "aino@example.org")]


def test_only_public_events_with_people_are_asked_about(
    mornings: EventSeries, places: None, after: datetime
) -> None:
    events = list(mornings.events.all())
    people = [world.came(event, name="Aino", email=f"{event.pk}@example.org") for event in events]
    Event.objects.update(starts_at=world.BEFORE, ends_at=after - timedelta(hours=3))
    Event.objects.filter(pk=events[0].pk).update(state=Event.State.CANCELLED)
    events[1].quota.delete()
    Registration.objects.filter(pk=people[2].pk).update(attended=False)

    assert list(queries.due(at=after)) == [events[3]]


def test_the_clock_has_a_thin_entrance(db: None) -> None:
    tasks.open_due()
    assert not Survey.objects.exists()


def test_one_survey_one_invitation_one_response(aino: Registration, after: datetime) -> None:
    invitation = world.asked(aino)
    response = actions.respond(invitation=invitation, answers=ALL, language="fi", at=after)
    answer = response.answers.all()[0]

    for row in (
        Survey(event=aino.event, opens_at=after, closes_at=after),
        Invitation(survey=invitation.survey, registration=aino, language="fi", created_at=after).with_link(),
        Response(invitation=invitation, submitted_at=after, language="fi"),
        Answer(response=response, question=answer.question, value=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


# --- Answering -----------------------------------------------------------------------------------


def test_an_answer_is_kept_and_a_practice_becomes_a_draft(aino: Registration, after: datetime) -> None:
    invitation = world.asked(aino)

    response = actions.respond(invitation=invitation, answers=ALL, language="fi", at=after)

    kept = dict(response.answers.order_by("pk").values_list("question__key", "value"))
    assert kept == ALL | {
        "next": ["spar", "try"],
        "practice": LEAD | {"municipality": "989"},
    }
    assert response.practice is not None
    draft = draft_by_token(response.practice.token)
    assert draft.practice.came_from == aino.event
    assert (draft.practice.owner_name, draft.practice.owner_email) == ("Aino Esimerkki", "aino@example.org")
    assert [place.code for place in draft.practice.municipalities.all()] == ["989"]
    assert draft.version.title == Text(fi="Lähimetsä koulun pihana")
    assert mails() == [("survey", "aino@example.org"), ("practice_receipt", "aino@example.org")]


def test_the_municipality_of_the_registration_is_carried_over(tuesday: Event, after: datetime) -> None:
    veera = world.came(
        tuesday, name="Veera Exempel", email="veera@example.org", language="sv", municipality="853"
    )
    lead: dict[str, Json] = {"title": "Närskogen", "may_contact": True}

    response = actions.respond(
        invitation=world.asked(veera), answers={"usefulness": 3, "practice": lead}, language="sv", at=after
    )

    assert response.practice is not None
    assert response.practice.language == "sv"
    assert [place.code for place in response.practice.municipalities.all()] == ["853"]
    assert draft_by_token(response.practice.token).version.title == Text(sv="Närskogen")


def test_without_leave_to_contact_nobody_is_named(aino: Registration, after: datetime) -> None:
    lead: dict[str, Json] = {"title": "Metsä", "summary": "", "municipality": "", "may_contact": False}

    response = actions.respond(
        invitation=world.asked(aino), answers={"usefulness": 3, "practice": lead}, language="fi", at=after
    )

    assert response.practice is None
    assert response.answers.get(question__key="practice").value == lead
    assert not Practice.objects.exists()
    assert mails() == [("survey", "aino@example.org")]


def test_a_link_gives_one_answer(aino: Registration, after: datetime) -> None:
    invitation = world.asked(aino)
    assert not invitation.answered
    actions.respond(invitation=invitation, answers={"usefulness": 5}, language="fi", at=after)

    with pytest.raises(rules.AlreadyAnswered) as refused:
        actions.respond(invitation=invitation, answers={"usefulness": 1}, language="fi", at=after)

    assert (refused.value.code, refused.value.status) == ("already-answered", 409)
    assert list(Answer.objects.values_list("value", flat=True)) == [5]
    assert queries.invitation_by_token(invitation.token, at=after).answered


def test_bad_answers_leave_no_trace(aino: Registration, after: datetime) -> None:
    invitation = world.asked(aino)

    with pytest.raises(rules.Invalid) as refused, transaction.atomic():
        actions.respond(
            invitation=invitation, answers=ALL | {"recommend": 11, "beauty": 1}, language="fi", at=after
        )

    assert sorted(refused.value.fields) == ["beauty", "recommend"]
    assert (Response.objects.count(), Answer.objects.count(), Practice.objects.count()) == (0, 0, 0)


def test_a_closed_survey_takes_no_answers(aino: Registration) -> None:
    invitation = world.asked(aino)
    late = invitation.survey.closes_at

    assert queries.invitation_by_token(invitation.token, at=late - timedelta(seconds=1)) == invitation
    with pytest.raises(Gone):
        queries.invitation_by_token(invitation.token, at=late)
    with pytest.raises(rules.Closed):
        actions.respond(invitation=invitation, answers={"usefulness": 5}, language="fi", at=late)


def test_a_mangled_link_leads_nowhere(aino: Registration, after: datetime) -> None:
    with pytest.raises(NotFound):
        queries.invitation_by_token(world.asked(aino).token + "x", at=after)


# --- Results -------------------------------------------------------------------------------------


def test_results_are_counted(tuesday: Event, aino: Registration, after: datetime) -> None:
    veera = world.came(tuesday, name="Veera Exempel", email="veera@example.org")
    world.came(tuesday, name="Olli Example", email="olli@example.org")
    actions.respond(invitation=world.asked(aino), answers=ALL, language="fi", at=after)
    actions.respond(
        invitation=world.asked(veera),
        answers={"usefulness": 2, "recommend": 3, "next": ["spar"]},
        language="fi",
        at=after,
    )

    results = queries.results(tuesday)

    assert results is not None
    assert (results.invited, results.answered) == (3, 2)
    by_key = {one.question.key: one for one in results.questions}
    assert list(by_key) == ["usefulness", "takeaway", "recommend", "technique", "next", "practice", "wishes"]
    useful, recommend = by_key["usefulness"], by_key["recommend"]
    assert ([tally.count for tally in useful.tallies], useful.mean, useful.answered) == (
        [0, 1, 0, 0, 1],
        3.5,
        2,
    )
    assert (recommend.recommend, len(recommend.tallies)) == (0, 11)
    assert [(tally.key, tally.count) for tally in by_key["next"].tallies] == [
        ("hear-more", 0),
        ("spar", 2),
        ("try", 1),
        ("nothing", 0),
    ]
    assert by_key["takeaway"].texts == ("Metsä kuuluu kouluun.",)
    assert by_key["practice"].leads[0]["title"] == "Lähimetsä koulun pihana"


def test_nobody_asked_means_no_results(tuesday: Event) -> None:
    assert queries.results(tuesday) is None


def test_an_empty_survey_has_empty_results(tuesday: Event, after: datetime) -> None:
    actions.open_survey(event=tuesday, at=after)

    results = queries.results(tuesday)

    assert results is not None
    assert [(one.answered, one.mean, one.recommend) for one in results.questions] == [(0, None, None)] * 7
