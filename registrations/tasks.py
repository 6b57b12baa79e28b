"""Thin entrances for the scheduler: lines go on by themselves, and what nobody needs any more is removed."""

from celery import shared_task
from django.utils import timezone

from registrations.actions.retention import remove_protected
from registrations.actions.tending import tend as tend_lines


@shared_task(name="registrations.tend", ignore_result=True)
def tend() -> None:
    """End offers and holds whose time is over; running it twice at once lets nothing go twice."""
    tend_lines(at=timezone.now())


@shared_task(name="registrations.remove_protected", ignore_result=True)
def remove_protected_answers() -> None:
    """Remove answers about diet and accessibility after their event; twice is no harm."""
    remove_protected(at=timezone.now())
