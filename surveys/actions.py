"""Everything that changes a survey: asking those who came, and taking their answers."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction

import catalogue.queries
from accounts import audit
from accounts.models import User
from accounts.queries import municipality_named
from backend.core.dates import local
from backend.core.i18n import Language, _
from catalogue.actions import open_lead
from catalogue.models import Practice
from events.models import Event
from notifications import outbox
from registrations.actions.attending import note_survey_answered
from registrations.models import Registration
from surveys import default, messages, queries, rules
from surveys.models import Answer, Invitation, Question, Response, Survey
from surveys.rules import Json


@transaction.atomic
def open_survey(*, event: Event, at: datetime, actor: User | None = None) -> Survey:
    """Ask everybody who had a confirmed place and was not marked absent; again, only those not yet asked."""
    rules.require_held(starts_at=event.starts_at, published=event.state == Event.State.PUBLISHED, at=at)
    survey, is_new = Survey.objects.get_or_create(
        event=event, defaults={"opens_at": at, "closes_at": at + rules.OPEN_FOR}
    )
    survey = Survey.objects.select_for_update().get(pk=survey.pk)  # two senders take turns here
    if is_new:
        _ask(survey, event)
    invited = _invite(survey, event, at=at)
    if is_new or invited:
        audit.record(
            action="survey.sent",
            subject=f"event:{event.pk}",
            at=at,
            actor=actor,
            organisation_id=event.series.organisation_id,
            details={"invited": invited},
        )
    return survey


def _ask(survey: Survey, event: Event) -> None:
    presented = {practice.pk: practice for practice in catalogue.queries.presented_at(event).values()}
    questions = default.questions(
        presented=[(pk, practice.published.title) for pk, practice in presented.items() if practice.published]
    )
    for question in questions:
        question.survey = survey
    Question.objects.bulk_create(questions)


def _invite(survey: Survey, event: Event, *, at: datetime) -> int:
    came = (
        Registration.objects.filter(event=event, state=Registration.State.CONFIRMED)
        .filter(survey_invitation__isnull=True)
        .exclude(attended=False)
        .select_related("attendee")
    )
    invitations = [
        Invitation(
            survey=survey,
            registration=registration,
            language=registration.attendee.language,
            created_at=at,
        ).with_link()
        for registration in came
    ]
    survey.event = event
    invitations = Invitation.objects.bulk_create(invitations)
    outbox.queue_many([messages.survey(invitation) for invitation in invitations], at=at)
    return len(invitations)


def open_due(*, at: datetime) -> int:
    """Ask after every event that ended a while ago and has not been asked about; tells how many there were.

    Safe to run twice at once: an event has one survey, and one registration one invitation.
    """
    due = list(queries.due(at=at))
    for event in due:
        open_survey(event=event, at=at)
    return len(due)


@transaction.atomic
def respond(
    *, invitation: Invitation, answers: Mapping[str, Json], language: Language, at: datetime
) -> Response:
    """Keep the one answer that this invitation gives.

    A practice told of with leave to be contacted becomes a draft in the catalogue, and its link is mailed.
    """
    rules.require_open(closes_at=invitation.survey.closes_at, at=at)
    _require_first(invitation)
    response = _response(invitation, language=language, at=at)  # first, so that only one of two goes on
    note_survey_answered(registration_id=invitation.registration_id, at=at)
    questions = {question.key: question for question in invitation.survey.questions.all()}
    asked = [_asked(question) for question in questions.values()]
    kept = rules.checked(asked, answers, place=partial(_code_of, at=at))
    Answer.objects.bulk_create(
        Answer(response=response, question=questions[key], value=value) for key, value in kept.items()
    )
    for key, value in kept.items():
        if questions[key].kind == Question.Kind.PRACTICE_LEAD and isinstance(value, Mapping):
            response.practice = _lead(invitation, value, language=language, at=at)
            response.save(update_fields=["practice"])
    return response


def _require_first(invitation: Invitation) -> None:
    """Refuse a second answer of one person, who was registered twice and has been asked twice."""
    own = Response.objects.filter(invitation__survey=invitation.survey_id).exclude(invitation=invitation)
    if own.filter(invitation__registration__attendee=invitation.registration.attendee_id).exists():
        raise rules.AlreadyAnswered(
            _("This survey has already been answered with your other link. Thank you.")
        )


def _asked(question: Question) -> rules.Asked:
    return rules.Asked(
        key=question.key,
        kind=question.kind,
        options=[option["key"] for option in question.options],
        required=question.required,
    )


def _response(invitation: Invitation, *, language: Language, at: datetime) -> Response:
    try:
        with transaction.atomic():
            return Response.objects.create(invitation=invitation, submitted_at=at, language=language)
    except IntegrityError:
        sentence = _("This survey has already been answered with this link. Thank you.")
        raise rules.AlreadyAnswered(sentence) from None


def _lead(
    invitation: Invitation, lead: Mapping[str, Json], *, language: Language, at: datetime
) -> Practice | None:
    if not lead["may_contact"]:
        return None  # the answer stays among the answers; no name or address is kept with it
    attendee = invitation.registration.attendee
    return open_lead(
        title=str(lead["title"]),
        summary=str(lead["summary"]),
        municipality_code=str(lead["municipality"]) or attendee.municipality_id or "",
        owner_name=attendee.name,
        owner_email=attendee.email,
        language=language,
        event=invitation.survey.event,
        at=at,
    )


def _code_of(written: str, *, at: datetime) -> str | None:
    found = municipality_named(written, today=local(at).date())
    return found.pk if found else None
