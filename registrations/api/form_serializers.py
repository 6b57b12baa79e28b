"""What programs read of the form of a series, in the three languages."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.core.shapes import TextSerializer
from registrations.models import ConsentText, Option, Question


class AnswerOptionSerializer(serializers.ModelSerializer[Option]):
    """One of the answers that may be chosen."""

    label = TextSerializer()  # type: ignore[assignment]  # named like an option of every field

    class Meta:
        model = Option
        fields = ("key", "label")


class ConditionSerializer(serializers.Serializer[Any]):
    """The question is asked only when another one was answered like this."""

    question = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())


class AskedQuestionSerializer(serializers.ModelSerializer[Question]):
    """One question: what is asked, of whom and how it is answered."""

    event = serializers.CharField(source="event.slug", default=None, allow_null=True)
    label = TextSerializer()  # type: ignore[assignment]  # named like an option of every field
    help = TextSerializer()
    special = serializers.ChoiceField(
        choices=Question.Special.choices, help_text="Such answers are sealed and removed after the event."
    )
    options = AnswerOptionSerializer(many=True)
    condition = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = ("key", "event", "kind", "label", "help", "required", "special", "options", "condition")

    @extend_schema_field(ConditionSerializer(allow_null=True))
    def get_condition(self, question: Question) -> dict[str, Any] | None:
        """Name the question this one hangs on."""
        if question.condition is None:
            return None
        return {"question": question.condition.key, "values": question.condition_values}


class ConsentTextSerializer(serializers.ModelSerializer[ConsentText]):
    """One thing people may agree to; never required, never ticked beforehand."""

    text = TextSerializer()

    class Meta:
        model = ConsentText
        fields = ("purpose", "version", "text")


class FormSerializer(serializers.Serializer[Any]):
    """Everything a series asks beside name and address."""

    questions = AskedQuestionSerializer(many=True)
    consents = ConsentTextSerializer(many=True)
