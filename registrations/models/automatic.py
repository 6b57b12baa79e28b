"""Messages that go out by themselves: the rule is the plan, and a row remembers what was done by it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from backend.core.i18n import _
from events.models import Event, EventSeries
from notifications.models import Message
from registrations import rules
from registrations.models.form import Question
from registrations.models.registration import Registration
from registrations.rules.segments import KIND as OWN_WORDS


def _who_comes() -> list[str]:
    return list(Registration.COMES)


class MessageRule(models.Model):
    """What is sent, when, to whom, and what becomes of those who come too late for it.

    A reminder is in Vipu's words, or in those of its series; a note is in words of its own, a wording of the
    scope ``rule:<pk>``, and can be switched on when they are in use.

    The moment is counted from an anchor: ``days`` by the clock of the place, at ``clock`` where given, and
    ``minutes`` as they pass; less than nought is before. Lists that are empty ask nothing.
    """

    class Kind(models.TextChoices):
        """What is sent."""

        REMINDER = "reminder", _("reminder with the joining link")
        NOTE = OWN_WORDS, _("message in your own words")

    class Anchor(models.TextChoices):
        """What the moment is counted from."""

        START = "start", _("the start of the event")
        END = "end", _("the end of the event")
        REGISTRATION = "registration", _("the registration")
        DEADLINE = "deadline", _("the deadline of the event")

    class Attendance(models.TextChoices):
        """Who was there."""

        ANY = "", _("whether they came or not")
        ATTENDED = "attended", _("only those who came")
        ABSENT = "absent", _("only those who stayed away")
        UNMARKED = "unmarked", _("only those not marked yet")

    class Late(models.TextChoices):
        """What becomes of those who register, or get a place, after the moment."""

        CONFIRMATION = rules.Late.CONFIRMATION.value, _("their confirmation says it all")
        SEND = rules.Late.SEND.value, _("they get it at once")
        SKIP = rules.Late.SKIP.value, _("they do not get it")

    series = models.ForeignKey(EventSeries, on_delete=models.CASCADE, related_name="message_rules")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="message_rules"
    )  # None: every event of the series
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REMINDER)
    name = models.CharField(max_length=100, blank=True)
    anchor = models.CharField(max_length=12, choices=Anchor, default=Anchor.START)
    days = models.SmallIntegerField(default=0)
    clock = models.TimeField(null=True, blank=True)
    minutes = models.IntegerField(default=0)
    states = models.JSONField(default=_who_comes)
    languages = models.JSONField(default=list, blank=True)
    modes = models.JSONField(default=list, blank=True)
    attendance = models.CharField(max_length=8, choices=Attendance, blank=True)
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, blank=True, related_name="message_rules"
    )
    answers = models.JSONField(default=list, blank=True)  # keys of options, or "yes" and "no"
    late = models.CharField(max_length=12, choices=Late, default=Late.CONFIRMATION)
    late_minutes = models.PositiveIntegerField(default=0)  # at once only if so much of the window is left
    enabled = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(clock__isnull=True) | Q(minutes=0), name="rule_has_a_clock_or_minutes"
            ),
            models.CheckConstraint(
                condition=Q(question__isnull=False) | Q(answers=[]), name="rule_answers_have_a_question"
            ),
        ]

    def __str__(self) -> str:
        return f"rule {self.pk} ({self.kind})"

    @property
    def scope(self) -> str:
        """The scope of its own words."""
        return f"rule:{self.pk}"

    @property
    def when(self) -> rules.When:
        """The moment, as the rules count it."""
        return rules.When(days=self.days, clock=self.clock, minutes=self.minutes)

    @property
    def readers(self) -> rules.Readers:
        """Whom it is for; nobody is reminded of what they have no place at."""
        states = frozenset(self.states)
        return rules.Readers(
            states=states & set(Registration.COMES) if self.kind == self.Kind.REMINDER else states,
            languages=frozenset(self.languages),
            modes=frozenset(self.modes),
            attendance=self.attendance,
            answers=frozenset(self.answers) if self.question_id else None,
        )

    @property
    def waits_for_a_mark(self) -> bool:
        """Tell whether it is for those who came, or for those who did not: both are known when marked."""
        return self.attendance in {self.Attendance.ATTENDED, self.Attendance.ABSENT}

    @property
    def marked(self) -> bool:
        """The mark it waits for."""
        return self.attendance == self.Attendance.ATTENDED

    @property
    def policy(self) -> rules.LatePolicy:
        """What becomes of those who are late."""
        return rules.LatePolicy(late=rules.Late(self.late), minutes=self.late_minutes, since=self.changed_at)

    @property
    def reaches_all(self) -> bool:
        """Tell whether everybody who has a place gets it, whoever they are."""
        return (
            set(Registration.COMES) <= self.readers.states
            and not self.languages
            and not self.attendance
            and self.question_id is None
        )


class RuleDelivery(models.Model):
    """That a rule has done its work for one registration and one day: it never does it twice."""

    class Outcome(models.TextChoices):
        """What was done."""

        SENT = "sent", _("sent")
        LATE = "late", _("too late")
        BLOCKED = "blocked", _("the address is blocked")

    rule = models.ForeignKey(MessageRule, on_delete=models.CASCADE, related_name="deliveries")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="rule_deliveries")
    day = models.DateField()  # of the anchor: an event moved to another day is another day
    outcome = models.CharField(max_length=7, choices=Outcome)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "rule deliveries"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "registration", "day"], name="rule_did_its_work_once"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.registration_id} {self.day}"
