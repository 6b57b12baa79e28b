"""Webhooks for programs: add one, look at its log, send again, change its secret, remove it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.policies import ORGANISES
from backend.core.api import Pages
from backend.core.shapes import ExactSerializer, problems
from events.models import EventSeries
from events.queries import series_named
from notifications.endpoints.facts import all_kinds
from notifications.endpoints.managing import endpoints_of
from notifications.models import Endpoint, EndpointDelivery
from registrations.actions import endpoints as actions
from registrations.api.permissions import Organises, token_of
from registrations.api.views.organiser import actor_of, checked
from registrations.queries.endpoints import endpoint_for

_TAGS = ["organiser"]
_READS = problems(401, 403, 404)
_WRITES = problems(400, 401, 403, 404, 422)
_CUSTOMER_REGISTER = OpenApiExample(
    "A customer register",
    request_only=True,
    value={
        "series": "aamukahvit-2027",
        "name": "CRM",
        "url": "https://crm.example.org/vipu",
        "kinds": ["registration.confirmed", "registration.cancelled"],
        "with_people": True,
    },
)


class EndpointIn(ExactSerializer[Any]):
    """A webhook to be added."""

    series = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=500, help_text="A public https:// address.")
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=50,
        help_text="Kinds of news, from `kinds` of the list.",
    )
    with_people = serializers.BooleanField(
        default=False,
        help_text="Names and addresses too. Your organisation answers for what the receiver does with them.",
    )


class EndpointChangeIn(ExactSerializer[Any]):
    """Switching a webhook off and on."""

    active = serializers.BooleanField()


class ReplayIn(ExactSerializer[Any]):
    """What to send again: one delivery, or all that failed since a moment."""

    delivery = serializers.IntegerField(required=False, min_value=1)
    since = serializers.DateTimeField(required=False)


class EndpointSerializer(serializers.ModelSerializer[Endpoint]):
    """A webhook; its secret is never told again."""

    kinds = serializers.ListField(child=serializers.CharField(), help_text="The news it wants.")
    active = serializers.BooleanField()

    class Meta:
        model = Endpoint
        fields = (
            "id",
            "scope",
            "name",
            "url",
            "kinds",
            "with_people",
            "active",
            "off",
            "failing_since",
            "former_until",
            "created_at",
        )
        read_only_fields = fields


class SharedSerializer(serializers.Serializer[Any]):
    """A webhook with its secret, which is told this once."""

    endpoint = EndpointSerializer()
    secret = serializers.CharField()


class DeliverySerializer(serializers.ModelSerializer[EndpointDelivery]):
    """One piece of news and what the receiver said to it."""

    payload = serializers.JSONField(help_text="What is sent: `type`, `timestamp` and `data`.")

    class Meta:
        model = EndpointDelivery
        fields = (
            "id",
            "event",
            "kind",
            "payload",
            "state",
            "created_at",
            "next_at",
            "attempts",
            "tried_at",
            "status",
            "problem",
            "milliseconds",
            "answer",
        )
        read_only_fields = fields


class ReplayedSerializer(serializers.Serializer[Any]):
    """How many pieces of news are sent again."""

    replayed = serializers.IntegerField()


class KindsSerializer(serializers.Serializer[Any]):
    """What a webhook may be told of, and the webhooks of a series."""

    kinds = serializers.ListField(child=serializers.CharField())
    webhooks = EndpointSerializer(many=True)


class SeriesIn(serializers.Serializer[Any]):
    """Which series."""

    series = serializers.CharField(max_length=100, help_text="Slug of a series.")


class Webhooks(APIView):
    """The webhooks of a series."""

    permission_classes = [Organises]

    def series(self, request: Request, slug: str) -> EventSeries:
        """Find a series that the person organises."""
        return series_named(request.user, slug, roles=ORGANISES, token=token_of(request))

    @extend_schema(
        operation_id="webhooks_list",
        tags=_TAGS,
        parameters=[SeriesIn],
        responses={200: KindsSerializer, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """List the webhooks of a series, and every kind of news there is."""
        series = self.series(request, checked(SeriesIn, request.query_params)["series"])
        rows = endpoints_of(actions.scope_of(series))
        return Response(KindsSerializer({"kinds": all_kinds(), "webhooks": rows}).data)

    @extend_schema(
        operation_id="webhooks_add",
        tags=_TAGS,
        request=EndpointIn,
        examples=[_CUSTOMER_REGISTER],
        responses={201: SharedSerializer, **_WRITES},
    )
    def post(self, request: Request) -> Response:
        """Add one; the answer tells its secret this once."""
        given = checked(EndpointIn, request.data)
        series = self.series(request, given.pop("series"))
        made = actions.add_endpoint(series=series, at=timezone.now(), actor=actor_of(request), **given)
        return Response(SharedSerializer(made).data, status=201)


class _OneWebhook(APIView):
    """Something about one webhook."""

    permission_classes = [Organises]

    def found(self, request: Request, pk: int) -> tuple[Endpoint, EventSeries]:
        """Find it among those of the series that the person organises."""
        return endpoint_for(request.user, pk, token=token_of(request))


class OneWebhook(_OneWebhook):
    """One webhook."""

    @extend_schema(operation_id="webhook", tags=_TAGS, responses={200: EndpointSerializer, **_READS})
    def get(self, request: Request, pk: int) -> Response:
        """Tell how it is set and whether it is in use."""
        endpoint, _series = self.found(request, pk)
        return Response(EndpointSerializer(endpoint).data)

    @extend_schema(
        operation_id="webhook_switch",
        tags=_TAGS,
        request=EndpointChangeIn,
        responses={200: EndpointSerializer, **_WRITES},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Switch it off, or on again: what waited meanwhile is sent then."""
        endpoint, series = self.found(request, pk)
        on = checked(EndpointChangeIn, request.data)["active"]
        actions.switch_endpoint(
            series=series, endpoint=endpoint, on=on, at=timezone.now(), actor=actor_of(request)
        )
        return Response(EndpointSerializer(endpoint).data)

    @extend_schema(operation_id="webhook_remove", tags=_TAGS, responses={204: None, **_READS})
    def delete(self, request: Request, pk: int) -> Response:
        """Remove it together with its log."""
        endpoint, series = self.found(request, pk)
        actions.remove_endpoint(series=series, endpoint=endpoint, at=timezone.now(), actor=actor_of(request))
        return Response(status=204)


class WebhookSecret(_OneWebhook):
    """The secret of a webhook."""

    @extend_schema(
        operation_id="webhook_secret",
        tags=_TAGS,
        request=None,
        responses={200: SharedSerializer, **_READS},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make a new one, told this once; for 24 hours the former one signs as well."""
        endpoint, series = self.found(request, pk)
        made = actions.roll_endpoint(
            series=series, endpoint=endpoint, at=timezone.now(), actor=actor_of(request)
        )
        return Response(SharedSerializer(made).data)


class WebhookPing(_OneWebhook):
    """Trying a webhook."""

    @extend_schema(
        operation_id="webhook_ping",
        tags=_TAGS,
        request=None,
        responses={202: DeliverySerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Send a made-up piece of news; the log tells what the receiver said."""
        endpoint, _series = self.found(request, pk)
        row = actions.ping_endpoint(endpoint=endpoint, at=timezone.now())
        return Response(DeliverySerializer(row).data, status=202)


class NewestDeliveries(Pages):
    """Pages of the log."""

    ordering = "-pk"


@extend_schema_view(
    get=extend_schema(
        operation_id="webhook_deliveries",
        tags=_TAGS,
        responses={200: DeliverySerializer(many=True), **_READS},
    )
)
class WebhookDeliveries(generics.ListAPIView[EndpointDelivery]):
    """List what a webhook was told in the last month, the newest first."""

    permission_classes = [Organises]
    serializer_class = DeliverySerializer
    pagination_class: type[BasePagination] = NewestDeliveries
    queryset = EndpointDelivery.objects.none()

    def get_queryset(self) -> QuerySet[EndpointDelivery]:
        """Read the log of one that the person may see."""
        endpoint, _series = endpoint_for(
            self.request.user, int(self.kwargs["pk"]), token=token_of(self.request)
        )
        return endpoint.deliveries.all()


class WebhookReplay(_OneWebhook):
    """Sending again."""

    @extend_schema(
        operation_id="webhook_replay",
        tags=_TAGS,
        request=ReplayIn,
        responses={202: ReplayedSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Send one delivery again, or all that failed since a moment; each keeps its number."""
        endpoint, series = self.found(request, pk)
        given = checked(ReplayIn, request.data)
        number = actions.replay_deliveries(
            series=series, endpoint=endpoint, at=timezone.now(), actor=actor_of(request), **given
        )
        return Response({"replayed": number}, status=202)
