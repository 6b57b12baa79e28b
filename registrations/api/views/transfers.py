"""Giving a place to a colleague: by the link in the mail, and by programs of the organiser."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.i18n import LANGUAGES
from backend.core.shapes import problems
from registrations import actions, limits
from registrations.api.serializers import OwnRegistrationSerializer, RegistrationSerializer
from registrations.api.views.offers import OwnPlaceDoor
from registrations.api.views.organiser import OneRegistration, actor_of, checked
from registrations.models import Attendee
from registrations.rules import Person


def _line() -> serializers.CharField:
    """Take a text as typed; what is wrong with it is said by the rules, in the same words as on the page."""
    return serializers.CharField(allow_blank=True, default="", trim_whitespace=False)


class ReceiverIn(serializers.Serializer[Any]):
    """The colleague who gets the place; somebody who is known already stays as they are."""

    name = _line()
    email = _line()
    organisation = serializers.CharField(
        allow_blank=True, default="", trim_whitespace=False, help_text="Left out: that of the giver."
    )
    language = serializers.ChoiceField(choices=LANGUAGES, default="fi")


class PassOnIn(ReceiverIn):
    """The receiver, and why an organiser moves the place."""

    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


def _person(given: dict[str, Any]) -> Person:
    return Person(**{name: given[name] for name in ("name", "email", "organisation", "language")})


class GivePlace(OwnPlaceDoor):
    """One's own place for a colleague."""

    @extend_schema(
        operation_id="own_place_transfer",
        tags=["own registration"],
        request=ReceiverIn,
        responses={200: OwnRegistrationSerializer, **problems(400, 401, 404, 410, 422, 429)},
    )
    def post(self, request: Request, event: str) -> Response:
        """Give the place away; the answer is the same whether the colleague's address is known or not."""
        to = _person(checked(ReceiverIn, request.data))

        def deed(*, attendee: Attendee, **what: Any) -> None:  # noqa: ANN401 - the event and the moment
            limits.spend(limits.REGISTER, request=request._request, email=to.email)  # noqa: SLF001 - the framework's documented name
            actions.give_place(attendee=attendee, to=to, **what)

        return self.do(request, event, deed)


class PassPlaceOn(OneRegistration):
    """Somebody's place for somebody else."""

    @extend_schema(
        operation_id="registrations_transfer",
        tags=["organiser"],
        request=PassOnIn,
        responses={200: RegistrationSerializer, **problems(400, 401, 403, 404, 422)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move a place to somebody else until the event ends; gives the receiver's registration."""
        row, given = self.registration(pk), checked(PassOnIn, request.data)
        received = actions.pass_on(
            registration=row,
            to=_person(given),
            reason=given["reason"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        return Response(RegistrationSerializer(self.registration(received.pk)).data)
