"""The reviewers' side: what waits, and deciding on it."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from backend.core.errors import Forbidden
from backend.core.i18n import _
from backend.core.shapes import problems
from catalogue import actions, queries
from catalogue.api.paging import LongestWaiting
from catalogue.api.permissions import Reviews, token_of
from catalogue.api.serializers.own import ReviewSerializer
from catalogue.api.serializers.review import (
    DecisionSerializer,
    SubmissionRowSerializer,
    SubmissionSerializer,
)
from catalogue.models import PracticeVersion

SENT = [state for state in PracticeVersion.State.values if state != PracticeVersion.State.DRAFT]


@extend_schema_view(
    get=extend_schema(
        tags=["organiser: submissions"],
        parameters=[
            OpenApiParameter("state", enum=[*SENT, "all"], description="`submitted` unless told otherwise.")
        ],
        responses={200: SubmissionRowSerializer(many=True), **problems(401, 403)},
    )
)
class Submissions(ListAPIView[PracticeVersion]):
    """Versions sent for review; those still waiting unless another state is asked for."""

    permission_classes = [Reviews]
    serializer_class = SubmissionRowSerializer
    pagination_class = LongestWaiting

    def get_queryset(self) -> QuerySet[PracticeVersion]:
        """Only what this reviewer may read."""
        rows = queries.submissions(self.request.user, token=token_of(self.request))
        state = self.request.query_params.get("state", PracticeVersion.State.SUBMITTED)
        if state == "all":
            return rows
        return rows.filter(state=state) if state in SENT else rows.none()


class Submission(APIView):
    """One version sent for review."""

    permission_classes = [Reviews]

    @extend_schema(
        tags=["organiser: submissions"], responses={200: SubmissionSerializer, **problems(401, 403, 404)}
    )
    def get(self, request: Request, pk: int) -> Response:
        """Show everything a reviewer reads, with what was said of earlier versions."""
        version = queries.submission_for(request.user, pk, token=token_of(request))
        return Response(SubmissionSerializer(version).data)


class Decision(APIView):
    """The decision on one version."""

    permission_classes = [Reviews]

    @extend_schema(
        tags=["organiser: submissions"],
        request=DecisionSerializer,
        responses={201: ReviewSerializer, **problems(400, 401, 403, 404, 409, 422)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Publish, ask for additions or decline; the submitter is told by mail."""
        if not isinstance(request.user, User):
            raise Forbidden(_("Sign in to decide."))
        version = queries.submission_for(request.user, pk, token=token_of(request))
        body = DecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        review = actions.decide(
            version=version,
            reviewer=request.user,
            decision=body.validated_data["decision"],
            assessments=body.judgements,
            message=body.validated_data["message"],
            at=timezone.now(),
        )
        return Response(ReviewSerializer(review).data, status=201)
