"""The organiser's side: edit, move, call off and release. A foreign row is not there (404)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, IntegerField, ValidationError

from accounts.models import User
from backend.core.shapes import problems
from events import actions, queries
from events.actions.speaking import set_contact
from events.api import organiser as shapes
from events.api.permissions import Arranges, roles_for, token_of
from events.api.views.public import ByName, InOrderOfTime, NewestFirst
from events.models import Event, EventSeries, Session, Speaker

_TAGS = ["organiser"]
_WRITES = problems(400, 401, 403, 404, 409)


def actor_of(request: Request) -> User:
    """Name who asks; the permission has let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101 - tells the type checker
    return request.user


def checked(serializer: type[BaseSerializer[Any]], request: Request, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - the framework's own
    """Read the body of a request."""
    body = serializer(data=request.data, **kwargs)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def number_asked(request: Request, name: str) -> int | None:
    """Read the number of a row from the address; one longer than any of ours finds nothing.

    What is no number, such as a slug, is refused: passed over, it would list everything.
    """
    written = request.query_params.get(name, "")
    if written and not written.isdecimal():
        raise ValidationError({name: [IntegerField.default_error_messages["invalid"]]})
    return int(written[:18]) if written else None


class Own[Row: (EventSeries, Event, Session, Speaker)](generics.GenericAPIView[Row]):
    """A view of rows that belong to the person's organisations."""

    permission_classes = [Arranges]

    @property
    def reach(self) -> dict[str, Any]:
        """Say within which roles, and with which key, this request reaches rows."""
        return {"roles": roles_for(self.request), "token": token_of(self.request)}


# --- Series -------------------------------------------------------------------------------------


@extend_schema_view(
    get=extend_schema(
        operation_id="own_series_list",
        tags=_TAGS,
        responses={200: shapes.OwnSeriesSerializer(many=True), **problems(401, 403)},
    )
)
class OwnSeriesList(Own[EventSeries], generics.ListAPIView[EventSeries]):
    """List one's own series, drafts included."""

    serializer_class = shapes.OwnSeriesSerializer
    pagination_class: type[BasePagination] = NewestFirst
    queryset = EventSeries.objects.none()

    def get_queryset(self) -> QuerySet[EventSeries]:
        """Read those of the person's organisations."""
        return queries.series_for(self.request.user, **self.reach)


class OwnSeries(Own[EventSeries]):
    """One series."""

    serializer_class = shapes.OwnSeriesSerializer

    def _series(self, pk: int) -> EventSeries:
        return queries.series_of(self.request.user, pk, **self.reach)

    @extend_schema(
        operation_id="own_series_read",
        tags=_TAGS,
        responses={200: shapes.OwnSeriesSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read a series."""
        return Response(shapes.OwnSeriesSerializer(self._series(pk)).data)

    @extend_schema(
        operation_id="own_series_edit", tags=_TAGS, responses={200: shapes.OwnSeriesSerializer, **_WRITES}
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Correct the words of a series."""
        series = self._series(pk)
        given = checked(shapes.OwnSeriesSerializer, request, instance=series, partial=True)
        actions.edit_series(series=series, at=timezone.now(), actor=actor_of(request), **given)
        return Response(shapes.OwnSeriesSerializer(series).data)


class PublishSeries(Own[EventSeries]):
    """Show a series to everybody."""

    @extend_schema(
        operation_id="own_series_publish",
        tags=_TAGS,
        request=None,
        responses={200: shapes.OwnSeriesSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Publish the series and its events."""
        series = queries.series_of(request.user, pk, **self.reach)
        actions.publish_series(series=series, at=timezone.now(), actor=actor_of(request))
        return Response(shapes.OwnSeriesSerializer(series).data)


# --- Events -------------------------------------------------------------------------------------


@extend_schema_view(
    get=extend_schema(
        operation_id="own_events_list",
        tags=_TAGS,
        parameters=[OpenApiParameter("series", int, description="Only those of this series, by its `id`.")],
        responses={200: shapes.OwnEventSerializer(many=True), **problems(400, 401, 403)},
    )
)
class OwnEventList(Own[Event], generics.ListAPIView[Event]):
    """List one's own events in order of time, drafts included."""

    serializer_class = shapes.OwnEventSerializer
    pagination_class: type[BasePagination] = InOrderOfTime
    queryset = Event.objects.none()

    def get_queryset(self) -> QuerySet[Event]:
        """Read those of the person's organisations."""
        rows = queries.events_for(self.request.user, **self.reach)
        series = number_asked(self.request, "series")
        return rows if series is None else rows.filter(series=series)


class OneOwnEvent(Own[Event]):
    """A view of one event."""

    def event(self, pk: int) -> Event:
        """Find it among the person's own."""
        return queries.event_for(self.request.user, pk, **self.reach)


class OwnEvent(OneOwnEvent):
    """One event."""

    @extend_schema(
        operation_id="own_events_read",
        tags=_TAGS,
        responses={200: shapes.OwnEventSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read an event with its joining link."""
        return Response(shapes.OwnEventSerializer(self.event(pk)).data)

    @extend_schema(
        operation_id="own_events_edit",
        tags=_TAGS,
        request=shapes.OwnEventSerializer(partial=True),
        responses={200: shapes.OwnEventSerializer, **_WRITES},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change an event in one go, its time too; those who have a place are told once."""
        event = self.event(pk)
        given = checked(
            shapes.OwnEventSerializer,
            request,
            instance=event,
            partial=True,
            context={"zone": event.series.timezone},
        )
        actions.edit_event(event=event, at=timezone.now(), actor=actor_of(request), **given)
        return Response(shapes.OwnEventSerializer(event).data)


class MoveEvent(OneOwnEvent):
    """Move an event."""

    @extend_schema(
        operation_id="own_events_move",
        tags=_TAGS,
        request=shapes.MoveSerializer,
        responses={200: shapes.OwnEventSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move the event; its programme moves along."""
        event = self.event(pk)
        times = checked(shapes.MoveSerializer, request, context={"zone": event.series.timezone})
        actions.move_event(event=event, at=timezone.now(), actor=actor_of(request), **times)
        return Response(shapes.OwnEventSerializer(event).data)


class CancelEvent(OneOwnEvent):
    """Call an event off."""

    @extend_schema(
        operation_id="own_events_cancel",
        tags=_TAGS,
        request=shapes.CancelSerializer,
        responses={200: shapes.OwnEventSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Call the event off and say why."""
        event = self.event(pk)
        reason = checked(shapes.CancelSerializer, request)["reason"]
        actions.cancel_event(event=event, reason=reason, at=timezone.now(), actor=actor_of(request))
        return Response(shapes.OwnEventSerializer(event).data)


class EventProgramme(OneOwnEvent):
    """The programme being worked on."""

    @extend_schema(
        operation_id="own_events_programme",
        tags=_TAGS,
        responses={200: shapes.OwnProgrammeSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read it with what a release would change and what looks wrong."""
        return Response(shapes.OwnProgrammeSerializer(queries.working_programme(self.event(pk))).data)


class ReleaseProgramme(OneOwnEvent):
    """Show the programme to everybody."""

    @extend_schema(
        operation_id="own_events_release",
        tags=_TAGS,
        request=shapes.ReleaseSerializer,
        responses={201: shapes.VersionSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Release the programme as it stands."""
        notify = checked(shapes.ReleaseSerializer, request)["notify"]
        version = actions.release_programme(
            event=self.event(pk), notify=notify, at=timezone.now(), actor=actor_of(request)
        )
        return Response(shapes.VersionSerializer(version).data, status=status.HTTP_201_CREATED)


# --- Speakers -----------------------------------------------------------------------------------


@extend_schema_view(
    get=extend_schema(
        operation_id="own_speakers_list",
        tags=_TAGS,
        responses={200: shapes.OwnSpeakerSerializer(many=True), **problems(401, 403)},
    )
)
class OwnSpeakerList(Own[Speaker], generics.ListAPIView[Speaker]):
    """List the speakers of one's own programmes, released or not."""

    serializer_class = shapes.OwnSpeakerSerializer
    pagination_class: type[BasePagination] = ByName
    queryset = Speaker.objects.none()

    def get_queryset(self) -> QuerySet[Speaker]:
        """Read those of the person's organisations."""
        return queries.speakers_for(self.request.user, **self.reach)


class OwnSpeaker(Own[Speaker]):
    """One speaker."""

    @extend_schema(
        operation_id="own_speakers_read",
        tags=_TAGS,
        responses={200: shapes.OwnSpeakerSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read a speaker."""
        speaker = queries.speaker_for(request.user, pk, **self.reach)
        return Response(shapes.OwnSpeakerSerializer(speaker).data)

    @extend_schema(
        operation_id="own_speakers_edit",
        tags=_TAGS,
        request=shapes.OwnSpeakerSerializer(partial=True),
        responses={200: shapes.OwnSpeakerSerializer, **_WRITES},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Tell who the speaker is."""
        speaker = queries.speaker_for(request.user, pk, **self.reach)
        given = checked(shapes.OwnSpeakerSerializer, request, instance=speaker, partial=True)
        bio = given.get("bio", speaker.bio)
        actions.edit_speaker(speaker=speaker, bio=bio, at=timezone.now(), actor=actor_of(request))
        return Response(shapes.OwnSpeakerSerializer(speaker).data)


class SpeakerContact(Own[Speaker]):
    """Where a speaker is invited."""

    @extend_schema(
        operation_id="own_speakers_contact",
        tags=_TAGS,
        request=shapes.ContactSerializer,
        responses={200: shapes.OwnSpeakerSerializer, **problems(400, 401, 403, 404)},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Write down the address to which the calendar entries of the speaker's parts go; never public."""
        speaker = queries.speaker_for(request.user, pk, **self.reach)
        given = checked(shapes.ContactSerializer, request)
        event = queries.events_of_speaker(request.user, speaker, **self.reach)[0]
        set_contact(speaker=speaker, event=event, at=timezone.now(), actor=actor_of(request), **given)
        return Response(shapes.OwnSpeakerSerializer(speaker).data)
