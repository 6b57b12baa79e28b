"""What an organiser reads and sends: the rows being worked on, drafts included."""

from typing import Any

from rest_framework import serializers

from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES
from backend.core.shapes import TextSerializer
from events import rules
from events.actions import SpeakerPart
from events.api.fields import Moment
from events.api.serializers import ChangeSerializer, ItemSerializer
from events.models import Event, EventSeries, ProgrammeVersion, Session, SessionSpeaker, Speaker


class OwnSeriesSerializer(serializers.ModelSerializer[EventSeries]):
    """A series as its organiser edits it."""

    organisation = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    title = TextSerializer()
    lead = TextSerializer()
    organisers = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True)
    source_url = serializers.CharField(allow_blank=True)

    class Meta:
        model = EventSeries
        fields = (
            "id",
            "slug",
            "organisation",
            "title",
            "lead",
            "organisers",
            "contact_email",
            "timezone",
            "state",
            "source_url",
            "created_at",
        )
        read_only_fields = ("id", "slug", "timezone", "state", "created_at")


class OwnEventSerializer(serializers.ModelSerializer[Event]):
    """An event as its organiser edits it; a new time here moves it and its programme."""

    series = serializers.PrimaryKeyRelatedField[EventSeries](read_only=True)
    title = TextSerializer()
    description = TextSerializer()
    place = TextSerializer()
    cancel_reason = TextSerializer(read_only=True)
    join_url = serializers.CharField(allow_blank=True)
    starts_at = Moment()
    ends_at = Moment()
    timezone = serializers.CharField(source="series.timezone", read_only=True)

    class Meta:
        model = Event
        fields = (
            "id",
            "series",
            "slug",
            "kind",
            "title",
            "description",
            "starts_at",
            "ends_at",
            "timezone",
            "mode",
            "place",
            "join_url",
            "link_policy",
            "language",
            "accent",
            "state",
            "cancel_reason",
            "moved_from",
        )
        read_only_fields = ("id", "slug", "state", "moved_from")


class MoveSerializer(serializers.Serializer[Any]):
    """A new time for an event."""

    starts_at = Moment()
    ends_at = Moment()


class CancelSerializer(serializers.Serializer[Any]):
    """Why an event is not held; shown to everybody."""

    reason = TextSerializer()


class ReleaseSerializer(serializers.Serializer[Any]):
    """Whether those who have a place are told."""

    notify = serializers.BooleanField(default=False)


class VersionSerializer(serializers.ModelSerializer[ProgrammeVersion]):
    """A released programme."""

    event = serializers.IntegerField(source="event_id")
    changes = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = ProgrammeVersion
        fields = ("event", "number", "released_at", "changes")
        read_only_fields = fields


class WarningSerializer(serializers.Serializer[rules.Warning]):
    """Something that looks wrong in the programme; nothing is refused for it."""

    clash = serializers.ChoiceField(choices=[clash.value for clash in rules.Clash])
    sessions = serializers.ListField(child=serializers.IntegerField(), source="session_ids")
    speaker = serializers.CharField()


class OwnProgrammeSerializer(serializers.Serializer[Any]):
    """The programme being worked on, what a release would change, and what looks wrong."""

    items = ItemSerializer(many=True)
    changes = ChangeSerializer(many=True)
    warnings = WarningSerializer(many=True)
    released = serializers.IntegerField(allow_null=True, help_text="Number of the version people see.")


class OwnPartSerializer(serializers.Serializer[Any]):
    """A speaker as typed, with the title and organisation they have now."""

    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True, default="")
    organisation = serializers.CharField(allow_blank=True, default="")

    def to_internal_value(self, data: Any) -> SpeakerPart:  # noqa: ANN401 - whatever was sent
        """Read it as the action takes it; in a PATCH of the item a speaker is still a whole one."""
        given = super().to_internal_value(data)
        if "name" not in given:
            raise serializers.ValidationError({"name": [self.fields["name"].error_messages["required"]]})
        return SpeakerPart(**given)

    def to_representation(self, instance: SessionSpeaker) -> dict[str, str]:
        """Write the part."""
        return {
            "name": instance.speaker.name,
            "title": instance.title,
            "organisation": instance.organisation,
        }


class OwnSessionSerializer(serializers.ModelSerializer[Session]):
    """An item of the programme being worked on."""

    event = serializers.IntegerField(source="event_id", read_only=True)
    kind = serializers.ChoiceField(choices=Session.Kind.choices, default=Session.Kind.TALK)
    title = TextSerializer()
    abstract = TextSerializer(required=False)
    starts_at = Moment(allow_null=True, required=False)
    ends_at = Moment(allow_null=True, required=False)
    minutes = serializers.IntegerField(allow_null=True, required=False)
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, allow_blank=True, required=False)
    municipality = serializers.CharField(
        source="municipality_code", allow_null=True, required=False, max_length=3
    )
    speakers = OwnPartSerializer(source="parts", many=True, required=False)
    block = serializers.IntegerField(source="block_id", allow_null=True, required=False)

    class Meta:
        model = Session
        fields = (
            "id",
            "event",
            "block",
            "position",
            "kind",
            "title",
            "abstract",
            "starts_at",
            "ends_at",
            "minutes",
            "language",
            "municipality",
            "speakers",
        )
        read_only_fields = ("id", "position")


class EventNumberSerializer(serializers.Serializer[Any]):
    """The event that an item is added to; its clock decides how the rest is read."""

    event = serializers.IntegerField()


class NewSessionSerializer(OwnSessionSerializer):
    """An item to be added, and the event it is added to."""

    event = serializers.IntegerField(source="event_id")


class ReorderSerializer(serializers.Serializer[Any]):
    """One step up (-1) or down (+1)."""

    step = serializers.ChoiceField(choices=(-1, 1))


class OwnSpeakerSerializer(serializers.ModelSerializer[Speaker]):
    """A speaker of one's own programmes."""

    bio = TextSerializer()
    language = serializers.ChoiceField(
        choices=LANGUAGE_CHOICES, allow_blank=True, read_only=True, help_text="Empty: that of the event."
    )
    shared = serializers.BooleanField(
        read_only=True,
        help_text="Another organisation presents them too: email and language are left empty then.",
    )

    class Meta:
        model = Speaker
        fields = ("id", "slug", "name", "bio", "source_url", "email", "language", "shared")
        read_only_fields = ("id", "slug", "name", "source_url", "email", "language")

    def to_representation(self, instance: Speaker) -> dict[str, Any]:
        """Leave out where a speaker is invited when it may be another organisation that knows it."""
        shown = super().to_representation(instance)
        return {**shown, "email": "", "language": ""} if shown["shared"] else shown


class ContactSerializer(serializers.Serializer[Any]):
    """Where a speaker is invited, and in which language; empty: nowhere, and that of the event."""

    email = serializers.CharField(max_length=1000, allow_blank=True, trim_whitespace=False)
    language = serializers.ChoiceField(choices=LANGUAGES, allow_blank=True, default="")
