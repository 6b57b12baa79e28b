"""What is kept of a programme: the working draft in rows, each release as a frozen version."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Municipality, Organisation, User
from backend.core.dates import HELSINKI
from backend.core.i18n import LANGUAGE_CHOICES, Text, _
from backend.core.links import new_seed


class EventSeries(models.Model):
    """Several events with one page, one registration form and one calendar feed."""

    class State(models.TextChoices):
        """Whether the public sees it."""

        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="series")
    slug = models.SlugField(max_length=80, unique=True)
    title_fi = models.CharField(max_length=200)
    title_sv = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    lead_fi = models.TextField(blank=True)
    lead_sv = models.TextField(blank=True)
    lead_en = models.TextField(blank=True)
    organisers = models.CharField(max_length=300, blank=True)  # as the announcement names them
    contact_email = models.EmailField(blank=True)
    timezone = models.CharField(max_length=40, default=HELSINKI)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    source_url = models.URLField(max_length=500, blank=True)  # where a loaded series was read
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]
        verbose_name_plural = "event series"

    def __str__(self) -> str:
        return self.title_fi

    @property
    def title(self) -> Text:
        """The name of the series."""
        return Text.of(self, "title")

    @property
    def lead(self) -> Text:
        """What the series is, in a sentence or two."""
        return Text.of(self, "lead")


class Event(models.Model):
    """One theme day, workshop, sparring or webinar."""

    class Kind(models.TextChoices):
        """What sort of gathering it is."""

        THEME_DAY = "theme_day", _("theme day")
        WORKSHOP = "workshop", _("workshop")
        SPARRING = "sparring", _("sparring")
        NETWORK_MEETING = "network_meeting", _("network meeting")
        WEBINAR = "webinar", _("webinar")
        STUDY_TRIP = "study_trip", _("study trip")

    class State(models.TextChoices):
        """Whether the public sees it and whether it is held."""

        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("called off")

    class Mode(models.TextChoices):
        """Where it is held."""

        ONLINE = "online", _("online")
        ON_SITE = "on_site", _("on site")
        HYBRID = "hybrid", _("on site and online")

    class LinkPolicy(models.TextChoices):
        """When those who have a place are told the joining link."""

        AT_ONCE = "at_once", _("at once")
        DAY_BEFORE = "day_before", _("on the day before")

    class Accent(models.TextChoices):
        """The colour, icon and word of a theme; never the colour alone."""

        NONE = "", _("none")
        NATURE = "nature", _("nature")
        PARTICIPATION = "participation", _("participation")
        DIGITAL = "digital", _("digital")
        BUILDING = "building", _("building")

    series = models.ForeignKey(EventSeries, on_delete=models.PROTECT, related_name="events")
    slug = models.SlugField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.THEME_DAY)
    title_fi = models.CharField(max_length=200)
    title_sv = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    description_fi = models.TextField(blank=True)
    description_sv = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    clock = models.CharField(max_length=70, blank=True, db_default="", editable=False)  # see ``clocks``
    when_note_fi = models.CharField(
        max_length=100, blank=True
    )  # "syksy 2021": the clock times are not known,
    when_note_sv = models.CharField(max_length=100, blank=True)  # starts_at and ends_at only bound the period
    when_note_en = models.CharField(max_length=100, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ONLINE)
    place_fi = models.CharField(max_length=200, blank=True)
    place_sv = models.CharField(max_length=200, blank=True)
    place_en = models.CharField(max_length=200, blank=True)
    join_url = models.URLField(max_length=500, blank=True)
    link_policy = models.CharField(max_length=12, choices=LinkPolicy, default=LinkPolicy.AT_ONCE)
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="fi")
    accent = models.CharField(max_length=20, choices=Accent, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    cancel_reason_fi = models.CharField(max_length=500, blank=True)
    cancel_reason_sv = models.CharField(max_length=500, blank=True)
    cancel_reason_en = models.CharField(max_length=500, blank=True)
    moved_from = models.DateTimeField(null=True, blank=True)  # the start people knew before the last move
    sequence = models.PositiveIntegerField(default=0)  # of the public calendar entry, RFC 5545 3.8.7.4
    changed_at = models.DateTimeField(null=True, blank=True)  # when that entry last got another content
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_fi} {self.starts_at:%Y-%m-%d}"

    @property
    def title(self) -> Text:
        """The theme of the day."""
        return Text.of(self, "title")

    @property
    def description(self) -> Text:
        """What the day is about."""
        return Text.of(self, "description")

    @property
    def place(self) -> Text:
        """Where people come to, for events on site."""
        return Text.of(self, "place")

    @property
    def when_note(self) -> Text:
        """What is known of the time when the clock times are not."""
        return Text.of(self, "when_note")

    @property
    def cancel_reason(self) -> Text:
        """Why it is not held."""
        return Text.of(self, "cancel_reason")


class Session(models.Model):
    """An item of the programme being worked on; the public sees only released versions."""

    class Kind(models.TextChoices):
        """What happens during the item."""

        MARKER = "marker", _("start or end")
        OPENING = "opening", _("opening")
        TALK = "talk", _("talk")
        PRACTICE = "practice", _("practice")
        COMMENT = "comment", _("commentary")
        PANEL = "panel", _("panel")
        DISCUSSION = "discussion", _("discussion")
        BREAK = "break", _("break")
        BLOCK = "block", _("block")
        PARALLEL = "parallel", _("parallel")
        CLOSING = "closing", _("closing")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    block = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TALK)
    title_fi = models.CharField(max_length=200, blank=True)
    title_sv = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    abstract_fi = models.TextField(blank=True)
    abstract_sv = models.TextField(blank=True)
    abstract_en = models.TextField(blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # instead of an end, or of both times
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, blank=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True)
                | Q(starts_at__isnull=True)
                | Q(ends_at__gte=F("starts_at")),
                name="session_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(minutes__isnull=True), name="session_end_or_minutes"
            ),
            models.CheckConstraint(
                condition=~Q(title_fi="", title_sv="", title_en=""), name="session_has_a_title"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        """What the item is called, in the languages it has been told in."""
        return Text.of(self, "title")

    @property
    def abstract(self) -> Text:
        """What the item is about."""
        return Text.of(self, "abstract")


class Speaker(models.Model):
    """A person who speaks; title and organisation belong to each part, as they were then."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, blank=True)  # for organisers and invitations, never public
    language = models.CharField(
        max_length=2, choices=LANGUAGE_CHOICES, blank=True
    )  # of mails; empty: the event's
    bio_fi = models.TextField(blank=True)
    bio_sv = models.TextField(blank=True)
    bio_en = models.TextField(blank=True)
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def bio(self) -> Text:
        """Who the speaker is."""
        return Text.of(self, "bio")


class SessionSpeaker(models.Model):
    """A speaker's part in a session, with the title and organisation as of then."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="parts")
    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="parts")
    title = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "speaker"], name="speaker_once_in_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.session}"


class SpeakerEntry(models.Model):
    """The entry of one part in a speaker's own calendar, and what the speaker answered.

    Like the entries of those who register: ``uid`` never changes, ``sequence`` rises with what was told,
    ``link_seed`` makes the address for answers. It stays when its session is gone, to be cancelled.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="speaker_entries")
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="entries")
    email = models.EmailField(max_length=254)  # who was invited
    uid = models.CharField(max_length=255, unique=True)
    link_seed = models.CharField(max_length=32, default=new_seed)
    answerable = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    last_method = models.CharField(max_length=10)
    stamped_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=500, blank=True)
    attends = models.CharField(max_length=12, blank=True)  # PARTSTAT, RFC 5545 3.2.12
    comment = models.CharField(max_length=500, blank=True)
    proposed_start = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    reply_stamped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        verbose_name_plural = "speaker entries"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "speaker"],
                condition=Q(last_method="REQUEST"),
                name="one_invitation_for_a_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} #{self.sequence}"


class ProgrammeVersion(models.Model):
    """A released programme of one event: numbered, frozen, with what changed since the one before."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="programme_versions")
    number = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    items = models.JSONField()  # events.programme.Item as dictionaries, in order
    changes = models.JSONField(default=list)  # events.programme.Change as dictionaries

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "number"], name="programme_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event} v{self.number}"
