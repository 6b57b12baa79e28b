"""The items of a programme being worked on."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api import Pages
from backend.core.shapes import problems
from events import actions, queries, rules
from events.api import organiser as shapes
from events.api.permissions import roles_for, token_of
from events.api.views.organiser import Own, actor_of, checked, number_asked
from events.models import Event, Session

_TAGS = ["organiser"]
_WRITES = problems(400, 401, 403, 404, 409)


class ByPlace(Pages):
    """Pages of sessions, event by event."""

    ordering = ("event_id", "position", "pk")  # type: ignore[assignment]  # the framework takes both


def fields_of(given: dict[str, Any], *, event: Event) -> dict[str, Any]:
    """Give what was sent the names that the action knows."""
    renamed = {"parts": "speakers", "block_id": "block"}
    fields = {renamed.get(name, name): value for name, value in given.items() if name != "event_id"}
    if fields.get("block") is not None:
        block = event.sessions.filter(pk=fields["block"]).first()
        if block is None:
            inputs = rules.Inputs()
            inputs.say("block", rules.FOREIGN_BLOCK)
            inputs.settle()
        fields["block"] = block
    return fields


class OwnSessionList(Own[Session], generics.ListAPIView[Session]):
    """The sessions of one's own events."""

    serializer_class = shapes.OwnSessionSerializer
    pagination_class: type[BasePagination] = ByPlace
    queryset = Session.objects.none()

    def get_queryset(self) -> QuerySet[Session]:
        """Read those of the person's organisations."""
        rows = queries.sessions_for(self.request.user, **self.reach)
        event = number_asked(self.request, "event")
        return rows if event is None else rows.filter(event=event)

    @extend_schema(
        operation_id="own_sessions_list",
        tags=_TAGS,
        parameters=[OpenApiParameter("event", int, description="Only those of this event, by its `id`.")],
        responses={200: shapes.OwnSessionSerializer(many=True), **problems(400, 401, 403)},
    )
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """List the items of the programme."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="own_sessions_add",
        tags=_TAGS,
        request=shapes.NewSessionSerializer,
        responses={201: shapes.OwnSessionSerializer, **_WRITES},
    )
    def post(self, request: Request) -> Response:
        """Add an item to the end of a programme."""
        number = checked(shapes.EventNumberSerializer, request)["event"]
        event = queries.event_for(request.user, number, **self.reach)
        given = checked(shapes.NewSessionSerializer, request, context={"zone": event.series.timezone})
        session = actions.add_session(
            event=event, at=timezone.now(), actor=actor_of(request), **fields_of(given, event=event)
        )
        return Response(shapes.OwnSessionSerializer(session).data, status=status.HTTP_201_CREATED)


class OneOwnSession(Own[Session]):
    """A view of one session."""

    def session(self, pk: int) -> Session:
        """Find it among the person's own."""
        return queries.session_for(
            self.request.user, pk, roles=roles_for(self.request), token=token_of(self.request)
        )


class OwnSession(OneOwnSession):
    """One item of a programme."""

    @extend_schema(
        operation_id="own_sessions_read",
        tags=_TAGS,
        responses={200: shapes.OwnSessionSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read an item."""
        return Response(shapes.OwnSessionSerializer(self.session(pk)).data)

    @extend_schema(
        operation_id="own_sessions_edit",
        tags=_TAGS,
        request=shapes.OwnSessionSerializer(partial=True),
        responses={200: shapes.OwnSessionSerializer, **_WRITES},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Correct an item; only what is sent changes."""
        session = self.session(pk)
        given = checked(
            shapes.OwnSessionSerializer,
            request,
            instance=session,
            partial=True,
            context={"zone": session.event.series.timezone},
        )
        actions.edit_session(
            session=session,
            at=timezone.now(),
            actor=actor_of(request),
            **fields_of(given, event=session.event),
        )
        return Response(shapes.OwnSessionSerializer(self.session(pk)).data)

    @extend_schema(operation_id="own_sessions_remove", tags=_TAGS, responses={204: None, **_WRITES})
    def delete(self, request: Request, pk: int) -> Response:
        """Take an item out of the programme."""
        actions.remove_session(session=self.session(pk), at=timezone.now(), actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReorderSession(OneOwnSession):
    """Move an item up or down."""

    @extend_schema(
        operation_id="own_sessions_reorder",
        tags=_TAGS,
        request=shapes.ReorderSerializer,
        responses={200: shapes.OwnSessionSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move the item one step among its neighbours."""
        session = self.session(pk)
        step = checked(shapes.ReorderSerializer, request)["step"]
        actions.reorder_session(session=session, step=step, at=timezone.now(), actor=actor_of(request))
        return Response(shapes.OwnSessionSerializer(self.session(pk)).data)
