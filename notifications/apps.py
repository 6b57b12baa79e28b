"""Connects this app to the project."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The notifications app."""

    name = "notifications"

    def ready(self) -> None:
        """Register the start-up checks."""
        from notifications import checks  # noqa: F401, PLC0415 - importing registers them
