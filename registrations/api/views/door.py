"""The door of an event: the list a phone takes along, and what it sends back once it has a connection."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from events.queries import event_for
from registrations import actions, queries
from registrations.actions import CheckedIn
from registrations.api.permissions import SeesPeople
from registrations.api.views.organiser import actor_of, checked, reach
from registrations.models import Registration
from registrations.rules import SCANS_AT_ONCE, Outcome, Scan

_OUTCOMES = sorted(Outcome.__value__.__args__)


class ExpectedSerializer(serializers.ModelSerializer[Registration]):
    """Somebody who has a place: enough to know a ticket by its digest, or a person by their name."""

    registration = serializers.IntegerField(source="pk")
    ticket_hash = serializers.CharField(
        source="attendee.ticket_hash", help_text="SHA-256 of the token in the QR code, in hexadecimal."
    )
    name = serializers.CharField(source="attendee.name")
    organisation = serializers.CharField(source="attendee.organisation")

    class Meta:
        model = Registration
        fields = ("registration", "ticket_hash", "name", "organisation", "attended", "attended_at", "came")
        read_only_fields = fields


class DoorSerializer(serializers.Serializer[Any]):
    """Everybody who is expected at an event, and how many have come."""

    expected = serializers.IntegerField()
    came = serializers.IntegerField()
    people = ExpectedSerializer(many=True)


class ScanIn(serializers.Serializer[Any]):
    """One arrival, or one taken back; by the ticket (its token or digest) or by the registration."""

    ticket = serializers.CharField(required=False, default="", allow_blank=True, max_length=64)
    registration = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=0, max_value=2**63 - 1
    )
    scanned_at = serializers.DateTimeField()
    undo = serializers.BooleanField(required=False, default=False)


class ScansIn(serializers.Serializer[Any]):
    """What a device has gathered; ``sent_at`` is its clock now, by which a wrong clock is put right."""

    device = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    sent_at = serializers.DateTimeField(required=False, default=None, allow_null=True)
    scans = ScanIn(many=True, max_length=SCANS_AT_ONCE)  # type: ignore[call-arg]  # a list of them takes it


class CheckedInSerializer(serializers.Serializer[CheckedIn]):
    """What became of one scan: counted now, counted before, taken back, or nobody with a place."""

    registration = serializers.IntegerField(source="registration.pk", default=None, allow_null=True)
    outcome = serializers.ChoiceField(choices=_OUTCOMES)
    attended_at = serializers.DateTimeField(source="registration.attended_at", default=None, allow_null=True)


class DoorTakenSerializer(serializers.Serializer[Any]):
    """The answers in the order of the scans, and the count."""

    expected = serializers.IntegerField()
    came = serializers.IntegerField()
    results = CheckedInSerializer(many=True)


class Door(APIView):
    """The door of one event."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="events_door",
        tags=["organiser"],
        responses={200: DoorSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """List everybody who has a place, so that tickets can be read without a connection."""
        event = event_for(request.user, pk, **reach(request))
        turnout = queries.turnout(event)
        row = {"expected": turnout.expected, "came": turnout.came, "people": queries.coming(event)}
        return Response(DoorSerializer(row).data)

    @extend_schema(
        operation_id="events_check_in",
        tags=["organiser"],
        request=ScansIn,
        responses={200: DoorTakenSerializer, **problems(400, 401, 403, 404, 422)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Count those who were let in. Safe to send again: an arrival counts once, at its earliest time."""
        event = event_for(request.user, pk, **reach(request))
        given = checked(ScansIn, request.data)
        results = actions.check_in(
            event=event,
            scans=[Scan(**scan) for scan in given["scans"]],
            sent_at=given["sent_at"],
            device=given["device"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        turnout = queries.turnout(event)
        row = {"expected": turnout.expected, "came": turnout.came, "results": results}
        return Response(DoorTakenSerializer(row).data)
