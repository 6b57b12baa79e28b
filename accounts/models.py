"""What is kept of organisers, organisations and municipalities."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from backend.core.i18n import LANGUAGE_CHOICES, Language, Text, _


class Municipality(models.Model):
    """A Finnish municipality by its official code; one that has ended names its successor."""

    class SizeGroup(models.TextChoices):
        """Statistics Finland's grouping of municipalities."""

        URBAN = "urban", _("urban")
        SEMI_URBAN = "semi-urban", _("semi-urban")
        RURAL = "rural", _("rural")
        UNKNOWN = "", _("not known")

    code = models.CharField(max_length=3, primary_key=True)
    name_fi = models.CharField(max_length=60)
    name_sv = models.CharField(max_length=60)
    region_fi = models.CharField(max_length=60)
    region_sv = models.CharField(max_length=60)
    languages = models.CharField(max_length=5)  # "fi", "sv", "fi-sv", "sv-fi": the majority first
    size_group = models.CharField(max_length=10, choices=SizeGroup, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    class Meta:
        ordering: ClassVar = ["name_fi"]
        verbose_name_plural = "municipalities"

    def __str__(self) -> str:
        return self.name_fi

    @property
    def name(self) -> Text:
        """The name as each language writes it; English uses the Finnish name."""
        return Text(self.name_fi, self.name_sv, self.name_fi)

    def name_in(self, language: Language) -> str:
        """The name a reader of this language knows."""
        return self.name.in_language(language)


class Organisation(models.Model):
    """A body that arranges events or owns practices; what its people do stays within it."""

    slug = models.SlugField(max_length=60, unique=True)
    name_fi = models.CharField(max_length=200)
    name_sv = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name_fi"]

    def __str__(self) -> str:
        return self.name_fi

    @property
    def name(self) -> Text:
        """The name in the languages it has."""
        return Text.of(self, "name")


class Users(BaseUserManager["User"]):
    """Makes people who sign in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a person; without a password they cannot sign in until they set one."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make somebody who keeps the whole service."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Attendees, speakers and submitters never need one."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="fi")
    wants_digest = models.BooleanField(
        default=True
    )  # a mail in the morning when something needs an organiser
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """What a person may do within one organisation."""

    class Role(models.TextChoices):
        """The four roles; a superuser stands above them."""

        ADMIN = "admin", _("administrator")
        ORGANISER = "organiser", _("organiser")
        REVIEWER = "reviewer", _("reviewer")
        VIEWER = "viewer", _("viewer")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    sees_protected = models.BooleanField(
        default=False
    )  # answers about diet and accessibility, person by person

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.organisation}"


class ApiToken(models.Model):
    """A key with which a program acts as its user, within one organisation; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditEvent(models.Model):
    """Who did what to which thing, when and why. Rows are only ever added."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    actor_label = models.CharField(max_length=40)  # "organiser", "attendee", "system"
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, blank=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, db_index=True)  # "event:12"
    details = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(action=""), name="audit_names_its_action")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"
