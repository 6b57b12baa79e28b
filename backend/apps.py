"""Connects the project itself, for its management commands."""

from django.apps import AppConfig


class BackendConfig(AppConfig):
    """The project: it keeps no tables."""

    name = "backend"
