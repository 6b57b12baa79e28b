"""The doors to surveys: for the invited person, and for the organiser of the event."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiToken, User
from accounts.policies import ORGANISES, organisations_where
from backend.core.api import Pages
from backend.core.errors import NotFound
from backend.core.i18n import _, as_language
from backend.core.shapes import problems
from surveys import actions, queries
from surveys.api.authentication import HoldsSurveyLink, SurveyLink
from surveys.api.serializers import (
    AnswersSerializer,
    OwnSurveySerializer,
    ReceiptSerializer,
    ResultsSerializer,
    SendSerializer,
    SurveyRowSerializer,
)
from surveys.models import Invitation, Survey


class Organises(BasePermission):
    """Organiser or administrator of some organisation; the queries decide which rows are reached."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask for the role."""
        return organisations_where(request.user, roles=ORGANISES, token=_key(request)).exists()


def _key(request: Request) -> ApiToken | None:
    return request.auth if isinstance(request.auth, ApiToken) else None


def _invitation(request: Request) -> Invitation:
    invitation: Invitation = request.auth  # type: ignore[assignment]  # HoldsSurveyLink let nothing else in
    return invitation


class OwnSurvey(APIView):
    """The survey that the link opens."""

    authentication_classes = [SurveyLink]
    permission_classes = [HoldsSurveyLink]

    @extend_schema(tags=["survey"], responses={200: OwnSurveySerializer, **problems(401, 404, 410)})
    def get(self, request: Request) -> Response:
        """Show the questions; looking never spends the link."""
        return Response(OwnSurveySerializer(_invitation(request)).data)

    @extend_schema(
        tags=["survey"],
        request=AnswersSerializer,
        responses={201: ReceiptSerializer, **problems(400, 401, 404, 409, 410, 422)},
    )
    def post(self, request: Request) -> Response:
        """Give the one answer."""
        invitation = _invitation(request)
        body = AnswersSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        response = actions.respond(
            invitation=invitation,
            answers=body.validated_data["answers"],
            language=as_language(body.validated_data.get("language", invitation.language)),
            at=timezone.now(),
        )
        return Response(ReceiptSerializer(response).data, status=201)


@extend_schema_view(
    get=extend_schema(
        tags=["organiser: surveys"],
        responses={200: SurveyRowSerializer(many=True), **problems(401, 403)},
    )
)
class Surveys(ListAPIView[Survey]):
    """The surveys of one's own events."""

    permission_classes = [Organises]
    serializer_class = SurveyRowSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Survey]:
        """Only those of one's own organisations."""
        return queries.surveys_for(self.request.user, token=_key(self.request))

    @extend_schema(
        tags=["organiser: surveys"],
        request=SendSerializer,
        responses={200: SurveyRowSerializer, **problems(400, 401, 403, 404, 422)},
    )
    def post(self, request: Request) -> Response:
        """Send the survey now; sent before, it goes only to those who have not been asked."""
        body = SendSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        person, key = request.user, _key(request)
        event = queries.event_to_ask_about(person, body.validated_data["event"], token=key)
        actor = person if isinstance(person, User) else None
        survey = actions.open_survey(event=event, at=timezone.now(), actor=actor)
        counted = queries.surveys_for(person, token=key).get(pk=survey.pk)
        return Response(SurveyRowSerializer(counted).data)


class SurveyResults(APIView):
    """What came back from one event."""

    permission_classes = [Organises]

    @extend_schema(tags=["organiser: surveys"], responses={200: ResultsSerializer, **problems(401, 403, 404)})
    def get(self, request: Request, event: str) -> Response:
        """Sum up the answers."""
        found = queries.results(queries.event_to_ask_about(request.user, event, token=_key(request)))
        if found is None:
            raise NotFound(_("Nobody has been asked about this event yet."))
        return Response(ResultsSerializer(found).data)
