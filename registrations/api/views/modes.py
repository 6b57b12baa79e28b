"""Who may come to an event, and choosing among those who applied, for the organiser's programs."""

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
from registrations.actions.selecting import DECISIONS
from registrations.api.permissions import SeesPeople
from registrations.api.serializers import RegistrationSerializer
from registrations.api.views.organiser import actor_of, checked, reach
from registrations.models import MemberGroup, Quota

_TAGS = ["organiser"]
_WRITES = problems(400, 401, 403, 404, 422)


_LARGEST_KEY = 2**63 - 1  # what a database can look for


class ModeSerializer(serializers.Serializer[Any]):
    """Who may come; ``group`` names the members where the event is for a group."""

    mode = serializers.ChoiceField(choices=Quota.Mode.choices)
    group = serializers.IntegerField(
        min_value=1, max_value=_LARGEST_KEY, required=False, allow_null=True, default=None
    )


class DecisionIn(serializers.Serializer[Any]):
    """Some applicants, and what is decided about all of them; the reserve stands in this order."""

    registrations = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_LARGEST_KEY), max_length=1000
    )
    to = serializers.ChoiceField(choices=[str(state) for state in DECISIONS])


class EventMode(APIView):
    """Who may come to an event."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="own_events_mode",
        tags=_TAGS,
        request=ModeSerializer,
        responses={200: ModeSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Say who may come from now on: everybody, the invited, members of a group, or by application."""
        event = event_for(request.user, pk, **reach(request))
        given = checked(ModeSerializer, request.data)
        groups = MemberGroup.objects.filter(organisation=event.series.organisation_id, pk=given["group"])
        quota = actions.set_mode(
            event=event, mode=given["mode"], group=groups.first(), at=timezone.now(), actor=actor_of(request)
        )
        return Response(ModeSerializer({"mode": quota.mode, "group": quota.group_id}).data)


class EventDecisions(APIView):
    """Choosing among those who applied."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="own_events_decide",
        tags=_TAGS,
        request=DecisionIn,
        responses={200: RegistrationSerializer(many=True), **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Shortlist, choose, put on the reserve or turn down several at once; all of them or nobody."""
        event = event_for(request.user, pk, **reach(request))
        given = checked(DecisionIn, request.data)
        rows = actions.decide(event=event, at=timezone.now(), actor=actor_of(request), **given)
        return Response(RegistrationSerializer(rows, many=True).data)
