"""What programs send and read about registrations."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from accounts.models import Municipality
from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES
from backend.core.shapes import TextSerializer
from events.models import Event
from events.templates import TEMPLATES
from notifications.models import Message
from registrations.models import Quota, Registration
from registrations.queries import Availability, Place
from registrations.queries.desk import STATES
from registrations.rules import WHY_WAITING, Person, State

_STATES = sorted(State.__value__.__args__)
_RESULTS = ("confirmed", "waiting", "received", "told_by_mail", "full")


def _line(**kwargs: Any) -> serializers.CharField:  # noqa: ANN401 - the framework's own
    """Take a text as typed: what is wrong with it is said by the rules, in the same words as on the page."""
    return serializers.CharField(**{"allow_blank": True, "default": "", "trim_whitespace": False, **kwargs})


class ColleagueIn(serializers.Serializer[Any]):
    """Somebody registered along with the person: with a place, a link and mails of their own."""

    name = _line()
    email = _line()
    organisation = _line(help_text="Left out: the organisation of the person who registers.")
    language = serializers.ChoiceField(choices=LANGUAGES, default="fi")

    @staticmethod
    def person(given: Mapping[str, str]) -> Person:
        """Give one of them as the action takes it."""
        return Person(**{name: given[name] for name in ("name", "email", "organisation", "language")})


class RegistrationIn(serializers.Serializer[Any]):
    """A person and the events they choose, by their slugs."""

    name = _line()
    email = _line()
    organisation = _line()
    municipality = _line(help_text="Official code, or name in Finnish or Swedish.")
    role = _line()
    language = serializers.ChoiceField(choices=LANGUAGES, default="fi")
    wish = _line(help_text="A wish or question to the organiser.")
    code = _line(max_length=2000, help_text="Code of an invitation; each person of a group needs one.")
    events = serializers.ListField(child=serializers.CharField(max_length=100), default=list, max_length=100)
    colleagues = ColleagueIn(many=True, required=False, default=list)
    answers = serializers.DictField(
        default=dict, help_text="Answers by the key of the question, see the form of the series."
    )
    consents = serializers.ListField(
        child=serializers.CharField(max_length=50),
        default=list,
        max_length=50,
        help_text="Purposes of the consents that are given.",
    )

    def person(self) -> Person:
        """Give the person as the action takes it."""
        given = self.validated_data
        return Person(
            **{name: given[name] for name in ("name", "email", "organisation", "municipality")},
            **{name: given[name] for name in ("role", "language", "wish")},
        )

    def colleagues_given(self) -> list[Person]:
        """Give those who are registered along."""
        return [ColleagueIn.person(one) for one in self.validated_data["colleagues"]]


class ResultSerializer(serializers.Serializer[Any]):
    """What a submission got, or would get."""

    event = serializers.CharField()
    state = serializers.ChoiceField(choices=_RESULTS)
    person = serializers.IntegerField(
        required=False, help_text="Of a group: 0 is the person, 1 the first of the colleagues."
    )


class RegisteredSerializer(serializers.Serializer[Any]):
    """The neutral answer: the same for an address that was known and for a new one."""

    results = ResultSerializer(many=True)
    receipt = serializers.CharField(help_text="The last part of the address of the receipt page.")


class AvailabilitySerializer(serializers.Serializer[Availability]):
    """The places of one event."""

    event = serializers.CharField()
    state = serializers.ChoiceField(choices=_STATES)
    capacity = serializers.IntegerField(allow_null=True)
    places_left = serializers.IntegerField(allow_null=True)
    waiting = serializers.IntegerField()
    mode = serializers.ChoiceField(choices=Quota.Mode.choices, help_text="Who may ask for a place.")


class SeriesAvailabilitySerializer(serializers.Serializer[Any]):
    """When registration is open, and the places of each event in order of time."""

    opens_at = serializers.DateTimeField(allow_null=True)
    events = AvailabilitySerializer(many=True)


class OwnPlaceSerializer(serializers.Serializer[Place]):
    """Where a person stands in one event."""

    event = serializers.CharField(source="event.slug")
    title = TextSerializer(source="event.title")
    starts_at = serializers.DateTimeField(source="event.starts_at")
    ends_at = serializers.DateTimeField(source="event.ends_at")
    state = serializers.ChoiceField(choices=Registration.State.choices, source="registration.state")
    position = serializers.IntegerField(allow_null=True, help_text="Place in line; 1 is the next.")
    why = serializers.ChoiceField(
        choices=list(WHY_WAITING),
        allow_null=True,
        help_text="Why somebody who waits has no place yet.",
    )
    offer_expires_at = serializers.DateTimeField(
        source="registration.offer_expires_at",
        allow_null=True,
        help_text="The first moment that is too late to accept an offer.",
    )
    restorable_until = serializers.DateTimeField(
        source="registration.restorable_until",
        allow_null=True,
        help_text="Until when a place that was just cancelled is kept.",
    )
    message = serializers.ChoiceField(
        choices=Message.State.choices,
        source="message.state",
        default=None,
        allow_null=True,
        help_text="How far the newest mail about it has come.",
    )


class OwnRegistrationSerializer(serializers.Serializer[Any]):
    """What the holder of a manage link sees."""

    series = serializers.CharField()
    name = serializers.CharField()
    email = serializers.EmailField()
    organisation = serializers.CharField()
    municipality = serializers.CharField(allow_null=True)
    role = serializers.CharField()
    language = serializers.ChoiceField(choices=LANGUAGES)
    wish = serializers.CharField()
    answers = serializers.DictField(help_text="Own answers by the key of the question.")
    consents = serializers.ListField(child=serializers.CharField(), help_text="Purposes that stand.")
    places = OwnPlaceSerializer(many=True)


class OwnChangeSerializer(serializers.Serializer[Any]):
    """What to change, any of it: all the events to come to, the language, all answers, all consents."""

    events = serializers.ListField(child=serializers.CharField(max_length=100), max_length=100)
    language = serializers.ChoiceField(choices=LANGUAGES)
    code = _line(max_length=2000, help_text="Code of an invitation, for events by invitation.")
    answers = serializers.DictField(help_text="All the answers; what is left out is taken back.")
    consents = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=50, help_text="All that shall stand."
    )


class RegistrationSerializer(serializers.ModelSerializer[Registration]):
    """One registration as the organiser's desk lists it."""

    series = serializers.CharField(source="event.series.slug")
    event = serializers.CharField(source="event.slug")
    name = serializers.CharField(source="attendee.name")
    email = serializers.EmailField(source="attendee.email")
    organisation = serializers.CharField(source="attendee.organisation")
    municipality = serializers.PrimaryKeyRelatedField[Municipality](
        source="attendee.municipality", read_only=True, allow_null=True
    )
    role = serializers.CharField(source="attendee.role")
    language = serializers.ChoiceField(source="attendee.language", choices=LANGUAGE_CHOICES)
    wish = serializers.CharField(source="attendee.wish")
    may_change_until = serializers.DateTimeField(
        source="attendee.may_change_until", allow_null=True, help_text="A later deadline for this person."
    )

    class Meta:
        model = Registration
        fields = (
            "id",
            "series",
            "event",
            "state",
            "waiting_number",
            "cancelled_by",
            "attended",
            "attended_at",
            "came",
            "registered_at",
            "state_changed_at",
            "name",
            "email",
            "organisation",
            "municipality",
            "role",
            "language",
            "wish",
            "may_change_until",
        )
        read_only_fields = fields


def slug_asked(help_text: str) -> serializers.CharField:
    """Make a way to narrow a list by a slug; left out, it narrows nothing."""
    return serializers.CharField(
        required=False, default="", allow_blank=True, max_length=100, help_text=help_text
    )


class OfSeriesIn(serializers.Serializer[Any]):
    """How a list of what belongs to series is narrowed."""

    series = slug_asked("Slug of a series.")


class FilterIn(OfSeriesIn):
    """How a list of registrations is narrowed."""

    q = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=200,
        help_text="Part of a name, an address or an organisation.",
    )
    event = slug_asked("Slug of an event.")
    state = serializers.ChoiceField(choices=sorted(STATES), required=False, default="", allow_blank=True)


class MessageFilterIn(serializers.Serializer[Any]):
    """How a list of messages is narrowed."""

    series = slug_asked("Slug: what was told about the series and about its events.")
    event = slug_asked("Slug of an event.")
    campaign = serializers.IntegerField(
        required=False, default=0, min_value=0, help_text="Number of a message to many: those to its people."
    )
    state = serializers.ChoiceField(
        choices=Message.State.choices, required=False, default="", allow_blank=True
    )


class AttendanceSerializer(serializers.Serializer[Any]):
    """Whether somebody came; null takes the mark off."""

    attended = serializers.BooleanField(allow_null=True)


class MessageSerializer(serializers.ModelSerializer[Message]):
    """One row of the ledger: what was told to whom, and whether it arrived. Never the contents."""

    class Meta:
        model = Message
        extra_kwargs = {
            "subject": {"help_text": "Whom or what it is about, such as `registration:12` or `attendee:7`."},
            "audience": {"help_text": "Whose ledger it is in: `event:3` or `series:2`."},
            "recipient": {"help_text": "The address it goes to."},
            "headline": {"help_text": "The subject line; empty until it is made, shortly before it leaves."},
        }
        fields = (
            "id",
            "kind",
            "subject",
            "audience",
            "channel",
            "recipient",
            "language",
            "headline",
            "state",
            "not_before",
            "created_at",
            "state_changed_at",
            "attempts_made",
        )
        read_only_fields = fields


class NewSeriesSerializer(serializers.Serializer[Any]):
    """A series to be set up from a template."""

    template = serializers.ChoiceField(choices=sorted(TEMPLATES))
    organisation = serializers.CharField(
        required=False, help_text="Slug; needed only by those who organise for several."
    )
    title = TextSerializer()
    first_day = serializers.DateField()
    slug = serializers.CharField(max_length=80)


class EventOfNewSeriesSerializer(serializers.ModelSerializer[Event]):
    """One event of a series just set up."""

    title = TextSerializer()

    class Meta:
        model = Event
        fields = ("id", "slug", "title", "starts_at", "ends_at")
        read_only_fields = fields


class SeriesMadeSerializer(serializers.Serializer[Any]):
    """The draft that was made."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    events = EventOfNewSeriesSerializer(many=True)


class CapacityIn(serializers.Serializer[Any]):
    """How many places an event has."""

    capacity = serializers.IntegerField()


class CapacitySerializer(serializers.Serializer[Any]):
    """The places of an event, after those who waited were let in."""

    capacity = serializers.IntegerField()
    taken = serializers.IntegerField()
    waiting = serializers.IntegerField()
