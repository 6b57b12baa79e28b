"""A person's address for programs: another one asked for by the link in the mail."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from registrations import actions, limits
from registrations.api.authentication import ManageLink
from registrations.api.permissions import HoldsManageLink
from registrations.api.views.organiser import checked
from registrations.api.views.own import holder


class NewAddressIn(serializers.Serializer[Any]):
    """The address that is to be mailed."""

    email = serializers.CharField(trim_whitespace=False, max_length=1000)


class NewAddressAskedSerializer(serializers.Serializer[Any]):
    """What was asked for; the same, whoever may have the address already."""

    email = serializers.CharField()
    expires_at = serializers.DateTimeField()


class NewAddress(APIView):
    """Another address for one's own mails."""

    authentication_classes = [ManageLink]
    permission_classes = [HoldsManageLink]

    @extend_schema(
        operation_id="own_registration_new_address",
        tags=["own registration"],
        request=NewAddressIn,
        responses={202: NewAddressAskedSerializer, **problems(400, 401, 404, 410, 422, 429)},
    )
    def post(self, request: Request) -> Response:
        """Mail a link to the new address; it counts once its reader has pressed the button behind it."""
        attendee, typed = holder(request), checked(NewAddressIn, request.data)["email"]
        plain = request._request  # noqa: SLF001 - the framework's documented name
        limits.spend(limits.NEW_ADDRESS, request=plain, email=typed)
        limits.spend(limits.NEW_ADDRESS, request=plain, email=f"of {attendee.pk}")
        change = actions.ask_new_address(attendee=attendee, email=typed, at=timezone.now())
        return Response(NewAddressAskedSerializer(change).data, status=202)
