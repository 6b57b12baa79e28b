"""Connects this app to the project."""

from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    """The registrations app."""

    name = "registrations"
