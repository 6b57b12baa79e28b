"""Messages to many for programs: written, listed, read as each person would, sent with a number, watched."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.policies import ORGANISES
from backend.core.errors import NotFound
from backend.core.i18n import _
from backend.core.shapes import problems
from events.models import EventSeries
from events.queries import series_named
from registrations.actions import campaigns as actions
from registrations.actions.campaign_words import Words, as_read_by, words_of
from registrations.api import campaign_serializers as shapes
from registrations.api.permissions import Organises, token_of
from registrations.api.serializers import OfSeriesIn
from registrations.api.views.organiser import InOrderOfArrival, NewestFirst, actor_of, checked
from registrations.models import Campaign, CampaignRecipient
from registrations.queries.campaigns import campaign_for, campaigns_for, recipients_of
from registrations.rules.segments import FAILED, UNCLEAR, BadSegment, Segment

_TAGS = ["organiser"]
_READS = problems(400, 401, 403, 404)
_WRITES = problems(400, 401, 403, 404, 409, 422)
_ONE: dict[Any, Any] = {200: shapes.OneCampaignSerializer, **_WRITES}
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Sending again with the same key and number gives the same answer; another number is a 422.",
)
_DRAFT = OpenApiExample(
    "To those who have a place on one morning",
    request_only=True,
    value={
        "series": "aamukahvit-2027",
        "segment": {"events": ["aamukahvit-2027-04-13"], "states": ["confirmed"]},
        "subject": {"fi": "Ovi on auki kello 8", "sv": "Dörren är öppen klockan 8", "en": "Doors open at 8"},
        "body": {"fi": "Hei {name}!", "sv": "Hej {name}!", "en": "Hello {name}!"},
        "send_at": None,
    },
)


def _shown(one: Campaign, *, status: int = 200) -> Response:
    return Response(shapes.OneCampaignSerializer(one, context=shapes.standing([one])).data, status=status)


@extend_schema_view(
    get=extend_schema(
        operation_id="campaigns_list",
        tags=_TAGS,
        parameters=[OfSeriesIn],
        responses={200: shapes.CampaignSerializer(many=True), **problems(400, 401, 403)},
    )
)
class Campaigns(generics.ListAPIView[Campaign]):
    """List the messages to many of one's own series, the newest first, each with how far it is."""

    permission_classes = [Organises]
    serializer_class = shapes.CampaignSerializer
    pagination_class: type[BasePagination] = NewestFirst
    queryset = Campaign.objects.none()

    def get_queryset(self) -> QuerySet[Campaign]:
        """Read those of the series that the person organises."""
        slug = checked(OfSeriesIn, self.request.query_params)["series"]
        rows = campaigns_for(self.request.user, roles=ORGANISES, token=token_of(self.request))
        return rows.filter(series__slug=slug) if slug else rows

    def get_serializer(self, rows: Iterable[Campaign] = (), **kwargs: Any) -> Any:  # noqa: ANN401 - the framework's own
        """Find out for the whole page how far each is."""
        rows = list(rows)
        return shapes.CampaignSerializer(rows, context=shapes.standing(rows), **kwargs)

    @extend_schema(
        operation_id="campaigns_write",
        tags=_TAGS,
        request=shapes.CampaignIn,
        examples=[_DRAFT],
        responses={201: shapes.OneCampaignSerializer, **problems(400, 401, 403, 404, 422)},
    )
    def post(self, request: Request) -> Response:
        """Write one as a draft; nobody is on its list yet, and nothing is sent."""
        given = checked(shapes.CampaignIn, request.data)
        series = series_named(request.user, given.pop("series"), roles=ORGANISES, token=token_of(request))
        return _shown(_written(request, series, given), status=201)


def _written(
    request: Request, series: EventSeries, given: dict[str, Any], *, campaign: Campaign | None = None
) -> Campaign:
    """Keep what was given; what is wrong with the choice of people is named by its place in the body."""
    try:
        return actions.write_campaign(
            series=series,
            segment=Segment.of(given["segment"]),
            words=Words(subject=given["subject"], body=given["body"]),
            send_at=given["send_at"],
            campaign=campaign,
            at=timezone.now(),
            actor=actor_of(request),
        )
    except BadSegment as no:
        fields = {f"segment.{name}": sentences for name, sentences in no.fields.items()}
        raise BadSegment(no.sentence, fields=fields) from None


class _OneCampaign(APIView):
    """Something about one message to many."""

    permission_classes = [Organises]

    def campaign(self, pk: int) -> Campaign:
        """Find it among those of the series that the person organises."""
        return campaign_for(self.request.user, pk, roles=ORGANISES, token=token_of(self.request))

    def do(self, one: Campaign, deed: Callable[..., object], **given: object) -> Response:
        """Do it, and show how the message stands afterwards."""
        deed(campaign=one, at=timezone.now(), actor=actor_of(self.request), **given)
        return _shown(self.campaign(one.pk))


class OneCampaign(_OneCampaign):
    """One message to many."""

    @extend_schema(
        operation_id="campaign", tags=_TAGS, responses={200: shapes.OneCampaignSerializer, **_READS}
    )
    def get(self, request: Request, pk: int) -> Response:
        """Tell what it says, to whom, who is left out and why, and how far it is."""
        return _shown(self.campaign(pk))

    @extend_schema(
        operation_id="campaign_change", tags=_TAGS, request=shapes.CampaignChangeIn, responses=_ONE
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is named of one that has not been sent; a list made before has to be made anew."""
        one = self.campaign(pk)
        words = words_of(one)
        body = shapes.CampaignChangeIn(instance=words, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        stands = {"subject": words.subject, "body": words.body, "send_at": one.send_at}
        segment = {**one.segment, **body.validated_data.get("segment", {})}
        given = {**stands, **body.validated_data, "segment": segment}
        return _shown(_written(request, one.series, given, campaign=one))

    @extend_schema(
        operation_id="campaign_remove",
        tags=_TAGS,
        responses={204: None, **problems(401, 403, 404, 409)},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Throw away one that has not been sent."""
        actions.remove(campaign=self.campaign(pk), at=timezone.now(), actor=actor_of(request))
        return Response(status=204)


class CampaignList(_OneCampaign):
    """The list of a message to many."""

    @extend_schema(operation_id="campaign_make_list", tags=_TAGS, request=None, responses=_ONE)
    def post(self, request: Request, pk: int) -> Response:
        """Write down who gets it, and why the others do not; the list is good for an hour."""
        return self.do(self.campaign(pk), actions.pin)


@extend_schema_view(
    get=extend_schema(
        operation_id="campaign_recipients",
        tags=_TAGS,
        parameters=[shapes.RecipientFilterIn],
        responses={200: shapes.RecipientSerializer(many=True), **_READS},
    )
)
class CampaignRecipients(generics.ListAPIView[CampaignRecipient]):
    """List those who are written to by name; with ``reason``, those who are left out for it."""

    permission_classes = [Organises]
    serializer_class = shapes.RecipientSerializer
    pagination_class: type[BasePagination] = InOrderOfArrival
    queryset = CampaignRecipient.objects.none()

    def get_queryset(self) -> QuerySet[CampaignRecipient]:
        """Read the list as it was made."""
        pk, token = int(self.kwargs["pk"]), token_of(self.request)
        one = campaign_for(self.request.user, pk, roles=ORGANISES, token=token)
        return recipients_of(
            one, reason=checked(shapes.RecipientFilterIn, self.request.query_params)["reason"]
        )


class CampaignReading(_OneCampaign):
    """A message to many as one person reads it."""

    @extend_schema(
        operation_id="campaign_reading",
        tags=_TAGS,
        parameters=[shapes.ReadingIn],
        responses={200: shapes.RenderedSerializer, **_READS},
    )
    def get(self, request: Request, pk: int, recipient: int) -> Response:
        """Give the very mail of somebody on the list, without the addresses that only they may open."""
        one, language = self.campaign(pk), checked(shapes.ReadingIn, request.query_params)["language"]
        row = recipients_of(one).filter(pk=recipient).select_related("attendee__series").first()
        if row is None:
            raise NotFound(_("Nothing was found at this address."))
        made = as_read_by(row, campaign=one, language=language, at=timezone.now())
        return Response(shapes.RenderedSerializer(made).data)


class SendCampaign(_OneCampaign):
    """Sending a message to many."""

    @extend_schema(
        operation_id="campaign_send",
        tags=_TAGS,
        parameters=[_KEY],
        request=shapes.NumberIn,
        responses=_ONE,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Send it to the list that was looked at; ``number`` says how many people that are.

        Nothing leaves for a minute, or before ``send_at``; until then ``undo`` takes all of it back.
        """
        one, given = self.campaign(pk), checked(shapes.NumberIn, request.data)
        key = request.headers.get("Idempotency-Key", "").strip()
        return self.do(one, actions.send, key=key, **given)


class UndoCampaign(_OneCampaign):
    """Taking a message to many back."""

    @extend_schema(operation_id="campaign_undo", tags=_TAGS, request=None, responses=_ONE)
    def post(self, request: Request, pk: int) -> Response:
        """Take everything back before any of it has left."""
        return self.do(self.campaign(pk), actions.undo)


class PauseCampaign(_OneCampaign):
    """Pausing a message to many."""

    @extend_schema(operation_id="campaign_pause", tags=_TAGS, request=None, responses=_ONE)
    def post(self, request: Request, pk: int) -> Response:
        """Keep back what has not left."""
        return self.do(self.campaign(pk), actions.pause)


class ResumeCampaign(_OneCampaign):
    """Letting a message to many go on."""

    @extend_schema(operation_id="campaign_resume", tags=_TAGS, request=None, responses=_ONE)
    def post(self, request: Request, pk: int) -> Response:
        """Let go what was kept back."""
        return self.do(self.campaign(pk), actions.resume)


class StopCampaign(_OneCampaign):
    """Stopping a message to many."""

    @extend_schema(operation_id="campaign_stop", tags=_TAGS, request=None, responses=_ONE)
    def post(self, request: Request, pk: int) -> Response:
        """Call off what has not left, for good."""
        return self.do(self.campaign(pk), actions.stop)


class ResendCampaign(_OneCampaign):
    """Sending a message to many once more to some."""

    @extend_schema(
        operation_id="campaign_resend",
        tags=_TAGS,
        request=shapes.AgainIn,
        responses={202: shapes.AgainSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Send only the failed ones once more, or with ``unclear`` those that may have arrived."""
        one, given = self.campaign(pk), checked(shapes.AgainIn, request.data)
        states = UNCLEAR if given["unclear"] else FAILED
        count = actions.resend(campaign=one, states=states, at=timezone.now(), actor=actor_of(request))
        return Response(shapes.AgainSerializer({"messages": count}).data, status=202)


class CopyCampaign(_OneCampaign):
    """Beginning anew with a message to many."""

    @extend_schema(
        operation_id="campaign_copy",
        tags=_TAGS,
        request=None,
        responses={201: shapes.OneCampaignSerializer, **_READS},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make a draft with the same words for the same choice of people."""
        made = actions.copy_campaign(campaign=self.campaign(pk), at=timezone.now(), actor=actor_of(request))
        return _shown(made, status=201)
