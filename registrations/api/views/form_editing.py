"""The form of a series for the organiser's programs: its questions, its consents, and copying it.

The same deeds as at the desk, refused in the same words. A question goes by its key and a consent by its
purpose, as in the answers that programs send and read.
"""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.errors import NotFound
from backend.core.i18n import _
from backend.core.shapes import problems
from events.models import Event, EventSeries
from events.queries import events_of, series_for, series_of
from registrations import queries, rules
from registrations.actions import forms as actions
from registrations.api import form_serializers as shapes
from registrations.api.permissions import SeesPeople, token_of
from registrations.api.views.organiser import actor_of, checked, reach
from registrations.models import ConsentText, Question
from registrations.queries.questions import used

_TAGS = ["organiser"]
_READS = problems(401, 403, 404)
_WRITES = problems(400, 401, 403, 404, 422)


class FormDoor(APIView):
    """A view of the form of one of the person's series."""

    permission_classes = [SeesPeople]

    def series(self, pk: int) -> EventSeries:
        """Find the series among those of the person."""
        return series_of(self.request.user, pk, **reach(self.request))

    def question(self, series: EventSeries, key: str) -> Question:
        """Find a question that is asked now."""
        found = queries.form_of(series).by_key.get(key)
        if found is None:
            raise NotFound(_("Nothing was found at this address."))
        return found

    def answer(self, series: EventSeries, *, status: int = 200, **more: int) -> Response:
        """Give the form as it is asked now."""
        return Response(_shown(series, **more), status=status)


def _shown(series: EventSeries, **more: int) -> dict[str, Any]:
    form = queries.form_of(series)
    answered = set(used(Question.objects.filter(series=series)).values_list("pk", flat=True))
    shape = shapes.CopiedSerializer if more else shapes.OwnFormSerializer
    row = {"questions": form.questions, "consents": form.consents, **more}
    return dict(shape(row, context={"answered": answered}).data)


class OwnForm(FormDoor):
    """The form of a series."""

    @extend_schema(operation_id="own_form", tags=_TAGS, responses={200: shapes.OwnFormSerializer, **_READS})
    def get(self, request: Request, pk: int) -> Response:
        """List the questions and the consents in the order they are asked; drafts have a form, too."""
        return self.answer(self.series(pk))


class FormOrder(FormDoor):
    """The order of the questions."""

    @extend_schema(
        operation_id="own_form_order",
        tags=_TAGS,
        request=shapes.OrderIn,
        responses={200: shapes.OwnFormSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Ask the questions in this order; those of an event come after those of the whole series."""
        series, given = self.series(pk), checked(shapes.OrderIn, request.data)
        actions.order_questions(series=series, **given, at=timezone.now(), actor=actor_of(request))
        return self.answer(series)


class FormCopy(FormDoor):
    """Taking over another form."""

    @extend_schema(
        operation_id="own_form_copy",
        tags=_TAGS,
        request=shapes.CopyIn,
        responses={200: shapes.CopiedSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add the questions and consents of another of one's own series that this one lacks."""
        series, given = self.series(pk), checked(shapes.CopyIn, request.data)
        others = series_for(request.user, token=token_of(request)).exclude(pk=pk)
        source = others.filter(slug=given["source"]).first()
        if source is None:
            sentence = _("Choose another of your series.")
            raise rules.Invalid(sentence, fields={"source": [sentence]})
        copied = actions.copy_form(source=source, series=series, at=timezone.now(), actor=actor_of(request))
        return self.answer(series, copied=copied)


class FormQuestions(FormDoor):
    """Asking something more."""

    @extend_schema(
        operation_id="own_questions_add",
        tags=_TAGS,
        request=shapes.NewQuestionIn,
        responses={201: shapes.OwnFormSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add a question, last in the series or in one of its events; its key is made of its words."""
        series = self.series(pk)
        body = shapes.NewQuestionIn(data=request.data)
        body.is_valid(raise_exception=True)
        event = _event(series, body.validated_data["event"])
        actions.add_question(
            series=series, draft=body.draft(), event=event, at=timezone.now(), actor=actor_of(request)
        )
        return self.answer(series, status=201)


def _event(series: EventSeries, slug: str | None) -> Event | None:
    """Find the event a question is about, drafts included."""
    if slug is None:
        return None
    found = next((one for one in events_of(series, drafts=True) if one.slug == slug), None)
    if found is None:
        sentence = _("One of the events was not found in this series. Choose again.")
        raise rules.UnknownEvent(sentence, fields={"event": [sentence]})
    return found


class FormQuestion(FormDoor):
    """One question."""

    @extend_schema(
        operation_id="own_questions_edit",
        tags=_TAGS,
        request=shapes.QuestionIn,
        responses={200: shapes.OwnFormSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int, key: str) -> Response:
        """Word a question anew, its kind only while nobody answered; options left out are asked no more."""
        series = self.series(pk)
        question = self.question(series, key)
        body = shapes.QuestionIn(data=request.data)
        body.is_valid(raise_exception=True)
        actions.edit_question(
            question=question, draft=body.draft(), at=timezone.now(), actor=actor_of(request)
        )
        return self.answer(series)

    @extend_schema(
        operation_id="own_questions_retire",
        tags=_TAGS,
        responses={200: shapes.OwnFormSerializer, **problems(401, 403, 404, 422)},
    )
    def delete(self, request: Request, pk: int, key: str) -> Response:
        """Ask it no more: what was answered stays with the people, a question nobody answered is deleted."""
        series = self.series(pk)
        question = self.question(series, key)
        actions.retire_question(question=question, at=timezone.now(), actor=actor_of(request))
        return self.answer(series)


class FormConsents(FormDoor):
    """Asking for one more consent."""

    @extend_schema(
        operation_id="own_consents_add",
        tags=_TAGS,
        request=shapes.ConsentIn,
        responses={201: shapes.OwnFormSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Ask for a consent in these words; its purpose is made of them."""
        series, given = self.series(pk), checked(shapes.ConsentIn, request.data)
        actions.set_consent(series=series, **given, at=timezone.now(), actor=actor_of(request))
        return self.answer(series, status=201)


class FormConsent(FormDoor):
    """One consent."""

    @extend_schema(
        operation_id="own_consents_word",
        tags=_TAGS,
        request=shapes.ConsentIn,
        responses={200: shapes.OwnFormSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int, purpose: str) -> Response:
        """Word it anew: a new version, and those who agreed keep the words they agreed to."""
        series = self.series(pk)
        text = _text(series, purpose)
        given = checked(shapes.ConsentIn, request.data)
        actions.set_consent(
            series=series, purpose=text.purpose, **given, at=timezone.now(), actor=actor_of(request)
        )
        return self.answer(series)

    @extend_schema(
        operation_id="own_consents_retire", tags=_TAGS, responses={200: shapes.OwnFormSerializer, **_READS}
    )
    def delete(self, request: Request, pk: int, purpose: str) -> Response:
        """Ask for it no more; what people agreed to stands until they take it back."""
        series = self.series(pk)
        actions.retire_consent(text=_text(series, purpose), at=timezone.now(), actor=actor_of(request))
        return self.answer(series)


def _text(series: EventSeries, purpose: str) -> ConsentText:
    """Find the words that are asked for now."""
    found = next((one for one in queries.form_of(series).consents if one.purpose == purpose), None)
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    return found
