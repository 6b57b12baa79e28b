"""Thin entrance for the scheduler: ask about the events that have just been held."""

from celery import shared_task
from django.utils import timezone

from surveys import actions


@shared_task(name="surveys.open_due", ignore_result=True)
def open_due() -> None:
    """Send the surveys whose time has come; running it twice at once sends nothing twice."""
    actions.open_due(at=timezone.now())
