"""What is kept of those who come; the promises about places are constraints here."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from accounts.models import Municipality
from backend.core.i18n import LANGUAGE_CHOICES, _
from backend.core.links import Linked, digest, token_for
from events.models import Event, EventSeries


class RegistrationForm(models.Model):
    """The hours at which one may register for a series; closes_at is the first moment that is too late."""

    series = models.OneToOneField(EventSeries, on_delete=models.CASCADE, related_name="registration_form")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)  # None: each event closes on its own

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="form_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"form of {self.series}"


class Quota(models.Model):
    """The places of one event. An event without a quota takes no registrations.

    ``taken`` counts confirmed and offered places and changes only by one conditional UPDATE. Lowering
    ``capacity`` below ``taken`` sets ``hard_cap`` to ``taken``, so the CHECK never blocks an organiser and
    still proves that nothing was oversold.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="quota")
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    hard_cap = models.PositiveIntegerField()
    last_waiting_number = models.PositiveIntegerField(default=0)
    has_waiting_list = models.BooleanField(default=True)
    closes_at = models.DateTimeField()  # the first moment that is too late to register, change or cancel

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(taken__lte=F("hard_cap")), name="quota_never_oversold"),
            models.CheckConstraint(
                condition=Q(hard_cap__gte=F("capacity")), name="quota_cap_covers_capacity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taken}/{self.capacity} {self.event}"


class Attendee(Linked):
    """A person in one series. The link by mail is the only key to it.

    The calendar feed has a token of its own, from the same seed: an address given to a calendar program
    shows the times of the places and changes nothing.
    """

    link_purpose = "manage"
    feed_purpose = "feed"

    feed_hash = models.CharField(max_length=64, unique=True, editable=False)

    series = models.ForeignKey(EventSeries, on_delete=models.CASCADE, related_name="attendees")
    email = models.EmailField(max_length=254)  # as typed, the address that is mailed
    email_key = models.CharField(max_length=254)  # core.text.email_key: by which one person is recognised
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    wish = models.TextField(blank=True)  # a wish or question to the organiser
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "email_key"], name="one_person_in_a_series"),
        ]

    def __str__(self) -> str:
        return f"attendee {self.pk}"  # never a name in a log line

    @property
    def feed_token(self) -> str:
        """The token of the person's own calendar feed."""
        return token_for(self.feed_purpose, self.link_seed)

    def with_link(self) -> Self:
        """Fill in the stored hashes of a row about to be created."""
        self.feed_hash = digest(self.feed_token)
        return super().with_link()


class Registration(models.Model):
    """One attendee's place, or place in line, at one event. Coming back after cancelling makes a new row."""

    class State(models.TextChoices):
        """Where the registration stands."""

        CONFIRMED = "confirmed", _("confirmed")
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("offered")
        CANCELLED = "cancelled", _("cancelled")
        DECLINED = "declined", _("declined")

    class CancelledBy(models.TextChoices):
        """Who gave the place up."""

        NOBODY = "", _("nobody")
        ATTENDEE = "attendee", _("attendee")
        ORGANISER = "organiser", _("organiser")
        EVENT = "event", _("the event was called off")

    ACTIVE: ClassVar = [State.CONFIRMED, State.WAITING, State.OFFERED]
    HOLDS_A_PLACE: ClassVar = [State.CONFIRMED, State.OFFERED]

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="registrations")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    state = models.CharField(max_length=10, choices=State)
    waiting_number = models.PositiveIntegerField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=10, choices=CancelledBy, blank=True)
    registered_at = models.DateTimeField()
    state_changed_at = models.DateTimeField()
    attended = models.BooleanField(null=True, blank=True)  # None: not marked

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attendee", "event"],
                condition=Q(state__in=["confirmed", "waiting", "offered"]),
                name="one_place_for_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waiting_number__isnull=False), name="waiting_has_a_number"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["event", "state", "waiting_number"], name="registration_line")
        ]

    def __str__(self) -> str:
        return f"registration {self.pk} ({self.state})"


class CalendarEntry(models.Model):
    """The calendar object that one registration's invitations are about (RFC 5545, RFC 5546).

    ``uid`` never changes. ``sequence`` rises only when time, place, title or status does; ``revision`` rises
    with every deed that is told of, so that no message is written twice. ``stamped_at`` is DTSTAMP and never
    goes back. ``last_method`` is empty as long as the person waits in line: nothing is in their calendar.
    """

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="calendar_entry")
    uid = models.CharField(max_length=255, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    last_method = models.CharField(max_length=10, blank=True)
    stamped_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "calendar entries"

    def __str__(self) -> str:
        return f"{self.uid} #{self.sequence}"


class Submission(models.Model):
    """One press of the button: makes the same request twice count once, and is what the receipt shows.

    Holds no personal data: which events, what this submission got or would get, and which messages tell it.
    """

    series = models.ForeignKey(EventSeries, on_delete=models.CASCADE)
    key_hash = models.CharField(max_length=64, unique=True)  # of the idempotency key
    fingerprint = models.CharField(max_length=64)  # of the body; another body with the same key is refused
    receipt = models.CharField(max_length=43, unique=True)  # the address of the receipt page
    results = models.JSONField()  # [{"event": slug, "state": "confirmed" | "waiting" | "full"}]
    message_ids = models.JSONField(default=list)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"submission {self.pk}"
