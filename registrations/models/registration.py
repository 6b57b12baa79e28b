"""Who comes to what: registrations, their calendar entries and the submissions that made them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from backend.core.i18n import _
from events.models import Event, EventSeries
from registrations.models.people import Attendee


class Registration(models.Model):
    """One attendee's place, or place in line, at one event. Coming back after cancelling makes a new row.

    Where people apply, the chosen are confirmed and the ranked reserve waits in the same line as others do.
    A cancelled place may be ``held`` for a moment, so that it can be taken back: it still counts as taken.
    """

    class State(models.TextChoices):
        """Where the registration stands."""

        CONFIRMED = "confirmed", _("confirmed")
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("offered")
        CANCELLED = "cancelled", _("cancelled")
        DECLINED = "declined", _("declined")
        RECEIVED = "received", _("application received")
        SHORTLISTED = "shortlisted", _("shortlisted")
        NOT_CHOSEN = "not_chosen", _("not chosen")

    class CancelledBy(models.TextChoices):
        """Who gave the place, or the offer of one, up."""

        NOBODY = "", _("nobody")
        ATTENDEE = "attendee", _("attendee")
        CALENDAR = "calendar", _("declined in the calendar")
        ORGANISER = "organiser", _("organiser")
        EVENT = "event", _("the event was called off")
        TIME = "time", _("the offer ran out")
        TRANSFER = "transfer", _("given to a colleague")

    class Came(models.TextChoices):
        """How it is known that somebody came or stayed away."""

        UNKNOWN = "", _("not marked")
        TICKED = "ticked", _("marked by the organiser")
        SCANNED = "scanned", _("checked in at the door")
        JOINED = "joined", _("opened the joining link")

    ACTIVE: ClassVar = [
        State.CONFIRMED,
        State.WAITING,
        State.OFFERED,
        State.RECEIVED,
        State.SHORTLISTED,
    ]
    HOLDS_A_PLACE: ClassVar = [State.CONFIRMED, State.OFFERED]  # with the held ones, what ``taken`` counts
    COMES: ClassVar = [State.CONFIRMED]  # who is invited, reminded and let in
    APPLIED: ClassVar = [State.RECEIVED, State.SHORTLISTED]  # the organiser has not decided yet

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="registrations")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    state = models.CharField(max_length=11, choices=State)
    waiting_number = models.PositiveIntegerField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=10, choices=CancelledBy, blank=True)
    registered_at = models.DateTimeField()
    state_changed_at = models.DateTimeField()
    offer_expires_at = models.DateTimeField(
        null=True, blank=True
    )  # the first moment that is too late to accept
    held = models.BooleanField(default=False)  # cancelled, and its place kept until ``restorable_until``
    restorable_until = models.DateTimeField(null=True, blank=True)
    attended = models.BooleanField(null=True, blank=True)  # None: not marked
    attended_at = models.DateTimeField(null=True, blank=True)
    came = models.CharField(max_length=7, choices=Came, blank=True)
    unmarked_at = models.DateTimeField(null=True, blank=True)  # a mark was taken back: older scans are void
    survey_answered_at = models.DateTimeField(null=True, blank=True)  # that they answered, never what

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attendee", "event"],
                condition=Q(state__in=["confirmed", "waiting", "offered", "received", "shortlisted"]),
                name="one_place_for_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waiting_number__isnull=False), name="waiting_has_a_number"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer_expires_at__isnull=False), name="offer_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(held=False) | Q(state="cancelled", restorable_until__isnull=False),
                name="only_a_cancelled_place_is_held",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["event", "state", "waiting_number"], name="registration_line"),
            models.Index(fields=["restorable_until"], condition=Q(held=True), name="registration_held"),
            models.Index(
                fields=["offer_expires_at"], condition=Q(state="offered"), name="registration_offered"
            ),
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
    answerable = models.BooleanField(default=False)  # its organiser is the address for answers, to its end

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
