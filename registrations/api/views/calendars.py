"""What calendars answered and hold, and the entry once more, for the organiser's programs."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from events.models import Event
from events.queries import event_for
from registrations.actions.resending import resend_entries, resend_entry
from registrations.api.permissions import SeesPeople
from registrations.api.views.organiser import OneRegistration, actor_of, reach
from registrations.models import CalendarReply
from registrations.queries.replies import answers_by_event, to_look_at
from registrations.queries.versions import behind

_TAGS = ["organiser"]
_READS = problems(401, 403, 404)
_WRITES = problems(401, 403, 404, 422)


class ReplySerializer(serializers.ModelSerializer[CalendarReply]):
    """An answer that only an organiser can deal with."""

    class Meta:
        model = CalendarReply
        fields = (
            "id",
            "registration",
            "attends",
            "outcome",
            "comment",
            "sender",
            "delegated_to",
            "proposed_start",
            "proposed_end",
            "received_at",
        )
        read_only_fields = fields


class EventCalendarSerializer(serializers.Serializer[Any]):
    """The calendars of those who come to one event."""

    accepted = serializers.IntegerField()
    tentative = serializers.IntegerField()
    declined = serializers.IntegerField()
    behind = serializers.IntegerField(help_text="How many calendars hold an older version.")
    needs_a_look = ReplySerializer(many=True)


class EventCalendar(APIView):
    """The calendars of those who come to one event."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="own_events_calendar", tags=_TAGS, responses={200: EventCalendarSerializer, **_READS}
    )
    def get(self, request: Request, pk: int) -> Response:
        """Tell what the calendars answered, and how many of them hold an older version."""
        return self._shown(event_for(request.user, pk, **reach(request)))

    @extend_schema(
        operation_id="own_events_calendar_resend",
        tags=_TAGS,
        request=None,
        responses={200: EventCalendarSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Send the entry as it stands now to all whose calendar holds an older version."""
        event = event_for(request.user, pk, **reach(request))
        resend_entries(event=event, at=timezone.now(), actor=actor_of(request))
        return self._shown(event)

    def _shown(self, event: Event) -> Response:
        said = answers_by_event([event]).get(event.pk, {})
        facts = {
            **{name.lower(): said.get(name, 0) for name in ("ACCEPTED", "TENTATIVE", "DECLINED")},
            "behind": behind(event).count(),
            "needs_a_look": to_look_at(event.series).filter(registration__event=event),
        }
        return Response(EventCalendarSerializer(facts).data)


class PersonsCalendar(OneRegistration):
    """The entry in one person's calendar."""

    @extend_schema(
        operation_id="registrations_calendar_resend",
        tags=_TAGS,
        request=None,
        responses={204: None, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Send one person their entry as it stands now."""
        row = self.registration(pk)
        resend_entry(registration=row, at=timezone.now(), actor=actor_of(request))
        return Response(status=204)
