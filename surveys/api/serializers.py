"""What surveys look like to programs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.core.i18n import LANGUAGE_CHOICES, Text
from backend.core.shapes import TextSerializer
from surveys.models import Invitation, Question, Response, Survey
from surveys.queries import QuestionResult, Results


class OptionSerializer(serializers.Serializer[Any]):
    """One option of a question."""

    key = serializers.CharField()
    text = TextSerializer()


class QuestionSerializer(serializers.ModelSerializer[Question]):
    """A question and how it may be answered."""

    text = TextSerializer()
    low = TextSerializer()
    high = TextSerializer()
    options = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields: ClassVar = ["key", "kind", "text", "low", "high", "options", "required"]

    @extend_schema_field(OptionSerializer(many=True))
    def get_options(self, question: Question) -> object:
        """List what may be chosen."""
        options = [{"key": one["key"], "text": Text.from_dict(one)} for one in question.options]
        return OptionSerializer(options, many=True).data


class OwnSurveySerializer(serializers.ModelSerializer[Invitation]):
    """A survey as the invited person sees it."""

    event = serializers.CharField(source="survey.event.slug")
    title = TextSerializer(source="survey.event.title")
    starts_at = serializers.DateTimeField(source="survey.event.starts_at")
    closes_at = serializers.DateTimeField(source="survey.closes_at")
    answered = serializers.BooleanField()
    questions = QuestionSerializer(source="survey.questions", many=True)

    class Meta:
        model = Invitation
        fields: ClassVar = ["event", "title", "starts_at", "closes_at", "language", "answered", "questions"]


class AnswersSerializer(serializers.Serializer[Any]):
    """The answers, by the key of the question; what is left out was not answered.

    Scales take a number, text a string, choices a key or a list of keys, and a practice to tell
    ``{"title", "summary", "municipality", "may_contact"}``.
    """

    answers = serializers.DictField(child=serializers.JSONField(allow_null=True))
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False)


class ReceiptSerializer(serializers.ModelSerializer[Response]):
    """What was taken."""

    practice_draft = serializers.SerializerMethodField(
        help_text="Whether a draft of a practice was opened; its link comes by mail."
    )

    class Meta:
        model = Response
        fields: ClassVar = ["submitted_at", "language", "practice_draft"]

    def get_practice_draft(self, response: Response) -> bool:
        """Whether a draft was opened."""
        return response.practice_id is not None


class SurveyRowSerializer(serializers.ModelSerializer[Survey]):
    """A survey of one's own event, counted."""

    event = serializers.CharField(source="event.slug")
    series = serializers.CharField(source="event.series.slug")
    title = TextSerializer(source="event.title")
    invited = serializers.IntegerField(read_only=True)
    answered = serializers.IntegerField(read_only=True)

    class Meta:
        model = Survey
        fields: ClassVar = ["event", "series", "title", "opens_at", "closes_at", "invited", "answered"]


class SendSerializer(serializers.Serializer[Any]):
    """Which event to ask about now."""

    event = serializers.SlugField()


class TallySerializer(serializers.Serializer[Any]):
    """How many chose one option or one point."""

    key = serializers.CharField()
    count = serializers.IntegerField()


class LeadSerializer(serializers.Serializer[Any]):
    """A practice somebody told of."""

    title = serializers.CharField()
    summary = serializers.CharField()
    municipality = serializers.CharField()
    may_contact = serializers.BooleanField()


class QuestionResultSerializer(serializers.Serializer[QuestionResult]):
    """What was answered to one question."""

    key = serializers.CharField(source="question.key")
    kind = serializers.CharField(source="question.kind")
    text = TextSerializer(source="question.text")
    answered = serializers.IntegerField()
    tallies = TallySerializer(many=True)
    mean = serializers.FloatField(allow_null=True)
    recommend = serializers.IntegerField(allow_null=True, help_text="Promoters minus detractors, per cent.")
    texts = serializers.ListField(child=serializers.CharField())
    leads = LeadSerializer(many=True)


class ResultsSerializer(serializers.Serializer[Results]):
    """What came back from one event."""

    event = serializers.CharField(source="survey.event.slug")
    opens_at = serializers.DateTimeField(source="survey.opens_at")
    closes_at = serializers.DateTimeField(source="survey.closes_at")
    invited = serializers.IntegerField()
    answered = serializers.IntegerField()
    questions = QuestionResultSerializer(many=True)
