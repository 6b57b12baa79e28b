"""Those who come: who they are, what they answered and what they agreed to."""

from typing import ClassVar, Self

from django.db import models

from accounts.models import Municipality
from backend.core.i18n import LANGUAGE_CHOICES
from backend.core.links import Linked, digest, token_for
from events.models import EventSeries
from registrations.models.form import ConsentText, Question


class Attendee(Linked):
    """A person in one series. The link by mail is the only key to it.

    The calendar feed and the ticket have tokens of their own, from the same seed: an address given to a
    calendar program shows the times of the places and changes nothing, and what is shown at the door (the QR
    code, the page of the joining link) tells only that this person is here.
    """

    link_purpose = "manage"
    feed_purpose = "feed"
    ticket_purpose = "ticket"

    feed_hash = models.CharField(max_length=64, unique=True, editable=False)
    ticket_hash = models.CharField(max_length=64, unique=True, editable=False)

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
    registered_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="colleagues"
    )  # a colleague filled in the form
    may_change_until = models.DateTimeField(null=True, blank=True)  # an organiser's exception for this person

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "email_key"], name="one_person_in_a_series"),
        ]
        indexes: ClassVar = [
            # the list of the desk by name, and all that it searches: it is counted without reading a person
            models.Index(
                fields=["series", "name", "id", "email", "organisation", "municipality"],
                name="attendee_by_name",
            ),
        ]

    def __str__(self) -> str:
        return f"attendee {self.pk}"  # never a name in a log line

    @property
    def feed_token(self) -> str:
        """The token of the person's own calendar feed."""
        return token_for(self.feed_purpose, self.link_seed)

    @property
    def ticket_token(self) -> str:
        """The token of the person's ticket: shown at the door and opened to join."""
        return token_for(self.ticket_purpose, self.link_seed)

    def with_link(self) -> Self:
        """Fill in the stored hashes of a row about to be created."""
        self.feed_hash = digest(self.feed_token)
        self.ticket_hash = digest(self.ticket_token)
        return super().with_link()


class Answer(models.Model):
    """What a person answered to one question: text, number, true or false, or a list of option keys."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField()

    class Meta:
        ordering: ClassVar = ["question__position", "question"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attendee", "question"], name="answered_once"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class ProtectedAnswer(models.Model):
    """An answer about health or diet, sealed; for those with the right only, removed after the event."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="protected_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="protected_answers")
    sealed = models.TextField()

    class Meta:
        ordering: ClassVar = ["question__position", "question"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attendee", "question"], name="protected_answered_once"),
        ]

    def __str__(self) -> str:
        return f"protected answer {self.pk}"


class Consent(models.Model):
    """That a person agreed to a text, which version of it and when; taken back, the row stays."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["given_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attendee", "text"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="agreed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class EmailChange(Linked):
    """A new address that a person asked to be mailed at; counts once its link has been opened and pressed."""

    link_purpose = "new-address"

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="email_changes")
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"new address {self.pk}"


class MergedAttendee(models.Model):
    """Where the links of somebody lead who was joined with another registration of theirs.

    The calendar feed and the ticket go on as those of the one who stayed; the manage link says that the other
    one counts now, since only the address that stayed may change anything.
    """

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="merged")
    former = models.PositiveBigIntegerField()  # the number of the row that is gone, as the history knows it
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    feed_hash = models.CharField(max_length=64, unique=True, editable=False)
    ticket_hash = models.CharField(max_length=64, unique=True, editable=False)
    merged_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"attendee {self.former}, now {self.attendee_id}"
