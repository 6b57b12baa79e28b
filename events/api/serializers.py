"""What the public reads about series, events, programmes and speakers."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Municipality
from backend.core.shapes import TextSerializer
from events import queries
from events.models import Event, EventSeries, Session, Speaker
from events.programme import Change, ChangeKind, Item, Part, Programme


class PartSerializer(serializers.Serializer[Part]):
    """A speaker in an item, with the title and organisation as of then."""

    slug = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    organisation = serializers.CharField()


class ItemSerializer(serializers.Serializer[Item]):
    """One line of a programme. Approximate times follow from durations."""

    session = serializers.IntegerField(source="session_id")
    kind = serializers.ChoiceField(choices=Session.Kind.choices)
    title = TextSerializer()
    abstract = TextSerializer()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    approximate = serializers.BooleanField()
    language = serializers.CharField()
    municipality = serializers.CharField(source="municipality_code", allow_null=True)
    block = serializers.IntegerField(source="block_id", allow_null=True)
    speakers = PartSerializer(many=True)


class ChangeSerializer(serializers.Serializer[Change]):
    """One line of the change log."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ChangeKind])
    session = serializers.IntegerField(source="session_id", allow_null=True)
    title = TextSerializer()
    old_starts_at = serializers.DateTimeField(allow_null=True)
    starts_at = serializers.DateTimeField(allow_null=True)
    fields_changed = serializers.ListField(child=serializers.CharField(), source="fields")


class ProgrammeSerializer(serializers.Serializer[Programme]):
    """A released programme and what changed since the one before."""

    number = serializers.IntegerField()
    released_at = serializers.DateTimeField()
    items = ItemSerializer(many=True)
    changes = ChangeSerializer(many=True)


class EventBriefSerializer(serializers.ModelSerializer[Event]):
    """An event as a series lists it."""

    title = TextSerializer()
    timezone = serializers.CharField(source="series.timezone")

    class Meta:
        model = Event
        fields: tuple[str, ...] = ("slug", "title", "starts_at", "ends_at", "timezone", "state")
        read_only_fields = fields


class SeriesSerializer(serializers.ModelSerializer[EventSeries]):
    """A series with its events in order of time."""

    title = TextSerializer()
    lead = TextSerializer()
    organisation = TextSerializer(source="organisation.name")
    events = EventBriefSerializer(source="public_events", many=True)

    class Meta:
        model = EventSeries
        fields = (
            "slug",
            "title",
            "lead",
            "organisation",
            "organisers",
            "contact_email",
            "timezone",
            "state",
            "source_url",
            "events",
        )
        read_only_fields = fields


class EventListedSerializer(EventBriefSerializer):
    """An event as the list of all events shows it; the joining link is never public."""

    series = serializers.SlugRelatedField[EventSeries](slug_field="slug", read_only=True)
    description = TextSerializer()
    mode = serializers.ChoiceField(
        choices=Event.Mode.choices, allow_blank=True, help_text="Empty: not known, of some events long past."
    )
    place = TextSerializer()
    when_note = TextSerializer(help_text="What is known of the time when the clock times are not.")
    cancel_reason = TextSerializer()

    class Meta(EventBriefSerializer.Meta):
        fields = (
            *EventBriefSerializer.Meta.fields,
            "series",
            "kind",
            "description",
            "mode",
            "place",
            "language",
            "accent",
            "when_note",
            "cancel_reason",
            "moved_from",
            "source_url",
        )
        read_only_fields = fields


class EventSerializer(EventListedSerializer):
    """An event with the programme people see; null means that it is published later."""

    programme = serializers.SerializerMethodField()

    class Meta(EventListedSerializer.Meta):
        fields = (*EventListedSerializer.Meta.fields, "programme")
        read_only_fields = fields

    @extend_schema_field(ProgrammeSerializer(allow_null=True))
    def get_programme(self, event: Event) -> dict[str, Any] | None:
        """Read the released programme."""
        programme = queries.released_programme(event)
        return ProgrammeSerializer(programme).data if programme else None


class EventProgrammeSerializer(EventBriefSerializer):
    """An event of a series with the programme people see; null means that it is published later."""

    programme = serializers.SerializerMethodField()

    class Meta(EventBriefSerializer.Meta):
        fields = (*EventBriefSerializer.Meta.fields, "programme")
        read_only_fields = fields

    @extend_schema_field(ProgrammeSerializer(allow_null=True))
    def get_programme(self, event: Event) -> dict[str, Any] | None:
        """Look it up among those read for the whole series."""
        programme = self.context["programmes"].get(event.pk)
        return ProgrammeSerializer(programme).data if programme else None


class SeriesProgrammeSerializer(serializers.Serializer[Any]):
    """The programmes of all events of a series."""

    series = serializers.CharField()
    events = EventProgrammeSerializer(many=True)


class SpeakerPartSerializer(serializers.Serializer[Any]):
    """What a speaker does in one event."""

    event = serializers.CharField()
    session = TextSerializer()
    title = serializers.CharField()
    organisation = serializers.CharField()


class SpeakerSerializer(serializers.ModelSerializer[Speaker]):
    """A speaker of a released programme."""

    bio = TextSerializer()
    parts = serializers.SerializerMethodField()

    class Meta:
        model = Speaker
        fields = ("slug", "name", "bio", "source_url", "parts")
        read_only_fields = fields

    @extend_schema_field(SpeakerPartSerializer(many=True))
    def get_parts(self, speaker: Speaker) -> Sequence[dict[str, Any]]:
        """Look them up among those read for the whole page."""
        parts = self.context["parts"].get(speaker.slug, ())
        return list(SpeakerPartSerializer(parts, many=True).data)


class MunicipalitySerializer(serializers.ModelSerializer[Municipality]):
    """A municipality; one that has ended names its successor."""

    name = TextSerializer()
    region = serializers.SerializerMethodField()
    successor = serializers.CharField(source="successor_id", allow_null=True)

    class Meta:
        model = Municipality
        fields = (
            "code",
            "name",
            "region",
            "languages",
            "size_group",
            "valid_from",
            "valid_to",
            "successor",
        )
        read_only_fields = fields

    @extend_schema_field(TextSerializer)
    def get_region(self, row: Municipality) -> dict[str, str]:
        """Write the region as each language does; English uses the Finnish name."""
        return {"fi": row.region_fi, "sv": row.region_sv, "en": row.region_fi}
