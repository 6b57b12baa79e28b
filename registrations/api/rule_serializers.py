"""What programs send and read about the messages that go out by themselves."""

from collections.abc import Collection, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES
from backend.core.shapes import ExactSerializer, TextSerializer
from events.models import Event
from notifications.wordings import Standing
from registrations.actions.campaign_words import Words
from registrations.actions.rule_words import kept_in, said, standing_of_each
from registrations.models import MessageRule, Registration
from registrations.queries.automatic import LOOKED_AT
from registrations.rules import FURTHEST_DAYS, FURTHEST_MINUTES, NAME_LIMIT, RuleDraft, Verdict, When

_LIMIT = 100
STATES = [state for state in Registration.State.values if state in LOOKED_AT]


def _some(child: serializers.Field[Any, Any, Any, Any], **kwargs: Any) -> serializers.ListField:  # noqa: ANN401 - the framework's own
    return serializers.ListField(child=child, max_length=_LIMIT, **{"default": list, **kwargs})


class WhenSerializer(ExactSerializer[When]):
    """The moment, counted from the anchor: less than nought is before it.

    Whole days by the clock of the place, at `clock` where it is given; or minutes as they pass.
    """

    days = serializers.IntegerField(default=0, min_value=-FURTHEST_DAYS, max_value=FURTHEST_DAYS)
    clock = serializers.TimeField(default=None, allow_null=True)
    minutes = serializers.IntegerField(default=0, min_value=-FURTHEST_MINUTES, max_value=FURTHEST_MINUTES)


class RuleChangeIn(ExactSerializer[Any]):
    """What goes out, when, to whom, and what becomes of the late. A list that is empty asks nothing."""

    name = serializers.CharField(
        max_length=NAME_LIMIT, allow_blank=True, default="", help_text="A note must have one."
    )
    event = serializers.CharField(
        max_length=100, allow_blank=True, default="", help_text="Slug; empty: every event of the series."
    )
    anchor = serializers.ChoiceField(choices=MessageRule.Anchor.choices, default=MessageRule.Anchor.START)
    when = WhenSerializer()
    states = _some(
        serializers.ChoiceField(choices=STATES),
        default=lambda: list(Registration.COMES),
        help_text="A reminder is for those who have a place only.",
    )
    languages = _some(serializers.ChoiceField(choices=LANGUAGES))
    modes = _some(serializers.ChoiceField(choices=Event.Mode.choices))
    attendance = serializers.ChoiceField(
        choices=MessageRule.Attendance.choices,
        allow_blank=True,
        default="",
        help_text="For notes after the start. Marks count for two weeks: it is sent when they are made.",
    )
    question = serializers.CharField(
        max_length=50,
        allow_blank=True,
        default="",
        help_text="Key of a question with options, or yes and no.",
    )
    answers = _some(serializers.CharField(max_length=50), help_text="Keys of its options, or `yes`, `no`.")
    late = serializers.ChoiceField(
        choices=MessageRule.Late.choices,
        default=MessageRule.Late.SEND,
        help_text="`confirmation` is for reminders only.",
    )
    late_minutes = serializers.IntegerField(default=0, min_value=0, max_value=FURTHEST_MINUTES)
    subject = TextSerializer(required=False, help_text="Of a note; a reminder says what the series says.")
    body = TextSerializer(
        required=False, help_text="Markdown; `{name}` and the other placeholders of a note."
    )
    publish = serializers.BooleanField(
        default=False, help_text="Take the words into use; all three languages must be there."
    )


class RuleIn(RuleChangeIn):
    """A rule to be made; a note is off until its words are in use and it is switched on."""

    series = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(choices=MessageRule.Kind.choices, default=MessageRule.Kind.REMINDER)


def draft_of(given: Mapping[str, Any], *, kind: str) -> RuleDraft:
    """Describe the rule that was sent."""
    return RuleDraft(
        kind=kind,
        name=given["name"].strip(),
        event=given["event"],
        anchor=given["anchor"],
        when=When(**given["when"]),
        states=frozenset(given["states"]),
        languages=frozenset(given["languages"]),
        modes=frozenset(given["modes"]),
        attendance=given["attendance"],
        question=given["question"],
        answers=frozenset(given["answers"]),
        late=given["late"],
        late_minutes=given["late_minutes"],
    )


def as_it_stands(rule: MessageRule) -> dict[str, Any]:
    """Give a rule as it would be sent, for a change that names only some of it."""
    names = (
        "name",
        "anchor",
        "states",
        "languages",
        "modes",
        "attendance",
        "answers",
        "late",
        "late_minutes",
    )
    return {
        **{name: getattr(rule, name) for name in names},
        "event": rule.event.slug if rule.event else "",
        "question": rule.question.key if rule.question else "",
        "when": {"days": rule.days, "clock": rule.clock, "minutes": rule.minutes},
    }


def words_given(given: Mapping[str, Any], *, kept: Words) -> Words | None:
    """Give the words that were sent, beside those that stand; None when none were."""
    if "subject" not in given and "body" not in given:
        return None
    return Words(subject=given.get("subject", kept.subject), body=given.get("body", kept.body))


class RuleSerializer(serializers.ModelSerializer[MessageRule]):
    """One rule, and the words of a note as they were kept last."""

    series = serializers.CharField(source="series.slug")
    event = serializers.CharField(source="event.slug", default="")
    when = WhenSerializer()
    states = serializers.ListField(child=serializers.ChoiceField(choices=STATES))
    languages = serializers.ListField(child=serializers.ChoiceField(choices=LANGUAGES))
    modes = serializers.ListField(child=serializers.ChoiceField(choices=Event.Mode.choices))
    question = serializers.CharField(source="question.key", default="")
    answers = serializers.ListField(child=serializers.CharField())
    subject = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField(
        help_text="`series`: a reminder's; `draft`: none are in use; `changed`: others than these are in use."
    )

    class Meta:
        model = MessageRule
        fields = (
            *("id", "series", "kind", "name", "event", "anchor", "when", "states", "languages", "modes"),
            *("attendance", "question", "answers", "late", "late_minutes", "enabled"),
            *("subject", "body", "words", "made_at", "changed_at"),
        )
        read_only_fields = fields

    @extend_schema_field(TextSerializer)
    def get_subject(self, row: MessageRule) -> dict[str, str]:
        """Give the subject line."""
        subject: dict[str, str] = said(kept_in(self._standing(row))).subject.as_dict()
        return subject

    @extend_schema_field(TextSerializer)
    def get_body(self, row: MessageRule) -> dict[str, str]:
        """Give the text."""
        body: dict[str, str] = said(kept_in(self._standing(row))).body.as_dict()
        return body

    @extend_schema_field(serializers.ChoiceField(choices=["series", "none", "draft", "changed", "in_use"]))
    def get_words(self, row: MessageRule) -> str:
        """Tell whose words it says, and whether they are in use."""
        stands = self._standing(row)
        if row.kind != MessageRule.Kind.NOTE:
            return "series"
        if stands.in_force:
            return "changed" if stands.draft else "in_use"
        return "draft" if stands.draft else "none"

    def _standing(self, row: MessageRule) -> Standing:
        standing: Standing = self.context["standing"][row.pk]
        return standing


def standing(rules: Collection[MessageRule]) -> dict[str, Any]:
    """Find out for all of them what they say, in one question."""
    return {"standing": standing_of_each(rules)}


class RecipientsIn(serializers.Serializer[Any]):
    """At which event, and which part of the list."""

    event = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=100, help_text="Left out: the next one."
    )
    after = serializers.IntegerField(
        required=False, default=0, min_value=0, help_text="`next_after` of the page before."
    )
    page_size = serializers.IntegerField(
        required=False, default=200, min_value=1, max_value=1000, help_text="How many people at once."
    )


class WhoGetsItSerializer(serializers.Serializer[Any]):
    """Somebody, and what the rule does for them, by the same question that the sending asks."""

    registration = serializers.IntegerField()
    attendee = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES)
    moment = serializers.DateTimeField(help_text="When it goes out, if it does.")
    verdict = serializers.ChoiceField(
        choices=[one.value for one in Verdict],
        help_text="`due` and `ahead` get it, `unmarked` once they are marked so; the others tell why not.",
    )
    handled_at = serializers.DateTimeField(allow_null=True, help_text="When the rule was done with them.")


class RecipientsSerializer(serializers.Serializer[Any]):
    """Who gets the message of a rule at one event and when, and who does not and why."""

    event = serializers.CharField(allow_null=True, help_text="Null: no event is there for this rule.")
    events = serializers.ListField(child=serializers.CharField(), help_text="All it counts for.")
    opens_at = serializers.DateTimeField(allow_null=True, help_text="Null: everybody has their own moment.")
    next_after = serializers.IntegerField(allow_null=True, help_text="Null: this page is the last.")
    results = WhoGetsItSerializer(many=True)
