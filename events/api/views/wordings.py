"""An organiser's own words in the mails of a series, for programs: kept, looked at, tried, taken into use."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.errors import NotFound
from backend.core.i18n import LANGUAGES, Text, _, current
from backend.core.shapes import ExactSerializer, TextSerializer, problems
from events.actions import wordings as actions
from events.api.permissions import ArrangesOnly, token_of
from events.api.views.organiser import actor_of, checked
from events.models import EventSeries
from events.policies import CHANGES
from events.queries import series_of
from notifications import kinds, wordings
from notifications.looking import sample_mail, samples_of
from notifications.models import Message, Wording
from notifications.wordings import Standing

_TAGS = ["organiser"]
_READS = problems(400, 401, 403, 404)
_WRITES = problems(400, 401, 403, 404, 422)
_TRIES = problems(400, 401, 403, 404, 422, 429)


class WordingIn(ExactSerializer[Any]):
    """What the mail says: Markdown with placeholders; it may still lack something."""

    subject = TextSerializer()
    body = TextSerializer()


class WordsSerializer(serializers.Serializer[Wording]):
    """One version of the words."""

    version = serializers.IntegerField()
    subject = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()

    @extend_schema_field(TextSerializer)
    def get_subject(self, row: Wording) -> dict[str, str]:
        """Give the subject line in each language."""
        return Text.of(row, "subject").as_dict()

    @extend_schema_field(TextSerializer)
    def get_body(self, row: Wording) -> dict[str, str]:
        """Give the text in each language."""
        return Text.of(row, "body").as_dict()


class WordsInForceSerializer(WordsSerializer):
    """The words that mails say now."""

    published_at = serializers.DateTimeField()


class WordsBeingWrittenSerializer(WordsSerializer):
    """The words being written, and what keeps them from being taken into use."""

    changed_at = serializers.DateTimeField()
    problems = serializers.SerializerMethodField(help_text="Sentences by field, such as `body.sv`.")

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_problems(self, row: Wording) -> dict[str, list[str]]:
        """Say everything that is wrong."""
        kind, subject, body = kinds.get(row.kind), Text.of(row, "subject"), Text.of(row, "body")
        return wordings.problems_of(kind, subject=subject, body=body)


class PlaceholderSerializer(serializers.Serializer[Any]):
    """Something the words may name."""

    written = serializers.CharField(help_text="As it is typed.")
    meaning = serializers.CharField()
    needed = serializers.BooleanField(help_text="Without it the words cannot be taken into use.")
    sample = serializers.CharField(help_text="What stands there in the preview, where it is a text.")


class StandingSerializer(serializers.Serializer[Any]):
    """Whose words a kind of mail says. Without any in force it says Vipu's."""

    kind = serializers.CharField()
    in_force = serializers.IntegerField(allow_null=True, help_text="The version.")
    draft = serializers.IntegerField(allow_null=True, help_text="The version being written.")


class WordingSerializer(serializers.Serializer[Any]):
    """The words of one kind of mail, and what they may name."""

    kind = serializers.CharField()
    in_force = WordsInForceSerializer(allow_null=True)
    draft = WordsBeingWrittenSerializer(allow_null=True)
    placeholders = PlaceholderSerializer(many=True)


class PreviewIn(serializers.Serializer[Any]):
    """In which language."""

    language = serializers.ChoiceField(
        choices=LANGUAGES, required=False, help_text="Left out: that of the request."
    )


class PreviewSerializer(serializers.Serializer[Any]):
    """A mail with made-up facts."""

    subject = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()
    own = serializers.BooleanField(help_text="False: in Vipu's words, since there are no others that fit.")


class TriedSerializer(serializers.ModelSerializer[Message]):
    """The test mail that is on its way."""

    class Meta:
        model = Message
        fields = ("id", "recipient", "language")
        read_only_fields = fields


_EXAMPLE = OpenApiExample(
    "A reminder",
    request_only=True,
    value={
        "subject": {"fi": "Huomenna: {event}", "sv": "I morgon: {event}", "en": "Tomorrow: {event}"},
        "body": {
            "fi": "Hei {name}!\n\n{when}\n\n{manage}",
            "sv": "Hej {name}!\n\n{when}\n\n{manage}",
            "en": "Hello {name}!\n\n{when}\n\n{manage}",
        },
    },
)


class _OfSeries(APIView):
    """Something about the words of a series."""

    permission_classes = [ArrangesOnly]

    def series(self, pk: int) -> EventSeries:
        """Find a series that the person organises."""
        return series_of(self.request.user, pk, roles=CHANGES, token=token_of(self.request))

    def found(self, pk: int, kind: str) -> tuple[EventSeries, kinds.Kind]:
        """Find it, and a kind of mail whose words may be one's own."""
        series = self.series(pk)
        for one in kinds.wordable():
            if one.key == kind:
                return series, one
        raise NotFound(_("There is no message of this kind."))


class Wordings(_OfSeries):
    """The words of a series."""

    @extend_schema(
        operation_id="own_series_wordings",
        tags=_TAGS,
        responses={200: StandingSerializer(many=True), **_READS},
    )
    def get(self, request: Request, pk: int) -> Response:
        """List the kinds of mail that can say an organiser's own words, and which of them do."""
        standing = wordings.standings(actions.scope_of(self.series(pk)))
        rows = [
            {
                "kind": kind.key,
                "in_force": stands.in_force and stands.in_force.version,
                "draft": stands.draft and stands.draft.version,
            }
            for kind in kinds.wordable()
            for stands in [standing.get(kind.key, Standing())]
        ]
        return Response(StandingSerializer(rows, many=True).data)


def _shown(series: EventSeries, kind: kinds.Kind) -> Response:
    scope = actions.scope_of(series)
    needed = kinds.essential_to(kind)
    placeholders = [
        {"written": one.written, "meaning": one.meaning, "needed": one in needed, "sample": sample}
        for one, sample in samples_of(kind, language=current())
    ]
    row = {
        "kind": kind.key,
        "in_force": wordings.in_force(scope, kind.key),
        "draft": wordings.draft_of(scope, kind.key),
        "placeholders": placeholders,
    }
    return Response(WordingSerializer(row).data)


class OneWording(_OfSeries):
    """The words of one kind of mail."""

    @extend_schema(
        operation_id="own_series_wording", tags=_TAGS, responses={200: WordingSerializer, **_READS}
    )
    def get(self, request: Request, pk: int, kind: str) -> Response:
        """Give the words in force and those being written, and what they may name."""
        return _shown(*self.found(pk, kind))

    @extend_schema(
        operation_id="own_series_wording_keep",
        tags=_TAGS,
        request=WordingIn,
        examples=[_EXAMPLE],
        responses={200: WordingSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int, kind: str) -> Response:
        """Keep what is being written, whatever it still lacks; mails stay as they are."""
        series, one = self.found(pk, kind)
        given = checked(WordingIn, request)
        actions.keep_words(series=series, kind=one.key, at=timezone.now(), **given)
        return _shown(series, one)

    @extend_schema(operation_id="own_series_wording_discard", tags=_TAGS, responses={204: None, **_READS})
    def delete(self, request: Request, pk: int, kind: str) -> Response:
        """Throw away what is being written; mails stay as they are."""
        series, one = self.found(pk, kind)
        actions.discard_draft(series=series, kind=one.key, at=timezone.now(), actor=actor_of(request))
        return Response(status=204)


class WordingPreview(_OfSeries):
    """A mail as it would be read."""

    @extend_schema(
        operation_id="own_series_wording_preview",
        tags=_TAGS,
        parameters=[PreviewIn],
        responses={200: PreviewSerializer, **_READS},
    )
    def get(self, request: Request, pk: int, kind: str) -> Response:
        """Make a mail of this kind with made-up facts, in the words that were kept last."""
        series, one = self.found(pk, kind)
        asked = PreviewIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        kept = wordings.kept_last(actions.scope_of(series), one.key)
        made = sample_mail(one, kept, language=asked.validated_data.get("language", current()))
        row = {"subject": made.subject, "text": made.text, "html": made.html}
        return Response(PreviewSerializer({**row, "own": made.wording_id is not None}).data)


class TestWording(_OfSeries):
    """Trying the words on oneself."""

    @extend_schema(
        operation_id="own_series_wording_test",
        tags=_TAGS,
        request=PreviewIn,
        responses={202: TriedSerializer, **_TRIES},
    )
    def post(self, request: Request, pk: int, kind: str) -> Response:
        """Send oneself a mail with made-up facts, marked as a test, in the words that were kept last."""
        series, one = self.found(pk, kind)
        language = checked(PreviewIn, request).get("language", current())
        message = actions.try_kept_words(
            series=series, kind=one.key, language=language, at=timezone.now(), actor=actor_of(request)
        )
        return Response(TriedSerializer(message).data, status=202)


class PublishWording(_OfSeries):
    """Taking words into use."""

    @extend_schema(
        operation_id="own_series_wording_publish",
        tags=_TAGS,
        request=None,
        responses={200: WordingSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int, kind: str) -> Response:
        """Let every mail of this kind say what was kept; refused with everything that is wrong, by field."""
        series, one = self.found(pk, kind)
        actions.use_kept_words(series=series, kind=one.key, at=timezone.now(), actor=actor_of(request))
        return _shown(series, one)


class WithdrawWording(_OfSeries):
    """Going back to Vipu's words."""

    @extend_schema(
        operation_id="own_series_wording_withdraw",
        tags=_TAGS,
        request=None,
        responses={200: WordingSerializer, **_READS},
    )
    def post(self, request: Request, pk: int, kind: str) -> Response:
        """Let the mails say Vipu's own words again; twice is once."""
        series, one = self.found(pk, kind)
        actions.use_vipus_words(series=series, kind=one.key, at=timezone.now(), actor=actor_of(request))
        return _shown(series, one)
