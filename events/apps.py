"""Connects this app to the project."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The events app."""

    name = "events"
