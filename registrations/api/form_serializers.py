"""What programs read and write of the form of a series, in the three languages."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.core.i18n import Text
from backend.core.shapes import TextSerializer
from registrations.models import ConsentText, Option, Question
from registrations.rules import OptionDraft, QuestionDraft


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


class OwnQuestionSerializer(AskedQuestionSerializer):
    """One question as its organiser sees it."""

    answered = serializers.SerializerMethodField(
        help_text="Somebody has answered: the kind stays, and the question is retired rather than deleted."
    )

    class Meta:
        model = Question
        fields = (*AskedQuestionSerializer.Meta.fields, "answered")

    def get_answered(self, question: Question) -> bool:
        """Tell whether there are answers."""
        return question.pk in self.context["answered"]


class OwnFormSerializer(serializers.Serializer[Any]):
    """Everything a series asks now, for its organiser."""

    questions = OwnQuestionSerializer(many=True)
    consents = ConsentTextSerializer(many=True)


class OptionIn(serializers.Serializer[Any]):
    """One answer to choose; an option that is there keeps its key, one without a key is new."""

    key = serializers.CharField(max_length=50, default="", allow_blank=True)
    label = TextSerializer()  # type: ignore[assignment]  # named like an option of every field


class ConditionIn(serializers.Serializer[Any]):
    """Ask only when an earlier question was answered like this: keys of options, or "yes" or "no"."""

    question = serializers.CharField(max_length=50)
    values = serializers.ListField(child=serializers.CharField(max_length=50), max_length=100)


class QuestionIn(serializers.Serializer[Any]):
    """A question as it is to be asked."""

    kind = serializers.ChoiceField(choices=Question.Kind.choices)
    label = TextSerializer()  # type: ignore[assignment]  # named like an option of every field
    help = TextSerializer(default=Text)
    required = serializers.BooleanField(default=False)  # type: ignore[assignment]  # as above
    special = serializers.ChoiceField(choices=Question.Special.choices, default="", allow_blank=True)
    options = OptionIn(many=True, default=list)
    condition = ConditionIn(default=None, allow_null=True)

    def draft(self) -> QuestionDraft:
        """Give the question as the action takes it."""
        given = self.validated_data
        on = given["condition"]
        return QuestionDraft(
            **{name: given[name] for name in ("kind", "label", "help", "required", "special")},
            options=[OptionDraft(**one) for one in given["options"]],
            condition=on["question"] if on else "",
            condition_values=on["values"] if on else (),
        )


class NewQuestionIn(QuestionIn):
    """A question, and the one event it is about; null: asked once, of everybody in the series."""

    event = serializers.CharField(max_length=100, default=None, allow_null=True)


class OrderIn(serializers.Serializer[Any]):
    """The keys of all questions that are asked now, in their new order."""

    keys = serializers.ListField(child=serializers.CharField(max_length=50), max_length=100)


class ConsentIn(serializers.Serializer[Any]):
    """What people may agree to; never required and never ticked beforehand."""

    text = TextSerializer()


class CopyIn(serializers.Serializer[Any]):
    """The series whose form is taken over, by its slug."""

    source = serializers.CharField(max_length=100)  # type: ignore[assignment]  # the word for it


class CopiedSerializer(OwnFormSerializer):
    """How many questions and consents were new, and the form as it is asked now."""

    copied = serializers.IntegerField()
