"""The Django project: configuration, addresses, workers, and the plumbing every app shares."""

from backend.celery import app as celery_app

__all__ = ["celery_app"]  # loaded with the project, so that every task finds its broker
