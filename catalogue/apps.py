"""Connects this app to the project."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue app."""

    name = "catalogue"

    def ready(self) -> None:
        """Make this app's messages known."""
        from catalogue.messages import KINDS  # noqa: PLC0415 - models exist only now
        from notifications import kinds  # noqa: PLC0415 - as above

        kinds.register(*KINDS)
