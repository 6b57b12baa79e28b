"""Everything that happened between us and one person, for programs: the mails, the calendar, the survey."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiToken
from accounts.policies import LOOKS, organisations_where
from backend.core.shapes import problems
from notifications.suppression import suppressed
from registrations.queries import registration_for
from registrations.queries.timeline import Moment, Step, timeline_of
from surveys.queries import answered, subjects_after


class MomentSerializer(serializers.Serializer[Moment]):
    """One thing that happened, or will."""

    at = serializers.DateTimeField()
    ahead = serializers.BooleanField(help_text="It has not happened yet.")
    step = serializers.ChoiceField(choices=[one.value for one in Step])
    event = serializers.CharField(source="event.slug", default=None, allow_null=True)
    message = serializers.IntegerField(source="message.pk", default=None, allow_null=True)
    kind = serializers.SerializerMethodField(help_text="Of the message.")
    state = serializers.CharField(help_text="Of the message then.")
    note = serializers.CharField(help_text="Why: a code of ours or of a mail server.")
    answer = serializers.CharField(source="reply.attends", default="", help_text="Of the calendar.")
    outcome = serializers.CharField(source="reply.outcome", default="", help_text="What became of it.")
    attended = serializers.SerializerMethodField(help_text="With the step `came`.")

    def get_kind(self, row: Moment) -> str:
        """Name the kind of a message, planned or there."""
        return row.message.kind if row.message else row.kind

    def get_attended(self, row: Moment) -> bool | None:
        """Tell whether the person came."""
        return row.registration.attended if row.step is Step.CAME and row.registration else None


class TimelineSerializer(serializers.Serializer[Any]):
    """The person of a registration, and what happened, oldest first; what lies ahead stands at the end."""

    name = serializers.CharField()
    email = serializers.CharField()
    blocked = serializers.CharField(help_text="Why nothing is sent to the address; empty: it is written to.")
    moments = MomentSerializer(many=True)


class Looks(BasePermission):
    """Whoever may see the people of some organisation; the queries decide which rows are reached."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask for the role."""
        return organisations_where(request.user, roles=LOOKS, token=_key(request)).exists()


def _key(request: Request) -> ApiToken | None:
    return request.auth if isinstance(request.auth, ApiToken) else None


class PersonsTimeline(APIView):
    """What happened between us and one person."""

    permission_classes = [Looks]

    @extend_schema(
        operation_id="registrations_timeline",
        tags=["organiser"],
        responses={200: TimelineSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """List all of it for the person of this registration, in every event of the series."""
        person = registration_for(request.user, pk, roles=LOOKS, token=_key(request)).attendee
        row = {
            "name": person.name,
            "email": person.email,
            "blocked": suppressed([person.email]).get(person.email, ""),
            "moments": timeline_of(
                person,
                at=timezone.now(),
                subjects=subjects_after(person.registrations.all()),
                more=answered(person),
            ),
        }
        return Response(TimelineSerializer(row).data)
