"""Connects this app to the project."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The surveys app."""

    name = "surveys"

    def ready(self) -> None:
        """Make this app's messages known, and listen to what happens to registrations."""
        from notifications import kinds  # noqa: PLC0415 - models exist only now
        from surveys import receivers  # noqa: F401, PLC0415 - importing it connects the receivers
        from surveys.messages import KINDS  # noqa: PLC0415 - as above

        kinds.register(*KINDS)
