"""Start-up checks that explain themselves: what the transport carries, and whether every wording is there."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Info, register
from django.core.checks import Warning as Caution
from django.template import Engine, TemplateDoesNotExist

from backend.core.i18n import LANGUAGES
from notifications import kinds
from notifications.capabilities import Layout, transport


@register("notifications")
def transport_is_named(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ANN401 - Django's own shape
    """Tell which form calendar invitations take with the connected transport."""
    connected = transport()
    if connected.layout is Layout.FULL:
        return [Info(connected.describe(), id="notifications.I001")]
    hint = "SMTP and Amazon SES carry full invitations, which calendars accept and follow by themselves."
    return [Caution(connected.describe(), hint=hint, id="notifications.W001")]


@register("notifications")
def every_kind_speaks_three_languages(
    app_configs: Sequence[AppConfig] | None,
    **kwargs: Any,  # noqa: ANN401 - as above
) -> list[CheckMessage]:
    """Refuse to start while a kind of message lacks a wording in one of the languages."""
    return [
        Error(f"The message kind {key!r} has no wording {name}.", id="notifications.E001")
        for key, name in missing_wordings()
    ]


def missing_wordings() -> list[tuple[str, str]]:
    """List each kind together with the file it lacks."""
    wanted = [
        (kind.key, f"{kind.template}.{language}.md") for kind in kinds.all_kinds() for language in LANGUAGES
    ]
    return [(key, name) for key, name in wanted if not _exists(name)]


def _exists(name: str) -> bool:
    try:
        Engine.get_default().get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
