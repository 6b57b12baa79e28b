"""Start-up checks that explain themselves: what the transport carries, and whether every wording is there."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register
from django.core.checks import Warning as Caution
from django.template import Engine, TemplateDoesNotExist

from backend.core.i18n import LANGUAGES
from notifications import kinds, webhooks
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
def news_can_be_heard(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ANN401 - as above
    """Tell when nobody hears of mails that came back: no address is open to news that cannot be checked."""
    provider = transport().provider
    if not provider:
        return []
    name = transport().name
    if not webhooks.tells_news(provider):
        told = f"{name} does not tell what becomes of a mail; what comes back is seen in its own pages only."
        return [Caution(told, id="notifications.W002")]
    if not settings.WEBHOOK_SECRET:
        hint = (
            f"Set VIPU_WEBHOOK_SECRET=name:secret, and give {name} /anymail/{provider}/tracking/ with both."
        )
        return [
            Caution(f"Nobody hears what {name} tells: no secret is set.", hint=hint, id="notifications.W003")
        ]
    if missing := webhooks.cannot_hear(provider):
        hint = "Write the key into VIPU_MAIL_URL as signing_key=…"
        return [Error(f"What {name} tells cannot be checked: {missing}", hint=hint, id="notifications.E002")]
    return []


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
