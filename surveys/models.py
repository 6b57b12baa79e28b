"""What is kept of a follow-up survey."""

from typing import ClassVar

from django.db import models

from backend.core.i18n import LANGUAGE_CHOICES, Text, _
from backend.core.links import Linked
from catalogue.models import Practice
from events.models import Event
from registrations.models import Registration


class Survey(models.Model):
    """The questions asked after one event; opens_at is also when the invitations were decided on."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="survey")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"survey of {self.event}"


class Question(models.Model):
    """One question, in three languages."""

    class Kind(models.TextChoices):
        """How it is answered."""

        SCALE_5 = "scale_5", _("1 to 5")
        SCALE_10 = "scale_10", _("0 to 10")
        TEXT = "text", _("text")
        ONE_OF = "one_of", _("one of")
        MANY_OF = "many_of", _("many of")
        PRACTICE_LEAD = "practice_lead", _("a practice to tell")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=14, choices=Kind)
    text_fi = models.CharField(max_length=300)
    text_sv = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    low_fi = models.CharField(max_length=60, blank=True)  # words at the ends of a scale
    low_sv = models.CharField(max_length=60, blank=True)
    low_en = models.CharField(max_length=60, blank=True)
    high_fi = models.CharField(max_length=60, blank=True)
    high_sv = models.CharField(max_length=60, blank=True)
    high_en = models.CharField(max_length=60, blank=True)
    options = models.JSONField(default=list)  # [{"key": …, "fi": …, "sv": …, "en": …}]
    required = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "key"], name="question_once_in_a_survey"),
        ]

    def __str__(self) -> str:
        return self.text_fi

    @property
    def text(self) -> Text:
        """What is asked."""
        return Text.of(self, "text")

    @property
    def low(self) -> Text:
        """What the low end of the scale means."""
        return Text.of(self, "low")

    @property
    def high(self) -> Text:
        """What the high end of the scale means."""
        return Text.of(self, "high")


class Invitation(Linked):
    """One person's own way to one survey; the link in the mail opens it, only the button spends it."""

    link_purpose = "survey"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="survey_invitation"
    )
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def answered(self) -> bool:
        """Whether this invitation has given its answer."""
        return hasattr(self, "response")


class Response(models.Model):
    """The one answer that one invitation gives."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="response")
    practice = models.OneToOneField(
        Practice, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField()
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)

    def __str__(self) -> str:
        return f"response {self.pk}"


class Answer(models.Model):
    """What was answered to one question; the shape of the value follows the question's kind."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_to_a_question"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
