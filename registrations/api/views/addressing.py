"""Who somebody is, for programs: another address by the own link; correcting and joining by organisers."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import ExactSerializer, problems
from registrations import actions, limits
from registrations.actions.repairing import lift_block
from registrations.api.authentication import ManageLink
from registrations.api.permissions import HoldsManageLink
from registrations.api.serializers import RegistrationSerializer
from registrations.api.views.organiser import OneRegistration, actor_of, checked
from registrations.api.views.own import holder

_WRITES = problems(400, 401, 403, 404, 422)


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


class AddressIn(serializers.Serializer[Any]):
    """The right address of somebody, and why it is changed."""

    email = serializers.CharField(trim_whitespace=False, max_length=1000)
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class OtherIn(serializers.Serializer[Any]):
    """A registration of the same person under another address, and why the two are joined."""

    other = serializers.IntegerField(help_text="Any registration of the one who is joined and goes.")
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class JoinedSerializer(serializers.Serializer[Any]):
    """What became of two people."""

    email = serializers.CharField(source="attendee.email")
    ended = serializers.IntegerField(help_text="Registrations that ended, since the person stood twice.")
    moved = serializers.IntegerField(help_text="Registrations that came over and still count.")


class CorrectAddress(OneRegistration):
    """The address of somebody who registered."""

    @extend_schema(
        operation_id="registrations_address",
        tags=["organiser"],
        request=AddressIn,
        responses={200: RegistrationSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Correct the address of the person; everything is sent to it anew, with a new link."""
        row, given = self.registration(pk), checked(AddressIn, request.data)
        actions.correct_address(attendee=row.attendee, **given, at=timezone.now(), actor=actor_of(request))
        return Response(RegistrationSerializer(self.registration(pk)).data)


class JoinPeople(OneRegistration):
    """Two registrations of one person."""

    @extend_schema(
        operation_id="registrations_merge",
        tags=["organiser"],
        request=OtherIn,
        responses={200: JoinedSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Join the person of another registration with this one's; in each event the better place stays."""
        row, given = self.registration(pk), checked(OtherIn, request.data)
        done = actions.merge(
            kept=row.attendee,
            other=self.registration(given["other"]).attendee,
            reason=given["reason"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        return Response(JoinedSerializer(done).data)


class ReasonIn(ExactSerializer[Any]):
    """Why, as it is kept in the history."""

    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class LiftedSerializer(serializers.Serializer[Any]):
    """An address that is written to again."""

    email = serializers.CharField()
    lifted = serializers.BooleanField(help_text="False: it was not blocked.")


class LiftBlock(OneRegistration):
    """An address that nothing is sent to, since a mail to it came back or was reported."""

    @extend_schema(
        operation_id="registrations_unblock",
        tags=["organiser"],
        request=ReasonIn,
        responses={200: LiftedSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write to the person's address again, since its owner says that it works; twice is once."""
        person, given = self.registration(pk).attendee, checked(ReasonIn, request.data)
        lifted = lift_block(attendee=person, **given, at=timezone.now(), actor=actor_of(request))
        return Response(LiftedSerializer({"email": person.email, "lifted": lifted}).data)
