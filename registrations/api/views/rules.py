"""Messages that go out by themselves, for programs: described, worded, switched, and who gets them.

The same deeds as at the desk, refused in the same words.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.errors import NotFound
from backend.core.i18n import _
from backend.core.shapes import problems
from events.queries import series_named
from registrations.actions import ruling as actions
from registrations.actions.rule_words import as_read_by, kept_words, said
from registrations.api import rule_serializers as shapes
from registrations.api.campaign_serializers import ReadingIn, RenderedSerializer
from registrations.api.permissions import Organises, SeesPeople
from registrations.api.serializers import OfSeriesIn
from registrations.api.views.organiser import InOrderOfArrival, actor_of, checked, reach
from registrations.models import MessageRule
from registrations.queries.automatic import Recipient, recipients
from registrations.queries.ruling import place_at, plans_of, rule_for, rules_for, shown_plan

_TAGS = ["organiser"]
_READS = problems(400, 401, 403, 404)
_WRITES = problems(400, 401, 403, 404, 422)
_ONE: dict[Any, Any] = {200: shapes.RuleSerializer, **_WRITES}
_SWITCHED: dict[Any, Any] = {200: shapes.RuleSerializer, **problems(401, 403, 404, 409)}
_THANKS = OpenApiExample(
    "Thanks to those who came, an hour after the end",
    request_only=True,
    value={
        "series": "aamukahvit-2027",
        "kind": "note",
        "name": "Kiitos ja kalvot",
        "anchor": "end",
        "when": {"minutes": 60},
        "attendance": "attended",
        "late": "send",
        "subject": {"fi": "Kiitos, {name}", "sv": "Tack, {name}", "en": "Thank you, {name}"},
        "body": {"fi": "Tässä kalvot.", "sv": "Här är bilderna.", "en": "Here are the slides."},
        "publish": True,
    },
)


def _shown(one: MessageRule, *, status: int = 200) -> Response:
    return Response(shapes.RuleSerializer(one, context=shapes.standing([one])).data, status=status)


@extend_schema_view(
    get=extend_schema(
        operation_id="rules_list",
        tags=_TAGS,
        parameters=[OfSeriesIn],
        responses={200: shapes.RuleSerializer(many=True), **problems(400, 401, 403)},
    )
)
class Rules(generics.ListAPIView[MessageRule]):
    """List the rules of one's own series, each with what it says."""

    permission_classes = [SeesPeople]
    serializer_class = shapes.RuleSerializer
    pagination_class: type[BasePagination] = InOrderOfArrival
    queryset = MessageRule.objects.none()

    def get_queryset(self) -> QuerySet[MessageRule]:
        """Read those of the person's series."""
        slug = checked(OfSeriesIn, self.request.query_params)["series"]
        rows = rules_for(self.request.user, **reach(self.request))
        return rows.filter(series__slug=slug) if slug else rows

    def get_serializer(self, rows: Iterable[MessageRule] = (), **kwargs: Any) -> Any:  # noqa: ANN401 - the framework's own
        """Find out for the whole page what each says."""
        rows = list(rows)
        return shapes.RuleSerializer(rows, context=shapes.standing(rows), **kwargs)

    @extend_schema(
        operation_id="rules_make",
        tags=_TAGS,
        request=shapes.RuleIn,
        examples=[_THANKS],
        responses={201: shapes.RuleSerializer, **_WRITES},
    )
    def post(self, request: Request) -> Response:
        """Make one. A reminder is on at once; a note is off until it is switched on with words in use."""
        given = checked(shapes.RuleIn, request.data)
        series = series_named(request.user, given["series"], **reach(request))
        made = actions.make_rule(
            series=series,
            draft=shapes.draft_of(given, kind=given["kind"]),
            words=shapes.words_given(given, kept=said(None)),
            publish=given["publish"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        return _shown(made, status=201)


class _OneRule(APIView):
    """Something about one rule."""

    permission_classes = [SeesPeople]

    def rule(self, pk: int) -> MessageRule:
        """Find it among those of the person's series."""
        return rule_for(self.request.user, pk, **reach(self.request))

    def do(self, pk: int, deed: Callable[..., object], **given: object) -> Response:
        """Do it, and show how the rule stands afterwards."""
        deed(rule=self.rule(pk), at=timezone.now(), actor=actor_of(self.request), **given)
        return _shown(self.rule(pk))


class OneRule(_OneRule):
    """One rule."""

    @extend_schema(operation_id="rule", tags=_TAGS, responses={200: shapes.RuleSerializer, **_READS})
    def get(self, request: Request, pk: int) -> Response:
        """Tell what goes out, when, to whom, and in which words."""
        return _shown(self.rule(pk))

    @extend_schema(operation_id="rule_change", tags=_TAGS, request=shapes.RuleChangeIn, responses=_ONE)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is named; nobody gets again what they got by it. New words are for what comes after."""
        one = self.rule(pk)
        kept = said(kept_words(one))
        body = shapes.RuleChangeIn(instance=kept, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        stands = shapes.as_it_stands(one)
        when = {**stands["when"], **body.validated_data.get("when", {})}
        given = {**stands, **body.validated_data, "when": when}
        return self.do(
            pk,
            actions.change_rule,
            draft=shapes.draft_of(given, kind=one.kind),
            words=shapes.words_given(given, kept=kept),
            publish=given.get("publish", False),
        )

    @extend_schema(operation_id="rule_remove", tags=_TAGS, responses={204: None, **problems(401, 403, 404)})
    def delete(self, request: Request, pk: int) -> Response:
        """Remove it; what was sent stays in the ledger."""
        actions.remove_rule(rule=self.rule(pk), at=timezone.now(), actor=actor_of(request))
        return Response(status=204)


class RuleOn(_OneRule):
    """Switching a rule on."""

    @extend_schema(operation_id="rule_on", tags=_TAGS, request=None, responses=_SWITCHED)
    def post(self, request: Request, pk: int) -> Response:
        """Send by it from now on; a note needs words in use."""
        return self.do(pk, actions.switch_rule, enabled=True)


class RuleOff(_OneRule):
    """Switching a rule off."""

    @extend_schema(operation_id="rule_off", tags=_TAGS, request=None, responses=_SWITCHED)
    def post(self, request: Request, pk: int) -> Response:
        """Send nothing more by it; what has not begun to leave is taken back, what was sent stays."""
        return self.do(pk, actions.switch_rule, enabled=False)


class RuleDraftWords(_OneRule):
    """The words of a note that are being written."""

    @extend_schema(operation_id="rule_discard_draft", tags=_TAGS, request=None, responses=_ONE)
    def delete(self, request: Request, pk: int) -> Response:
        """Throw them away; those in use stay. Doing it again changes nothing."""
        return self.do(pk, actions.discard_words)


class RuleRecipients(_OneRule):
    """Who gets what a rule sends."""

    @extend_schema(
        operation_id="rule_recipients",
        tags=_TAGS,
        parameters=[shapes.RecipientsIn],
        responses={200: shapes.RecipientsSerializer, **_READS},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Tell for everybody at one event when they get it, or why not, as if the rule were on."""
        given, at = checked(shapes.RecipientsIn, request.query_params), timezone.now()
        found = plans_of(self.rule(pk))
        plan = shown_plan(found, event=given["event"], at=at)
        if given["event"] and (plan is None or plan.event.slug != given["event"]):
            raise NotFound(_("Nothing was found at this address."))
        window = plan.shared if plan else None
        rows = recipients(plan, at=at, after=given["after"], limit=given["page_size"]) if plan else []
        row = {
            "event": plan.event.slug if plan else None,
            "events": [one.event.slug for one in found],
            "opens_at": window.opens if window else None,
            "next_after": _last(rows, page_size=given["page_size"]),
            "results": rows,
        }
        return Response(shapes.RecipientsSerializer(row).data)


def _last(rows: list[Recipient], *, page_size: int) -> int | None:
    return rows[-1].registration if len(rows) == page_size else None


class RuleReading(_OneRule):
    """What a rule sends, as one person reads it."""

    permission_classes = [Organises]

    @extend_schema(
        operation_id="rule_reading",
        tags=_TAGS,
        parameters=[ReadingIn],
        responses={200: RenderedSerializer, **_READS},
    )
    def get(self, request: Request, pk: int, registration: int) -> Response:
        """Give the very mail, without addresses that only its reader may open; in use or not yet."""
        language = checked(ReadingIn, request.query_params)["language"]
        found = place_at(self.rule(pk), registration=registration)
        made = as_read_by(found[1], plan=found[0], language=language, at=timezone.now()) if found else None
        if made is None:
            raise NotFound(_("Nothing was found at this address."))
        return Response(RenderedSerializer(made).data)
