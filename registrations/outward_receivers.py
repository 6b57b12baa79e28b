"""What happens to events is told to other systems too, in the transaction in which it happens."""

from django.dispatch import receiver

from events.signals import (
    EventCancelled,
    EventChanged,
    ProgrammeReleased,
    event_cancelled,
    event_changed,
    programme_released,
)
from notifications.models import Message
from notifications.signals import MessageCameBack, message_came_back
from registrations import outward


@receiver(event_changed, dispatch_uid="registrations.other_systems_of_the_change")
def other_systems_of_the_change(fact: EventChanged, **_kwargs: object) -> None:
    """Tell the new time, place or name; a joining link is told to nobody but those who come."""
    if fact.link_only:
        return
    outward.tell_of_event(
        fact.event_id,
        kind=outward.EVENT_CHANGED,
        more={"moved": fact.moved, "place_changed": fact.place_changed, "title_changed": fact.title_changed},
        at=fact.at,
    )


@receiver(event_cancelled, dispatch_uid="registrations.other_systems_of_the_cancellation")
def other_systems_of_the_cancellation(fact: EventCancelled, **_kwargs: object) -> None:
    """Tell that an event will not be held."""
    outward.tell_of_event(fact.event_id, kind=outward.EVENT_CANCELLED, more={}, at=fact.at)


@receiver(programme_released, dispatch_uid="registrations.other_systems_of_the_programme")
def other_systems_of_the_programme(fact: ProgrammeReleased, **_kwargs: object) -> None:
    """Tell that there is a new programme, and its number."""
    outward.tell_of_event(fact.event_id, kind=outward.RELEASED, more={"number": fact.number}, at=fact.at)


@receiver(message_came_back, dispatch_uid="registrations.other_systems_of_what_came_back")
def other_systems_of_what_came_back(fact: MessageCameBack, **_kwargs: object) -> None:
    """Tell that a message did not reach its reader."""
    message = Message.objects.get(pk=fact.message_id)
    outward.tell_of_message(message, state=fact.state, at=fact.at)
