"""The ledger as it is, for maintenance: to be read, never to be edited."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from notifications.models import (
    Attempt,
    Circuit,
    Heartbeat,
    Message,
    MessageEvent,
    OptOut,
    ProviderEvent,
    Suppression,
)

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Model]
    _Inline = admin.TabularInline[Model, Model]
else:
    _Admin, _Inline = admin.ModelAdmin, admin.TabularInline


class ReadOnly:
    """Nobody adds, changes or deletes here: every move is made by the code that knows the rules."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False


class Attempts(ReadOnly, _Inline):
    """Every try to hand the message over."""

    model = Attempt
    extra = 0


class Events(ReadOnly, _Inline):
    """What happened to the message."""

    model = MessageEvent
    extra = 0


@admin.register(Message)
class Messages(ReadOnly, _Admin):
    """Messages, newest first; what they say and to whom is shown on the organiser's desk, by role."""

    list_display = (
        "id",
        "kind",
        "subject",
        "lane",
        "channel",
        "state",
        "not_before",
        "attempts_made",
        "state_changed_at",
    )
    list_filter = ("state", "channel", "lane", "kind")
    search_fields = ("=subject", "=audience")
    ordering = ("-pk",)
    fields = (
        *("kind", "subject", "audience", "version", "lane", "language", "state", "not_before", "not_after"),
        *("created_at", "state_changed_at", "owner", "lease_until", "attempts_made", "resends"),
    )
    inlines = (Attempts, Events)


@admin.register(Suppression)
class Suppressions(ReadOnly, _Admin):
    """Blocked addresses, as hashes."""

    list_display = ("address_hash", "reason", "at")


@admin.register(Heartbeat)
class Heartbeats(ReadOnly, _Admin):
    """Signs of life."""

    list_display = ("name", "kind", "at")


@admin.register(OptOut)
class OptOuts(ReadOnly, _Admin):
    """What readers do not want, as hashes."""

    list_display = ("address_hash", "scope", "topic", "at")


@admin.register(ProviderEvent)
class News(ReadOnly, _Admin):
    """What providers told."""

    list_display = ("id", "provider", "news", "message", "code", "at", "handled_at", "outcome")
    list_filter = ("provider", "news", "outcome")


@admin.register(Circuit)
class Circuits(ReadOnly, _Admin):
    """How each transport is doing."""

    list_display = ("transport", "failures", "not_before", "why", "tokens")
