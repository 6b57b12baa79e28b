"""Thin entrances for the workers: load what is ahead, call one action for each."""

from celery import shared_task
from django.utils import timezone

from backend.core.turns import in_turn
from events.actions import keep_clock
from events.models import Event


@shared_task(name="events.keep_clocks", ignore_result=True)
def keep_clocks() -> None:
    """Keep the hours of events that are ahead, whatever becomes of the rules of their time zone."""
    at = timezone.now()
    ahead = Event.objects.filter(starts_at__gt=at).exclude(state=Event.State.CANCELLED)
    in_turn(
        ahead.select_related("series").order_by("starts_at", "pk"),
        lambda event: keep_clock(event=event, at=at),
    )
