"""Connects this app to the project."""

from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    """The registrations app."""

    name = "registrations"

    def ready(self) -> None:
        """Make the messages of this app known, and listen to what happens to events."""
        from notifications.endpoints import facts  # noqa: PLC0415 - as above
        from notifications.kinds import register  # noqa: PLC0415 - models exist only now
        from registrations import outward_receivers, receivers  # noqa: F401, PLC0415 - importing connects them
        from registrations.messages.catalogue import KINDS  # noqa: PLC0415 - as above
        from registrations.outward import ALL  # noqa: PLC0415 - as above

        register(*KINDS)
        facts.register(*ALL)
