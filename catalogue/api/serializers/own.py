"""What the holder of a draft's link sends and sees."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES, _
from backend.core.shapes import TextSerializer
from catalogue import rules
from catalogue.api.serializers.public import AssessmentSerializer, OriginSerializer
from catalogue.models import PracticeVersion, Review
from catalogue.queries import OwnDraft
from catalogue.rules import DraftTexts


class WrittenSerializer(serializers.Serializer[Any]):
    """A text in the languages it is written in; a language that is not named stays as it was."""

    fi = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    sv = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    en = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)

    def to_internal_value(self, data: object) -> object:
        """Refuse a language this service does not speak rather than lose the text."""
        if isinstance(data, Mapping) and (unknown := sorted(set(map(str, data)) - set(LANGUAGES))):
            raise serializers.ValidationError(
                {key: [_("Write in Finnish, Swedish or English.")] for key in unknown}
            )
        return super().to_internal_value(data)


class DraftInSerializer(serializers.Serializer[Any]):
    """What changed in the draft; what is not named stays as it was."""

    title = WrittenSerializer(required=False)
    summary = WrittenSerializer(required=False)
    description = WrittenSerializer(required=False)
    results = WrittenSerializer(required=False)
    effects = WrittenSerializer(required=False)
    scaling = WrittenSerializer(required=False)
    partners = serializers.CharField(required=False, allow_blank=True)
    years = serializers.CharField(required=False, allow_blank=True)
    stage = serializers.ChoiceField(
        required=False, allow_blank=True, choices=[stage for stage in rules.STAGES if stage]
    )
    dimensions = serializers.ListField(
        required=False, child=serializers.ChoiceField(choices=list(rules.DIMENSIONS)), max_length=10
    )
    themes = serializers.ListField(required=False, child=serializers.SlugField(), max_length=20)
    municipalities = serializers.ListField(
        required=False, child=serializers.RegexField(r"^\d{3}$"), max_length=50
    )
    owner_name = serializers.CharField(required=False, allow_blank=True)
    show_name = serializers.BooleanField(required=False)
    may_publish = serializers.BooleanField(required=False)

    def texts(self) -> DraftTexts:
        """Give what was sent as the action takes it."""
        return DraftTexts(**self.validated_data)


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """What was decided, with the grounds."""

    version = serializers.IntegerField(source="version.number")
    assessments = AssessmentSerializer(many=True)

    class Meta:
        model = Review
        fields: ClassVar = ["version", "decision", "message", "assessments", "decided_at"]


class SectionSerializer(serializers.Serializer[Any]):
    """How far one part of the draft has come."""

    key = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in rules.SectionState])


class DraftSerializer(serializers.Serializer[OwnDraft]):
    """A practice as its owner sees it."""

    state = serializers.ChoiceField(choices=PracticeVersion.State.choices, source="version.state")
    version = serializers.IntegerField(source="version.number")
    editable = serializers.BooleanField()
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, source="practice.language")
    title = TextSerializer(source="version.title")
    summary = TextSerializer(source="version.summary")
    description = TextSerializer(source="version.description")
    results = TextSerializer(source="version.results")
    effects = TextSerializer(source="version.effects")
    scaling = TextSerializer(source="version.scaling")
    partners = serializers.CharField(source="version.partners")
    years = serializers.CharField(source="practice.years")
    stage = serializers.CharField(source="version.stage")
    dimensions = serializers.ListField(child=serializers.CharField(), source="version.dimensions")
    themes = serializers.SerializerMethodField()
    municipalities = serializers.SerializerMethodField()
    owner_name = serializers.CharField(source="practice.owner_name")
    show_name = serializers.BooleanField(source="practice.show_name")
    may_publish = serializers.SerializerMethodField()
    came_from = OriginSerializer(source="practice.came_from", allow_null=True)
    published_slug = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    sections = serializers.SerializerMethodField()
    review = ReviewSerializer(allow_null=True)

    def get_themes(self, draft: OwnDraft) -> list[str]:
        """The keys of its themes."""
        return [theme.key for theme in draft.practice.themes.all()]

    def get_municipalities(self, draft: OwnDraft) -> list[str]:
        """The codes of its municipalities."""
        return [place.code for place in draft.practice.municipalities.all()]

    def get_may_publish(self, draft: OwnDraft) -> bool:
        """Whether the owner has allowed publishing."""
        return draft.practice.permission_at is not None

    def get_published_slug(self, draft: OwnDraft) -> str | None:
        """Where the published practice stands, if it does."""
        return draft.practice.slug if draft.practice.published is not None else None

    def get_missing(self, draft: OwnDraft) -> dict[str, str]:
        """What to write before sending, by field."""
        return {name: str(sentence) for name, sentence in draft.missing.items()}

    def get_sections(self, draft: OwnDraft) -> list[dict[str, str]]:
        """How far each part has come."""
        return [
            {"key": section.key, "name": str(section.name), "state": state.value}
            for section, state in draft.sections
        ]
