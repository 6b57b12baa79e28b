"""What is kept of good practices: versions that do not change once sent, and what reviewers said of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Municipality, User
from backend.core.i18n import LANGUAGE_CHOICES, Text, _
from backend.core.links import Linked
from catalogue.fields import SearchText
from events.models import Event, Session


class Theme(models.Model):
    """One of the four themes of the Sustainable City programme."""

    key = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField()
    name_fi = models.CharField(max_length=100)
    name_sv = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.name_fi

    @property
    def name(self) -> Text:
        """The theme's name."""
        return Text.of(self, "name")


class CriteriaSet(models.Model):
    """A set of criteria with a version; a review keeps the set it was made with."""

    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    name_fi = models.CharField(max_length=200)
    name_sv = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="criteria_set_once"),
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="one_current_criteria_set"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_fi} v{self.version}"

    @property
    def name(self) -> Text:
        """What the set is called."""
        return Text.of(self, "name")


class Criterion(models.Model):
    """One criterion of a set, with what it means."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name_fi = models.CharField(max_length=100)
    name_sv = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    meaning_fi = models.TextField()
    meaning_sv = models.TextField()
    meaning_en = models.TextField()
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["criteria_set", "key"], name="criterion_once_in_a_set"),
        ]

    def __str__(self) -> str:
        return self.name_fi

    @property
    def name(self) -> Text:
        """What the criterion is called."""
        return Text.of(self, "name")

    @property
    def meaning(self) -> Text:
        """What meeting it takes."""
        return Text.of(self, "meaning")


class Practice(Linked):
    """A good practice. Its texts are in its versions; the public sees the published one."""

    link_purpose = "practice"

    class Label(models.TextChoices):
        """What the public is told of its assessment."""

        NOT_ASSESSED = "not_assessed", _("not assessed")
        LEARNING = "learning", _("lessons to learn from")
        MEETS_CRITERIA = "meets_criteria", _("meets the criteria")

    slug = models.SlugField(max_length=120, unique=True)
    municipalities = models.ManyToManyField(Municipality, related_name="practices", blank=True)
    themes = models.ManyToManyField(Theme, related_name="practices", blank=True)
    owner_name = models.CharField(max_length=200, blank=True)
    owner_email = models.EmailField(blank=True)  # never public
    show_name = models.BooleanField(default=False)  # the owner lets their name stand on the public page
    permission_at = models.DateTimeField(null=True, blank=True)  # when the owner allowed publishing
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="fi")  # the owner's
    came_from = models.ForeignKey(
        Event, on_delete=models.SET_NULL, null=True, blank=True, related_name="practices_born"
    )
    label = models.CharField(max_length=20, choices=Label, default=Label.NOT_ASSESSED)
    years = models.CharField(max_length=40, blank=True)
    source_url = models.URLField(max_length=500, blank=True)  # where a loaded practice was read
    published = models.OneToOneField(
        "PracticeVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="published_as"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.slug


class PracticeVersion(models.Model):
    """One numbered text of a practice, in the languages it has been written in."""

    class State(models.TextChoices):
        """Where the version stands (``catalogue.rules.MOVES``)."""

        DRAFT = "draft", _("being written")
        SUBMITTED = "submitted", _("waiting for review")
        CHANGES_REQUESTED = "changes_requested", _("needs additions")
        PUBLISHED = "published", _("published")
        DECLINED = "declined", _("not published")
        REPLACED = "replaced", _("replaced by a newer version")

    class Stage(models.TextChoices):
        """How far the practice itself has come."""

        PLANNED = "planned", _("planned")
        RUNNING = "running", _("being tried")
        ESTABLISHED = "established", _("in established use")
        ENDED = "ended", _("ended")
        UNKNOWN = "", _("not known")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    stage = models.CharField(max_length=12, choices=Stage, blank=True)
    title_fi = models.CharField(max_length=200, blank=True)
    title_sv = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    summary_fi = models.TextField(blank=True)  # in a sentence or two
    summary_sv = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    description_fi = models.TextField(blank=True)  # what was done, for whom and where
    description_sv = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    results_fi = models.TextField(blank=True)  # results and the evidence for them; lines are items
    results_sv = models.TextField(blank=True)
    results_en = models.TextField(blank=True)
    effects_fi = models.TextField(blank=True)
    effects_sv = models.TextField(blank=True)
    effects_en = models.TextField(blank=True)
    scaling_fi = models.TextField(blank=True)  # what taking it into use elsewhere needs
    scaling_sv = models.TextField(blank=True)
    scaling_en = models.TextField(blank=True)
    dimensions = models.JSONField(default=list)  # of ecological, social, cultural, economic
    partners = models.TextField(blank=True)
    search = SearchText(blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="practice_version_once"),
            models.UniqueConstraint(
                fields=["practice"],
                condition=Q(state__in=["draft", "submitted"]),
                name="one_open_version_of_a_practice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice} v{self.number} ({self.state})"

    @property
    def title(self) -> Text:
        """What the practice is called."""
        return Text.of(self, "title")

    @property
    def summary(self) -> Text:
        """The practice in a sentence or two."""
        return Text.of(self, "summary")

    @property
    def description(self) -> Text:
        """What was done, for whom and where."""
        return Text.of(self, "description")

    @property
    def results(self) -> Text:
        """What came of it and how that is known."""
        return Text.of(self, "results")

    @property
    def effects(self) -> Text:
        """What it changed."""
        return Text.of(self, "effects")

    @property
    def scaling(self) -> Text:
        """What taking it into use elsewhere needs."""
        return Text.of(self, "scaling")


class Review(models.Model):
    """A reviewer's decision on one version, with its assessments."""

    class Decision(models.TextChoices):
        """What the reviewer decided."""

        PUBLISH = "publish", _("publish")
        REQUEST_CHANGES = "request_changes", _("ask for additions")
        DECLINE = "decline", _("do not publish")

    version = models.ForeignKey(PracticeVersion, on_delete=models.CASCADE, related_name="reviews")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT)
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT)
    decision = models.CharField(max_length=16, choices=Decision)
    message = models.TextField(blank=True)  # to the submitter, in their own language
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version"], name="one_decision_for_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.version}"


class Assessment(models.Model):
    """How far one criterion is met, and why the reviewer thinks so."""

    class Level(models.TextChoices):
        """No scores and no sum: the criteria have none."""

        NOT_ASSESSED = "not_assessed", _("not assessed")
        NOT_MET = "not_met", _("not met")
        PARTLY = "partly", _("partly met")
        MET = "met", _("met")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="assessments")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT)
    level = models.CharField(max_length=12, choices=Level)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["criterion__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "criterion"], name="criterion_once_in_a_review"),
            models.CheckConstraint(
                condition=Q(level="not_assessed") | ~Q(reason=""), name="assessment_gives_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level}"


class Presentation(models.Model):
    """A practice told of in a session of a programme."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="presentations")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="presentation")

    def __str__(self) -> str:
        return f"{self.practice} in {self.session}"


class Alliance(models.Model):
    """Municipalities working on the same thing together."""

    slug = models.SlugField(max_length=100, unique=True)
    name_fi = models.CharField(max_length=200)
    name_sv = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    summary_fi = models.TextField(blank=True)
    summary_sv = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    members = models.ManyToManyField(Municipality, related_name="alliances", blank=True)
    member_count = models.PositiveSmallIntegerField(null=True, blank=True)  # when only the number is known
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["name_fi"]

    def __str__(self) -> str:
        return self.name_fi

    @property
    def name(self) -> Text:
        """What the alliance is called."""
        return Text.of(self, "name")

    @property
    def summary(self) -> Text:
        """What it is for."""
        return Text.of(self, "summary")


class Story(models.Model):
    """A published story of persistent work, told elsewhere and linked here."""

    slug = models.SlugField(max_length=100, unique=True)
    title_fi = models.CharField(max_length=250)
    title_sv = models.CharField(max_length=250, blank=True)
    title_en = models.CharField(max_length=250, blank=True)
    summary_fi = models.TextField(blank=True)
    summary_sv = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    published_on = models.DateField()
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-published_on", "pk"]
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return self.title_fi

    @property
    def title(self) -> Text:
        """The story's title."""
        return Text.of(self, "title")

    @property
    def summary(self) -> Text:
        """What it tells."""
        return Text.of(self, "summary")
