"""What everybody may read: published series, released programmes, speakers, municipalities."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.pagination import BasePagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Municipality
from backend.core.api import Pages
from backend.core.shapes import ConditionalReads, problems
from events import queries
from events.api import serializers
from events.models import Event, EventSeries, Speaker


class NewestFirst(Pages):
    """Pages of series."""

    ordering = ("-created_at", "-pk")  # type: ignore[assignment]  # the framework takes both


class InOrderOfTime(Pages):
    """Pages of events."""

    ordering = ("starts_at", "pk")  # type: ignore[assignment]  # as above


class ByName(Pages):
    """Pages of people."""

    ordering = ("name", "pk")  # type: ignore[assignment]  # as above


class AllAtOnce(Pages):
    """All municipalities fit on one page."""

    ordering = "code"
    page_size = 400
    max_page_size = 400


@extend_schema_view(get=extend_schema(operation_id="series_list", tags=["programme"], auth=[]))
class SeriesList(ConditionalReads, generics.ListAPIView[EventSeries]):
    """List the published series with their events."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = serializers.SeriesSerializer
    pagination_class: type[BasePagination] = NewestFirst

    def get_queryset(self) -> QuerySet[EventSeries]:
        """Read what everybody sees."""
        return queries.with_public_events(queries.published_series())


@extend_schema_view(
    get=extend_schema(
        operation_id="series_read",
        tags=["programme"],
        auth=[],
        responses={200: serializers.SeriesSerializer, **problems(404)},
    )
)
class SeriesDetail(ConditionalReads, generics.RetrieveAPIView[EventSeries]):
    """Read a series with its events in order of time."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = serializers.SeriesSerializer
    queryset = EventSeries.objects.none()

    def get_object(self) -> EventSeries:
        """Find it by its address."""
        series = queries.series_by_slug(self.kwargs["slug"])
        series.public_events = queries.events_of(series)  # type: ignore[attr-defined]  # as with_public_events does
        return series


class SeriesProgramme(ConditionalReads, generics.GenericAPIView[EventSeries]):
    """The released programmes of a series."""

    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(
        operation_id="series_programme",
        tags=["programme"],
        auth=[],
        responses={200: serializers.SeriesProgrammeSerializer, **problems(404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Read the programme of each event; null means that it is published later."""
        series = queries.series_by_slug(slug)
        body = serializers.SeriesProgrammeSerializer(
            {"series": series.slug, "events": queries.events_of(series)},
            context={"programmes": queries.released_programmes(series)},
        )
        return Response(body.data)


@extend_schema_view(get=extend_schema(operation_id="events_list", tags=["programme"], auth=[]))
class EventList(ConditionalReads, generics.ListAPIView[Event]):
    """List the events in order of time, cancelled ones too."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = serializers.EventListedSerializer
    pagination_class: type[BasePagination] = InOrderOfTime

    def get_queryset(self) -> QuerySet[Event]:
        """Read what everybody sees."""
        return queries.public_events()


@extend_schema_view(
    get=extend_schema(
        operation_id="events_read",
        tags=["programme"],
        auth=[],
        responses={200: serializers.EventSerializer, **problems(404)},
    )
)
class EventDetail(ConditionalReads, generics.RetrieveAPIView[Event]):
    """Read an event with its released programme."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = serializers.EventSerializer
    queryset = Event.objects.none()

    def get_object(self) -> Event:
        """Find it by its address."""
        return queries.event_by_slug(self.kwargs["slug"])


@extend_schema_view(get=extend_schema(operation_id="speakers_list", tags=["programme"], auth=[]))
class SpeakerList(ConditionalReads, generics.ListAPIView[Speaker]):
    """List the speakers of the released programmes."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = serializers.SpeakerSerializer
    pagination_class: type[BasePagination] = ByName
    queryset = Speaker.objects.all()

    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Read what each of them does, once for the whole page."""
        self.parts = queries.released_parts()
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Speaker]:
        """Leave out those whose part has not been released."""
        return super().get_queryset().filter(slug__in=getattr(self, "parts", {}))

    def get_serializer_context(self) -> dict[str, object]:
        """Hand the parts to the serializer."""
        return {**super().get_serializer_context(), "parts": getattr(self, "parts", {})}


@extend_schema_view(get=extend_schema(operation_id="municipalities_list", tags=["reference"], auth=[]))
class MunicipalityList(ConditionalReads, generics.ListAPIView[Municipality]):
    """List all municipalities; those that have ended name their successor."""

    permission_classes = [AllowAny]
    authentication_classes = []
    serializer_class = serializers.MunicipalitySerializer
    pagination_class: type[BasePagination] = AllAtOnce
    queryset = Municipality.objects.all()
