"""Answering an offer, and taking a cancelled place back, by the link in the mail."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.errors import NotFound
from backend.core.i18n import _
from backend.core.shapes import problems
from events.models import Event
from registrations import actions
from registrations.api import serializers
from registrations.api.authentication import ManageLink
from registrations.api.permissions import HoldsManageLink
from registrations.api.views.own import holder, shown

_ANSWERS: dict[Any, Any] = {200: serializers.OwnRegistrationSerializer, **problems(401, 404, 410, 422)}
_TAGS = ["own registration"]


class OwnPlaceDoor(APIView):
    """One deed about one of the holder's own events."""

    authentication_classes = [ManageLink]
    permission_classes = [HoldsManageLink]

    def do(self, request: Request, event: str, deed: Callable[..., object]) -> Response:
        """Do it, and show how everything stands afterwards."""
        attendee = holder(request)
        found = Event.objects.filter(registrations__attendee=attendee, slug=event).first()
        if found is None:
            raise NotFound(_("Nothing was found at this address."))
        deed(attendee=attendee, event=found, at=timezone.now())
        return shown(attendee)


class AcceptOffer(OwnPlaceDoor):
    """Yes."""

    @extend_schema(operation_id="own_offer_accept", tags=_TAGS, request=None, responses=_ANSWERS)
    def post(self, request: Request, event: str) -> Response:
        """Take the offered place; taking it again changes nothing."""
        return self.do(request, event, actions.accept)


class DeclineOffer(OwnPlaceDoor):
    """No."""

    @extend_schema(operation_id="own_offer_decline", tags=_TAGS, request=None, responses=_ANSWERS)
    def post(self, request: Request, event: str) -> Response:
        """Decline the offered place: it goes to the next in line."""
        return self.do(request, event, actions.decline)


class KeepPlace(OwnPlaceDoor):
    """A calendar said no, the person says yes."""

    @extend_schema(operation_id="own_place_keep", tags=_TAGS, request=None, responses=_ANSWERS)
    def post(self, request: Request, event: str) -> Response:
        """Keep a place that was declined in the calendar, while it has not been released."""
        return self.do(request, event, actions.keep_place)


class RestorePlace(OwnPlaceDoor):
    """A change of mind."""

    @extend_schema(operation_id="own_place_restore", tags=_TAGS, request=None, responses=_ANSWERS)
    def post(self, request: Request, event: str) -> Response:
        """Take back a place that was cancelled less than ten minutes ago."""
        return self.do(request, event, actions.restore)
