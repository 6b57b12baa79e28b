"""The waiting line for programs of the organiser: its terms, its order, and more time to answer."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from events.queries import event_for
from registrations import actions
from registrations.api.permissions import SeesPeople
from registrations.api.serializers import RegistrationSerializer
from registrations.api.views.organiser import OneRegistration, actor_of, checked, reach
from registrations.models import Quota

_TAGS = ["organiser"]
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


class EventLine(APIView):
    """The terms of a waiting line."""

    permission_classes = [SeesPeople]

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
