"""What reviewers send and see."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.core.shapes import TextSerializer
from catalogue import queries
from catalogue.api.serializers.own import ReviewSerializer
from catalogue.api.serializers.public import OriginSerializer, PlaceSerializer, ThemeSerializer
from catalogue.models import Assessment, PracticeVersion, Review


class SubmissionRowSerializer(serializers.ModelSerializer[PracticeVersion]):
    """A version sent for review, in a list."""

    version = serializers.IntegerField(source="number")
    title = TextSerializer()
    summary = TextSerializer()
    themes = ThemeSerializer(source="practice.themes", many=True)
    municipalities = PlaceSerializer(source="practice.municipalities", many=True)
    came_from = OriginSerializer(source="practice.came_from", allow_null=True)

    class Meta:
        model = PracticeVersion
        fields: ClassVar = [
            "id",
            "version",
            "state",
            "title",
            "summary",
            "themes",
            "municipalities",
            "came_from",
            "submitted_at",
            "decided_at",
        ]


class SubmissionSerializer(SubmissionRowSerializer):
    """A version sent for review, with everything a reviewer reads."""

    description = TextSerializer()
    results = TextSerializer()
    effects = TextSerializer()
    scaling = TextSerializer()
    dimensions = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField(source="practice.language")
    years = serializers.CharField(source="practice.years")
    owner_name = serializers.CharField(source="practice.owner_name")
    owner_email = serializers.CharField(source="practice.owner_email")
    reviews = ReviewSerializer(many=True)
    earlier_reviews = serializers.SerializerMethodField()

    class Meta(SubmissionRowSerializer.Meta):
        fields: ClassVar = [
            *SubmissionRowSerializer.Meta.fields,
            "description",
            "results",
            "effects",
            "scaling",
            "dimensions",
            "partners",
            "stage",
            "language",
            "years",
            "owner_name",
            "owner_email",
            "reviews",
            "earlier_reviews",
        ]

    @extend_schema_field(ReviewSerializer(many=True))
    def get_earlier_reviews(self, version: PracticeVersion) -> object:
        """Tell what was said of the versions before this one."""
        return ReviewSerializer(queries.earlier_reviews(version), many=True).data


class JudgementSerializer(serializers.Serializer[Any]):
    """One criterion's level and why."""

    level = serializers.ChoiceField(choices=Assessment.Level.choices)
    reason = serializers.CharField(allow_blank=True, default="")


class DecisionSerializer(serializers.Serializer[Any]):
    """A decision on a submission; publishing needs every criterion assessed with its reason."""

    decision = serializers.ChoiceField(choices=Review.Decision.choices)
    assessments = serializers.DictField(
        child=JudgementSerializer(), default=dict, help_text="By the key of the criterion."
    )
    message = serializers.CharField(allow_blank=True, default="", help_text="To the submitter.")

    @property
    def judgements(self) -> dict[str, tuple[str, str]]:
        """The assessments as the action takes them."""
        given = self.validated_data["assessments"]
        return {key: (judgement["level"], judgement["reason"]) for key, judgement in given.items()}
