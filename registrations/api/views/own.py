"""One's own registration, by the link in the mail."""

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from registrations import actions, queries
from registrations.api import serializers
from registrations.api.authentication import ManageLink
from registrations.api.permissions import HoldsManageLink
from registrations.models import Attendee

_TAGS = ["own registration"]


def holder(request: Request) -> Attendee:
    """Give the person whose link this request came with."""
    attendee: Attendee = request.auth  # type: ignore[assignment]  # HoldsManageLink let nothing else in
    return attendee


def shown(attendee: Attendee) -> Response:
    """Show everything the holder of the link may see of it."""
    row = {
        "series": attendee.series.slug,
        "name": attendee.name,
        "email": attendee.email,
        "organisation": attendee.organisation,
        "municipality": attendee.municipality_id,
        "role": attendee.role,
        "language": attendee.language,
        "wish": attendee.wish,
        "answers": queries.own_answers(attendee.pk),
        "consents": [row.text.purpose for row in queries.consents_of([attendee.pk])[attendee.pk]],
        "places": queries.places_of(attendee, at=timezone.now()),
    }
    return Response(serializers.OwnRegistrationSerializer(row).data)


class OwnRegistration(APIView):
    """The registration that the link opens."""

    authentication_classes = [ManageLink]
    permission_classes = [HoldsManageLink]

    @extend_schema(
        operation_id="own_registration_read",
        tags=_TAGS,
        responses={200: serializers.OwnRegistrationSerializer, **problems(401, 404, 410)},
    )
    def get(self, request: Request) -> Response:
        """Show the places, the places in line, and how far the mails have come."""
        return shown(holder(request))

    @extend_schema(
        operation_id="own_registration_change",
        tags=_TAGS,
        request=serializers.OwnChangeSerializer(partial=True),
        responses={200: serializers.OwnRegistrationSerializer, **problems(400, 401, 404, 410, 422)},
    )
    def patch(self, request: Request) -> Response:
        """Make these the events to come to: the others are given up, the new ones entered."""
        body = serializers.OwnChangeSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        attendee, given, at = holder(request), body.validated_data, timezone.now()
        with transaction.atomic():  # what is refused in one of them leaves the others undone
            if "events" in given:
                actions.change(attendee=attendee, events=given["events"], code=given.get("code", ""), at=at)
            if "answers" in given:
                actions.change_answers(attendee=attendee, answers=given["answers"], at=at)
            if "consents" in given:
                actions.change_consents(attendee=attendee, consents=given["consents"], at=at)
            if "language" in given:
                actions.set_language(attendee=attendee, language=given["language"], at=at)
        return shown(attendee)

    @extend_schema(
        operation_id="own_registration_cancel",
        tags=_TAGS,
        responses={204: None, **problems(401, 404, 410, 422)},
    )
    def delete(self, request: Request) -> Response:
        """Give up every place that can still be given up."""
        actions.cancel_all(attendee=holder(request), at=timezone.now())
        return Response(status=204)
