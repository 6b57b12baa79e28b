"""What the public catalogue looks like to programs. The address of a person is in no shape here."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Municipality
from backend.core.shapes import TextSerializer
from catalogue import queries
from catalogue.models import (
    Alliance,
    Assessment,
    CriteriaSet,
    Criterion,
    Practice,
    Story,
    Theme,
)
from events.models import Event


class PlaceSerializer(serializers.ModelSerializer[Municipality]):
    """A municipality."""

    name = TextSerializer()

    class Meta:
        model = Municipality
        fields: ClassVar = ["code", "name"]


class ThemeSerializer(serializers.ModelSerializer[Theme]):
    """A theme."""

    name = TextSerializer()

    class Meta:
        model = Theme
        fields: ClassVar = ["key", "name"]


class OriginSerializer(serializers.ModelSerializer[Event]):
    """The event a practice came from or was presented at."""

    title = TextSerializer()
    series = serializers.CharField(source="series.slug")

    class Meta:
        model = Event
        fields: ClassVar = ["slug", "series", "title", "starts_at"]


class PracticeRowSerializer(serializers.ModelSerializer[Practice]):
    """A practice in a list."""

    title = TextSerializer(source="published.title")
    summary = TextSerializer(source="published.summary")
    stage = serializers.CharField(source="published.stage")
    themes = ThemeSerializer(many=True)
    municipalities = PlaceSerializer(many=True)
    published_at = serializers.DateTimeField(source="published.decided_at", allow_null=True)

    class Meta:
        model = Practice
        fields: ClassVar = [
            "slug",
            "title",
            "summary",
            "themes",
            "municipalities",
            "label",
            "stage",
            "years",
            "published_at",
        ]


class CriterionSerializer(serializers.ModelSerializer[Criterion]):
    """One criterion."""

    name = TextSerializer()
    meaning = TextSerializer()

    class Meta:
        model = Criterion
        fields: ClassVar = ["key", "name", "meaning", "source_url"]


class CriteriaSerializer(serializers.ModelSerializer[CriteriaSet]):
    """A set of criteria."""

    name = TextSerializer()
    criteria = CriterionSerializer(many=True)

    class Meta:
        model = CriteriaSet
        fields: ClassVar = ["key", "version", "name", "criteria"]


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """How far one criterion is met, and why."""

    criterion = serializers.CharField(source="criterion.key")
    name = TextSerializer(source="criterion.name")

    class Meta:
        model = Assessment
        fields: ClassVar = ["criterion", "name", "level", "reason"]


class PracticeSerializer(PracticeRowSerializer):
    """A practice with all that is public of it."""

    description = TextSerializer(source="published.description")
    results = TextSerializer(source="published.results")
    effects = TextSerializer(source="published.effects")
    scaling = TextSerializer(source="published.scaling")
    dimensions = serializers.ListField(child=serializers.CharField(), source="published.dimensions")
    partners = serializers.CharField(source="published.partners")
    version = serializers.IntegerField(source="published.number")
    contact_name = serializers.SerializerMethodField()
    came_from = OriginSerializer(allow_null=True)
    presented_at = serializers.SerializerMethodField()
    assessments = serializers.SerializerMethodField()

    class Meta(PracticeRowSerializer.Meta):
        fields: ClassVar = [
            *PracticeRowSerializer.Meta.fields,
            "description",
            "results",
            "effects",
            "scaling",
            "dimensions",
            "partners",
            "version",
            "contact_name",
            "came_from",
            "presented_at",
            "assessments",
            "source_url",
        ]

    def get_contact_name(self, practice: Practice) -> str:
        """Name the owner only where they let their name be shown."""
        return practice.owner_name if practice.show_name else ""

    @extend_schema_field(OriginSerializer(many=True))
    def get_presented_at(self, practice: Practice) -> object:
        """Name the events it was told of at."""
        events = [presentation.session.event for presentation in queries.presentations_of(practice)]
        return OriginSerializer(events, many=True).data

    @extend_schema_field(AssessmentSerializer(many=True))
    def get_assessments(self, practice: Practice) -> object:
        """Tell how each criterion was judged; empty when nobody has assessed it."""
        return AssessmentSerializer(queries.assessments_of(practice.published), many=True).data


class AllianceSerializer(serializers.ModelSerializer[Alliance]):
    """An alliance of municipalities."""

    name = TextSerializer()
    summary = TextSerializer()
    members = PlaceSerializer(many=True)

    class Meta:
        model = Alliance
        fields: ClassVar = ["slug", "name", "summary", "members", "member_count", "source_url"]


class StorySerializer(serializers.ModelSerializer[Story]):
    """A story told elsewhere."""

    title = TextSerializer()
    summary = TextSerializer()

    class Meta:
        model = Story
        fields: ClassVar = ["slug", "title", "summary", "published_on", "source_url"]
