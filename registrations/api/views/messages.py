"""One message for programs: what it said, what became of it, and once more when it did not arrive."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from notifications.looking import for_others
from notifications.models import Message, MessageEvent
from registrations.actions.repairing import send_again
from registrations.api.permissions import SeesPeople
from registrations.api.serializers import MessageSerializer
from registrations.api.views.addressing import ReasonIn
from registrations.api.views.organiser import actor_of, checked, reach
from registrations.queries.desk import message_for

_TAGS = ["organiser"]


class StepSerializer(serializers.ModelSerializer[MessageEvent]):
    """One thing that happened to a message, and why: a code of ours or of a mail server."""

    class Meta:
        model = MessageEvent
        fields = ("at", "state", "note")
        read_only_fields = fields


class OneMessageSerializer(MessageSerializer):
    """One message with what happened to it and what it said."""

    steps = StepSerializer(source="events", many=True)
    text = serializers.SerializerMethodField(help_text="Without the addresses that only its reader may open.")

    class Meta:
        model = Message
        fields = (*MessageSerializer.Meta.fields, "steps", "text")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_text(self, row: Message) -> str:
        """Say what its reader read."""
        return for_others(row).text


class OneMessage(APIView):
    """One message."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="message",
        tags=_TAGS,
        responses={200: OneMessageSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Tell what it said and what became of it."""
        message, _organisation = message_for(request.user, pk, **reach(request))
        return Response(OneMessageSerializer(message).data)


class ResendMessage(APIView):
    """A message that did not arrive."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="message_resend",
        tags=_TAGS,
        request=ReasonIn,
        responses={202: MessageSerializer, **problems(400, 401, 403, 404, 422)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Send it once more; if its address was blocked, it is written to again from now on."""
        message, organisation = message_for(request.user, pk, **reach(request))
        given: dict[str, Any] = checked(ReasonIn, request.data)
        sent = send_again(
            message=message, organisation_id=organisation, **given, at=timezone.now(), actor=actor_of(request)
        )
        return Response(MessageSerializer(sent).data, status=202)
