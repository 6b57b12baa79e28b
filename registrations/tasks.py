"""Thin entrances for the scheduler: what nobody needs any more is removed."""

from celery import shared_task
from django.utils import timezone

from registrations.actions.retention import remove_protected


@shared_task(name="registrations.remove_protected", ignore_result=True)
def remove_protected_answers() -> None:
    """Remove answers about diet and accessibility after their event; twice is no harm."""
    remove_protected(at=timezone.now())
