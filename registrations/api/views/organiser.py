"""The organiser's side: who comes, who waits, what was sent. A foreign row is not there (404)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.models import Organisation, User
from accounts.policies import ORGANISES, organisations_where
from backend.core.api import Pages
from backend.core.errors import Sentence
from backend.core.i18n import _
from backend.core.shapes import problems
from events.queries import event_for
from events.templates import TEMPLATES
from notifications.models import Message
from registrations import actions, queries, rules
from registrations.api import serializers
from registrations.api.permissions import SeesPeople, roles_for, token_of
from registrations.models import Registration
from registrations.queries.desk import narrowed

_TAGS = ["organiser"]
_READS = problems(400, 401, 403)
_WRITES = problems(400, 401, 403, 404, 422)


def actor_of(request: Request) -> User:
    """Name who asks; the permission has let nobody else in."""
    if not isinstance(request.user, User):
        raise TypeError
    return request.user


def reach(request: Request) -> dict[str, Any]:
    """Say within which roles, and with which key, this request reaches rows."""
    return {"roles": roles_for(request), "token": token_of(request)}


def checked(serializer: type[BaseSerializer[Any]], data: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever was sent
    """Read a body, or the question marks of an address."""
    body = serializer(data=data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class InOrderOfArrival(Pages):
    """Pages of registrations."""

    ordering = "pk"


class NewestFirst(Pages):
    """Pages of messages."""

    ordering = "-pk"


@extend_schema_view(
    get=extend_schema(
        operation_id="registrations_list",
        tags=_TAGS,
        parameters=[serializers.FilterIn],
        responses={200: serializers.RegistrationSerializer(many=True), **_READS},
    )
)
class RegistrationList(generics.ListAPIView[Registration]):
    """List the registrations to one's own events; ``q`` finds parts of names, addresses, organisations."""

    permission_classes = [SeesPeople]
    serializer_class = serializers.RegistrationSerializer
    pagination_class: type[BasePagination] = InOrderOfArrival
    queryset = Registration.objects.none()

    def get_queryset(self) -> QuerySet[Registration]:
        """Read those of the person's organisations."""
        given = checked(serializers.FilterIn, self.request.query_params)
        return narrowed(queries.registrations_for(self.request.user, **reach(self.request)), **given)


class OneRegistration(APIView):
    """A view of one registration."""

    permission_classes = [SeesPeople]

    def registration(self, pk: int) -> Registration:
        """Find it among those of the person's own events."""
        return queries.registration_for(self.request.user, pk, **reach(self.request))


class CancelRegistration(OneRegistration):
    """Taking a place away."""

    @extend_schema(
        operation_id="registrations_cancel",
        tags=_TAGS,
        request=None,
        responses={200: serializers.RegistrationSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Cancel a registration, also after the deadline; the next in line gets the place."""
        row = actions.cancel(
            registration=self.registration(pk),
            by=Registration.CancelledBy.ORGANISER,
            at=timezone.now(),
            actor=actor_of(request),
        )
        return Response(serializers.RegistrationSerializer(row).data)


class MarkAttendance(OneRegistration):
    """Who came."""

    @extend_schema(
        operation_id="registrations_attendance",
        tags=_TAGS,
        request=serializers.AttendanceSerializer,
        responses={200: serializers.RegistrationSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Mark that somebody came (true) or stayed away (false); null takes the mark off."""
        row = self.registration(pk)
        given = checked(serializers.AttendanceSerializer, request.data)
        actions.mark_attendance(registration=row, at=timezone.now(), actor=actor_of(request), **given)
        return Response(serializers.RegistrationSerializer(row).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="messages_list",
        tags=_TAGS,
        parameters=[serializers.MessageFilterIn],
        responses={200: serializers.MessageSerializer(many=True), **_READS},
    )
)
class MessageList(generics.ListAPIView[Message]):
    """List what was told about one's own events, to whom, and whether it arrived; the newest first."""

    permission_classes = [SeesPeople]
    serializer_class = serializers.MessageSerializer
    pagination_class: type[BasePagination] = NewestFirst
    queryset = Message.objects.none()

    def get_queryset(self) -> QuerySet[Message]:
        """Read those of the person's organisations."""
        given = checked(serializers.MessageFilterIn, self.request.query_params)
        about = {"series": given["series"], "event": given["event"]}
        rows = queries.messages_for(self.request.user, **about, **reach(self.request))
        if given["campaign"]:
            rows = rows.filter(batch=f"campaign:{given['campaign']}")
        return rows.filter(state=given["state"]) if given["state"] else rows


class NewSeries(APIView):
    """Setting up a series."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="own_series_from_template",
        tags=_TAGS,
        request=serializers.NewSeriesSerializer,
        responses={201: serializers.SeriesMadeSerializer, **_WRITES},
    )
    def post(self, request: Request) -> Response:
        """Set up a series as a draft: events on consecutive weekdays, with places."""
        given = checked(serializers.NewSeriesSerializer, request.data)
        series = actions.new_series_from_template(
            organisation=own_organisation(request, given.get("organisation", "")),
            template=TEMPLATES[given["template"]],
            title=given["title"],
            first_day=given["first_day"],
            slug=given["slug"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        row = {"id": series.pk, "slug": series.slug, "events": series.events.all()}
        return Response(serializers.SeriesMadeSerializer(row).data, status=201)


def own_organisation(request: Request, slug: str, *, sentence: Sentence = "") -> Organisation:
    """Find the organisation that arranges; the only one, or the one that is named."""
    own = organisations_where(request.user, roles=ORGANISES, token=token_of(request))
    rows = list((own.filter(slug=slug) if slug else own).order_by("pk")[:2])
    if len(rows) != 1:
        sentence = sentence or _("Name the organisation that arranges the series.")
        raise rules.Invalid(sentence, fields={"organisation": [sentence]})
    return rows[0]


class EventCapacity(APIView):
    """How many places an event has."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="own_events_capacity",
        tags=_TAGS,
        request=serializers.CapacityIn,
        responses={200: serializers.CapacitySerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Give the event more places or fewer; more let the next in line in at once."""
        event = event_for(request.user, pk, **reach(request))
        given = checked(serializers.CapacityIn, request.data)
        at = timezone.now()
        quota = actions.set_capacity(event=event, capacity=given["capacity"], at=at, actor=actor_of(request))
        waiting = queries.availability([event], at=at)[event.pk].waiting
        row = {"capacity": quota.capacity, "taken": quota.taken, "waiting": waiting}
        return Response(serializers.CapacitySerializer(row).data)
