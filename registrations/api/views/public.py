"""Registering, and how many places are left: for everybody."""

import secrets

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from events.queries import events_of, series_by_slug
from registrations import actions, door, limits, queries, rules
from registrations.api import serializers
from registrations.api.door import HEADERS, ONE_MOMENT, press_of
from registrations.queries.places import forms_of

_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same body gives the same answer again; with another body, 422.",
)


class Registrations(APIView):
    """Registering to the events of a series."""

    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(
        operation_id="register",
        tags=["registration"],
        auth=[],
        parameters=[_KEY, *HEADERS],
        request=serializers.RegistrationIn,
        responses={201: serializers.RegisteredSerializer, **problems(400, 404, 422), **ONE_MOMENT},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Register somebody; the answer tells what they got, or would get if the address was known."""
        body = serializers.RegistrationIn(data=request.data)
        body.is_valid(raise_exception=True)
        person, colleagues = body.person(), body.colleagues_given()
        for one in (person, *colleagues):
            limits.spend(limits.REGISTER, request=request._request, email=one.email)  # noqa: SLF001 - the framework's documented name
        events = body.validated_data["events"]
        if not rules.needs_correcting(person, events=events):  # that is told before anybody waits
            door.let_in(press_of(request, events=events), at=timezone.now())
        submission = actions.register(
            series=series_by_slug(slug),
            person=person,
            colleagues=colleagues,
            events=events,
            code=body.validated_data["code"],
            idempotency_key=_key(request),
            answers=body.validated_data["answers"],
            consents=body.validated_data["consents"],
            at=timezone.now(),
        )
        return Response({"results": submission.results, "receipt": submission.receipt}, status=201)


def _key(request: Request) -> str:
    """Read the key of the header, or make one: without it the same request twice is two requests."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > rules.KEY_LIMIT:
        raise rules.key_too_long()
    return key or secrets.token_urlsafe(24)


class SeriesAvailability(APIView):
    """The places of a series."""

    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(
        operation_id="availability",
        tags=["registration"],
        auth=[],
        responses={200: serializers.SeriesAvailabilitySerializer, **problems(404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Tell for each event whether one may register now and how many places are left."""
        series = series_by_slug(slug)
        events = events_of(series)
        found = queries.availability(events, at=timezone.now())
        form = forms_of({series.pk}).get(series.pk)
        rows = [
            {
                "event": event.slug,
                "state": found[event.pk].state,
                "capacity": found[event.pk].capacity,
                "places_left": found[event.pk].places_left,
                "waiting": found[event.pk].waiting,
                "mode": found[event.pk].mode,
            }
            for event in events
        ]
        answer = {"opens_at": form.opens_at if form else None, "events": rows}
        return Response(serializers.SeriesAvailabilitySerializer(answer).data)
