"""The catalogue for everybody."""

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import ConditionalReads, problems
from catalogue import queries
from catalogue.api import sheet
from catalogue.api.paging import ByDate, ByName, FacetPages
from catalogue.api.serializers.public import (
    AllianceSerializer,
    CriteriaSerializer,
    PracticeRowSerializer,
    PracticeSerializer,
    StorySerializer,
)
from catalogue.models import Alliance, Practice, Story

FILTERS = [
    OpenApiParameter("q", description="Words to find in the texts and in the names of municipalities."),
    OpenApiParameter("theme", description="The key of a theme."),
    OpenApiParameter("municipality", description="The code of a municipality, `091`."),
    OpenApiParameter("label", enum=Practice.Label.values, description="What the assessment came to."),
]


def found(request: Request) -> QuerySet[Practice]:
    """Read the filters of a list."""
    return queries.published(
        **{name: request.query_params.get(name, "") for name in ("q", "theme", "municipality", "label")}
    )


@extend_schema_view(get=extend_schema(tags=["practices"], parameters=FILTERS, auth=[]))
class Practices(ConditionalReads, ListAPIView[Practice]):
    """The published practices, newest first, with counts to narrow the list by."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = PracticeRowSerializer
    pagination_class = FacetPages

    def get_queryset(self) -> QuerySet[Practice]:
        """Narrow the list."""
        return found(self.request)


class PracticeDetail(ConditionalReads, APIView):
    """One published practice."""

    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(tags=["practices"], auth=[], responses={200: PracticeSerializer, **problems(404)})
    def get(self, request: Request, slug: str) -> Response:
        """Show a practice with its assessments and the events it is tied to."""
        practice = queries.practice_by_slug(slug)
        return Response(PracticeSerializer(practice).data)


class PracticeSheet(ConditionalReads, APIView):
    """The published practices as a sheet."""

    permission_classes = [AllowAny]
    authentication_classes = []
    renderer_classes = [sheet.CsvRenderer, JSONRenderer]

    @extend_schema(
        tags=["practices"],
        auth=[],
        parameters=[*FILTERS, OpenApiParameter("format", exclude=True)],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> Response:
        """Download the list, narrowed as the list itself can be."""
        response = Response(sheet.rows(found(request)))
        response["Content-Disposition"] = 'attachment; filename="practices.csv"'
        return response


class Criteria(ConditionalReads, APIView):
    """The criteria that practices are assessed with."""

    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(tags=["practices"], auth=[], responses={200: CriteriaSerializer, **problems(404)})
    def get(self, request: Request) -> Response:
        """Show the current set."""
        return Response(CriteriaSerializer(queries.current_criteria()).data)


@extend_schema_view(get=extend_schema(tags=["practices"], auth=[]))
class Alliances(ConditionalReads, ListAPIView[Alliance]):
    """The alliances of municipalities."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = AllianceSerializer
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[Alliance]:
        """List all."""
        return queries.alliances()


@extend_schema_view(get=extend_schema(tags=["practices"], auth=[]))
class Stories(ConditionalReads, ListAPIView[Story]):
    """Stories of persistent work, told elsewhere."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = StorySerializer
    pagination_class = ByDate

    def get_queryset(self) -> QuerySet[Story]:
        """List all."""
        return queries.stories()
