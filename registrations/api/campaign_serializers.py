"""What programs send and read about messages to many."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES
from backend.core.shapes import ExactSerializer, TextSerializer
from registrations.actions.campaign_words import words_of_each
from registrations.models import Campaign, CampaignRecipient, Registration
from registrations.queries.campaigns import Progress, is_old, progress_of_each, reasons_of
from registrations.rules.segments import ATTENDANCE, LIST_LIMIT, REASONS, SURVEY, Segment


def _some(child: serializers.Field[Any, Any, Any, Any], **kwargs: Any) -> serializers.ListField:  # noqa: ANN401 - the framework's own
    return serializers.ListField(child=child, max_length=LIST_LIMIT, **{"default": list, **kwargs})


class SegmentSerializer(ExactSerializer[Any]):
    """Whom a message is for. What is left empty chooses everybody; what is chosen must all be true."""

    events = _some(serializers.CharField(max_length=100), help_text="Slugs; the message is then about them.")
    states = _some(
        serializers.ChoiceField(choices=Registration.State.choices),
        default=lambda: list(Segment().states),
        help_text="Left out: those who have a place.",
    )
    attendance = _some(serializers.ChoiceField(choices=list(ATTENDANCE)))
    survey = serializers.ChoiceField(choices=list(SURVEY), allow_blank=True, default="")
    languages = _some(serializers.ChoiceField(choices=LANGUAGES))
    municipalities = _some(serializers.CharField(max_length=10), help_text="Official codes.")
    organisations = _some(serializers.CharField(max_length=200), help_text="Names, in capitals or not.")
    question = serializers.CharField(
        max_length=50,
        allow_blank=True,
        default="",
        help_text="Key of a question with options, or yes and no.",
    )
    options = _some(serializers.CharField(max_length=50), help_text="Keys of its options, or `yes`, `no`.")


class CampaignChangeIn(ExactSerializer[Any]):
    """What a message to many says, to whom and when; it may still be incomplete."""

    segment = SegmentSerializer(required=False, default=dict)
    subject = TextSerializer(required=False, default=dict)
    body = TextSerializer(
        required=False, default=dict, help_text="Markdown; `{name}` and the other placeholders of a note."
    )
    send_at = serializers.DateTimeField(
        required=False, default=None, allow_null=True, help_text="Null: a minute after sending."
    )


class CampaignIn(CampaignChangeIn):
    """A message to many, as a draft."""

    series = serializers.CharField(max_length=100)


class ProgressSerializer(serializers.Serializer[Progress]):
    """How far a message to many is: numbers of messages, from the ledger."""

    total = serializers.IntegerField()
    waiting = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Kept back by a pause.")
    sent = serializers.IntegerField()
    failed = serializers.IntegerField(help_text="Can be sent once more.")
    unclear = serializers.IntegerField(help_text="So can these, but somebody may get theirs twice.")
    not_sent = serializers.IntegerField()
    states = serializers.DictField(child=serializers.IntegerField())


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """One message to many, and how far it is."""

    series = serializers.CharField(source="series.slug")
    segment = SegmentSerializer()
    subject = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    undo_until = serializers.SerializerMethodField(help_text="Null when there is nothing to take back.")
    list_old = serializers.SerializerMethodField(help_text="The list has to be made anew before sending.")
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = (
            "id",
            "series",
            "state",
            "segment",
            "subject",
            "body",
            "send_at",
            "people",
            "list_old",
            "created_at",
            "pinned_at",
            "sent_at",
            "leaves_at",
            "finished_at",
            "undo_until",
            "progress",
        )
        read_only_fields = fields

    @extend_schema_field(TextSerializer)
    def get_subject(self, row: Campaign) -> dict[str, str]:
        """Give the subject line."""
        subject: dict[str, str] = self.context["words"][row.pk].subject.as_dict()
        return subject

    @extend_schema_field(TextSerializer)
    def get_body(self, row: Campaign) -> dict[str, str]:
        """Give the text."""
        body: dict[str, str] = self.context["words"][row.pk].body.as_dict()
        return body

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_undo_until(self, row: Campaign) -> str | None:
        """Tell until when everything can be taken back."""
        leaves, ahead = row.leaves_at, self.context["progress"][row.pk].undo_left
        return serializers.DateTimeField().to_representation(leaves) if leaves and ahead else None

    def get_list_old(self, row: Campaign) -> bool:
        """Tell whether it can be sent as it is."""
        return row.state in Campaign.EDITABLE and is_old(row, at=self.context["at"])

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, row: Campaign) -> Any:  # noqa: ANN401 - the framework's own
        """Count its messages."""
        return ProgressSerializer(self.context["progress"][row.pk]).data


class LeftOutSerializer(serializers.Serializer[Any]):
    """How many are not written to, for one reason."""

    reason = serializers.ChoiceField(choices=list(REASONS))
    sentence = serializers.CharField()
    people = serializers.IntegerField()


class OneCampaignSerializer(CampaignSerializer):
    """One message to many, with those who are left out and why."""

    left_out = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = (*CampaignSerializer.Meta.fields, "left_out")
        read_only_fields = fields

    @extend_schema_field(LeftOutSerializer(many=True))
    def get_left_out(self, row: Campaign) -> list[dict[str, Any]]:
        """Count them by reason."""
        return [
            {"reason": name, "sentence": str(REASONS[name]), "people": count}
            for name, count in reasons_of(row)
        ]


def standing(campaigns: Sequence[Campaign]) -> dict[str, Any]:
    """Find out for all of them what they say and how far they are, in two questions."""
    at = timezone.now()
    return {
        "at": at,
        "words": words_of_each(campaigns),
        "progress": progress_of_each(campaigns, at=at),
    }


class RecipientFilterIn(serializers.Serializer[Any]):
    """Which part of the list; without a reason, those who are written to."""

    reason = serializers.ChoiceField(choices=list(REASONS), required=False, default="", allow_blank=True)


class RecipientSerializer(serializers.ModelSerializer[CampaignRecipient]):
    """Somebody of the list as it was made; the name is null when the person has been removed since."""

    name = serializers.CharField(source="attendee.name", default=None, allow_null=True)
    email = serializers.CharField(source="attendee.email", default=None, allow_null=True)
    event = serializers.CharField(source="registration.event.slug", default=None, allow_null=True)
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES)
    reason = serializers.ChoiceField(
        choices=list(REASONS), allow_blank=True, help_text="Why nothing is sent; empty: it is."
    )

    class Meta:
        model = CampaignRecipient
        fields = ("id", "name", "email", "language", "event", "registration", "reason")
        read_only_fields = fields


class ReadingIn(serializers.Serializer[Any]):
    """In which language to read it."""

    language = serializers.ChoiceField(
        choices=LANGUAGES, required=False, default=None, help_text="Left out: that of the person."
    )


class RenderedSerializer(serializers.Serializer[Any]):
    """A mail as its reader gets it, but for the addresses that only they may open."""

    subject = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()


class NumberIn(ExactSerializer[Any]):
    """The number of people on the list, as somebody typed it who has looked at it."""

    number = serializers.IntegerField()


class AgainIn(ExactSerializer[Any]):
    """Which messages to send once more."""

    unclear = serializers.BooleanField(
        default=False,
        help_text="Not the failed ones, but those that may have arrived: some get theirs twice.",
    )


class AgainSerializer(serializers.Serializer[Any]):
    """How many messages are sent once more."""

    messages = serializers.IntegerField()
