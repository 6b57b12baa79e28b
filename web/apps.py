"""Connects this app to the project."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web app."""

    name = "web"
