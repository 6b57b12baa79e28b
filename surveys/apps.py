"""Connects this app to the project."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The surveys app."""

    name = "surveys"

    def ready(self) -> None:
        """Make this app's messages known."""
        from notifications import kinds  # noqa: PLC0415 - models exist only now
        from surveys.messages import KINDS  # noqa: PLC0415 - as above

        kinds.register(*KINDS)
