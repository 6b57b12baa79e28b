"""What is asked of those who register, and when: the form of a series, its questions and its consents."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from backend.core.i18n import Text, _
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


class Question(models.Model):
    """Something a series, or one of its events, asks of everybody who registers.

    A question that has been answered is retired, never deleted. ``condition`` shows it only when an earlier
    question was answered with one of ``condition_values`` (keys of options, or "yes" / "no"): one level,
    decided on the server.
    """

    class Kind(models.TextChoices):
        """What an answer looks like."""

        TEXT = "text", _("short text")
        LONG_TEXT = "long_text", _("long text")
        YES_NO = "yes_no", _("yes or no")
        ONE_OF = "one_of", _("one of several")
        MANY_OF = "many_of", _("any of several")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        EMAIL = "email", _("email address")
        PHONE = "phone", _("phone number")
        MUNICIPALITY = "municipality", _("municipality or organisation")

    class Special(models.TextChoices):
        """Health and diet are special categories (GDPR article 9): such answers are kept apart, sealed."""

        NO = "", _("ordinary")
        DIET = "diet", _("diet")
        ACCESSIBILITY = "accessibility", _("accessibility")

    WITH_OPTIONS: ClassVar = [Kind.ONE_OF, Kind.MANY_OF]

    series = models.ForeignKey(EventSeries, on_delete=models.CASCADE, related_name="questions")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="questions"
    )  # None: asked once, of everybody in the series
    key = models.SlugField(max_length=50)
    kind = models.CharField(max_length=12, choices=Kind)
    label_fi = models.CharField(max_length=300)
    label_sv = models.CharField(max_length=300, blank=True)
    label_en = models.CharField(max_length=300, blank=True)
    help_fi = models.CharField(max_length=500, blank=True)
    help_sv = models.CharField(max_length=500, blank=True)
    help_en = models.CharField(max_length=500, blank=True)
    required = models.BooleanField(default=False)
    special = models.CharField(max_length=13, choices=Special, blank=True)
    position = models.PositiveIntegerField()
    condition = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="depending"
    )
    condition_values = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "key"], name="question_key_once"),
        ]

    def __str__(self) -> str:
        return self.label_fi

    @property
    def label(self) -> Text:
        """The question as people read it."""
        return Text.of(self, "label")

    @property
    def help(self) -> Text:
        """What helps to answer it."""
        return Text.of(self, "help")


class Option(models.Model):
    """One of the answers that may be chosen; retired rather than deleted once somebody chose it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(max_length=50)
    label_fi = models.CharField(max_length=200)
    label_sv = models.CharField(max_length=200, blank=True)
    label_en = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "key"], name="option_key_once"),
        ]

    def __str__(self) -> str:
        return self.label_fi

    @property
    def label(self) -> Text:
        """The option as people read it."""
        return Text.of(self, "label")


class ConsentText(models.Model):
    """One version of what people may agree to, for one purpose; a sent version never changes.

    Never ticked beforehand and never required: a consent that must be given is none (GDPR article 7(4)).
    """

    series = models.ForeignKey(EventSeries, on_delete=models.CASCADE, related_name="consent_texts")
    purpose = models.SlugField(max_length=50)  # "photos", "news-of-the-project"
    version = models.PositiveIntegerField()
    text_fi = models.CharField(max_length=1000)
    text_sv = models.CharField(max_length=1000, blank=True)
    text_en = models.CharField(max_length=1000, blank=True)
    position = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)  # a newer version, or no longer asked

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "purpose", "version"], name="consent_version_once"),
            models.UniqueConstraint(
                fields=["series", "purpose"],
                condition=Q(retired_at__isnull=True),
                name="one_current_consent_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"

    @property
    def text(self) -> Text:
        """What people agree to."""
        return Text.of(self, "text")
