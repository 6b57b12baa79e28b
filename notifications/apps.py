"""Connects this app to the project."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The notifications app."""

    name = "notifications"

    def ready(self) -> None:
        """Register the start-up checks, and listen to the providers that hand mail over."""
        from anymail.signals import inbound, tracking  # noqa: PLC0415 - models exist only now

        from notifications import checks, webhooks  # noqa: F401, PLC0415 - importing registers the checks

        inbound.connect(webhooks.keep, dispatch_uid="notifications.keep_inbound_mail")
        tracking.connect(webhooks.keep_news, dispatch_uid="notifications.keep_news")
