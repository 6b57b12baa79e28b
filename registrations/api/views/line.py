"""The waiting line for programs of the organiser: who waits and why, its terms, its order, and exceptions."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.api import Pages
from backend.core.errors import NotFound
from backend.core.i18n import _
from backend.core.shapes import problems
from events.queries import event_for
from registrations import actions, queries
from registrations.api.permissions import SeesPeople
from registrations.api.serializers import FilterIn, RegistrationSerializer
from registrations.api.views.organiser import (
    OneRegistration,
    RegistrationList,
    actor_of,
    checked,
    reach,
)
from registrations.models import Quota, Registration
from registrations.queries.places import positions_of, reasons_of
from registrations.rules import WHY_WAITING

_TAGS = ["organiser"]
_READS = problems(400, 401, 403, 404)
_WRITES = problems(400, 401, 403, 404, 422)


class LineTermsSerializer(serializers.Serializer[Any]):
    """How those who wait are called."""

    promotion = serializers.ChoiceField(choices=Quota.Promotion.choices)
    offer_hours = serializers.IntegerField()
    offer_in_working_hours = serializers.BooleanField()
    offer_cutoff_hours = serializers.IntegerField()


class PositionIn(serializers.Serializer[Any]):
    """Where somebody is to stand in line, and why."""

    position = serializers.IntegerField()
    reason = serializers.CharField(max_length=500)


class OfferUntilIn(serializers.Serializer[Any]):
    """Until when somebody may answer their offer."""

    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class WaitingSerializer(RegistrationSerializer):
    """Somebody who waits: where they stand in their line, and why they have no place yet."""

    position = serializers.SerializerMethodField(help_text="Place in line; 1 is the next.")
    why = serializers.SerializerMethodField()

    class Meta:
        model = Registration
        fields = (*RegistrationSerializer.Meta.fields, "position", "why")
        read_only_fields = fields

    def get_position(self, row: Registration) -> int:
        """Count those ahead."""
        positions: dict[int, int] = self.context["positions"]
        return positions[row.pk]

    @extend_schema_field(serializers.ChoiceField(choices=list(WHY_WAITING)))
    def get_why(self, row: Registration) -> str:
        """Name the reason."""
        reasons: dict[int, str] = self.context["reasons"]
        return reasons[row.pk]


class InLine(Pages):
    """Pages of those who wait, each line in its order."""

    ordering = ("event_id", "waiting_number", "pk")  # type: ignore[assignment]  # the framework takes both


@extend_schema_view(
    get=extend_schema(
        operation_id="waiting_list",
        tags=_TAGS,
        parameters=[FilterIn],
        responses={200: WaitingSerializer(many=True), **_READS},
    )
)
class WaitingList(RegistrationList):
    """List those who wait, the next in line first, each with their position and why they still wait."""

    serializer_class = WaitingSerializer
    pagination_class: type[BasePagination] = InLine

    def get_queryset(self) -> QuerySet[Registration]:
        """Read only those who wait."""
        return super().get_queryset().filter(state=Registration.State.WAITING)

    def get_serializer(self, rows: Iterable[Registration] = (), **kwargs: Any) -> Any:  # noqa: ANN401 - the framework's own
        """Find out for the whole page where each stands, and why."""
        rows = list(rows)
        positions = positions_of(rows)
        reasons = reasons_of(rows, positions, at=timezone.now())
        return WaitingSerializer(rows, context={"positions": positions, "reasons": reasons}, **kwargs)


@extend_schema_view(
    get=extend_schema(
        operation_id="own_events_waiting_list",
        tags=_TAGS,
        responses={200: WaitingSerializer(many=True), **_READS},
    )
)
class WaitingForEvent(WaitingList):
    """List those who wait for one event, the next in line first, each with position and reason."""

    def get_queryset(self) -> QuerySet[Registration]:
        """Read only those of the event."""
        event = event_for(self.request.user, self.kwargs["pk"], **reach(self.request))
        return super().get_queryset().filter(event=event)


class ExceptionSerializer(serializers.Serializer[Any]):
    """Until when one person may change their own places, whatever the deadlines; null ends it."""

    until = serializers.DateTimeField(allow_null=True)


class ExceptionIn(ExceptionSerializer):
    """A new end of the exception, and why."""

    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class PersonsException(OneRegistration):
    """A later deadline for one person."""

    @extend_schema(
        operation_id="registrations_exception",
        tags=_TAGS,
        request=ExceptionIn,
        responses={200: ExceptionSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Let the person of this registration cancel, change and add events until this moment."""
        row, given = self.registration(pk), checked(ExceptionIn, request.data)
        person = actions.allow_changes(
            attendee=row.attendee, **given, at=timezone.now(), actor=actor_of(request)
        )
        return Response(ExceptionSerializer({"until": person.may_change_until}).data)


class EventLine(APIView):
    """The terms of a waiting line."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="own_events_line_terms", tags=_TAGS, responses={200: LineTermsSerializer, **_READS}
    )
    def get(self, request: Request, pk: int) -> Response:
        """Tell how those who wait are called; an event without places has no line."""
        event = event_for(request.user, pk, **reach(request))
        quota = queries.quotas_of([event.pk]).get(event.pk)
        if quota is None:
            raise NotFound(_("Nothing was found at this address."))
        return Response(LineTermsSerializer(quota).data)

    @extend_schema(
        operation_id="own_events_line",
        tags=_TAGS,
        request=LineTermsSerializer,
        responses={200: LineTermsSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Say whether the next in line gets a free place or is offered it, and for how long."""
        event = event_for(request.user, pk, **reach(request))
        given = checked(LineTermsSerializer, request.data)
        quota = actions.set_line_terms(event=event, **given, at=timezone.now(), actor=actor_of(request))
        return Response(LineTermsSerializer(quota).data)


class PositionInLine(OneRegistration):
    """The order of a waiting line."""

    @extend_schema(
        operation_id="registrations_position",
        tags=_TAGS,
        request=PositionIn,
        responses={200: RegistrationSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Move somebody to this position in line; the reason is kept in the history."""
        row, given = self.registration(pk), checked(PositionIn, request.data)
        actions.move_in_line(registration=row, **given, at=timezone.now(), actor=actor_of(request))
        return Response(RegistrationSerializer(self.registration(pk)).data)


class OfferUntil(OneRegistration):
    """The end of an offer."""

    @extend_schema(
        operation_id="registrations_offer",
        tags=_TAGS,
        request=OfferUntilIn,
        responses={200: RegistrationSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Give somebody more time to answer; a mail tells them."""
        row, given = self.registration(pk), checked(OfferUntilIn, request.data)
        actions.extend_offer(registration=row, **given, at=timezone.now(), actor=actor_of(request))
        return Response(RegistrationSerializer(self.registration(pk)).data)
