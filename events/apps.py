"""Connects this app to the project."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The events app."""

    name = "events"

    def ready(self) -> None:
        """Make the messages of this app known, and listen to what happens to its events."""
        from events import receivers  # noqa: F401, PLC0415 - importing it connects the receivers
        from events.messages import KINDS  # noqa: PLC0415 - models exist only now
        from notifications.kinds import register  # noqa: PLC0415 - as above

        register(*KINDS)
