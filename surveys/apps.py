"""Connects this app to the project."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The surveys app."""

    name = "surveys"
