"""What follows a change of an event within this app: the entries of speakers; and their answers."""

from django.dispatch import receiver

from events.actions.speaking import follow, take_speaker_reply
from events.models import Event
from events.signals import (
    EventCancelled,
    EventChanged,
    ProgrammeReleased,
    event_cancelled,
    event_changed,
    programme_released,
)
from notifications.signals import MailArrived, mail_arrived


@receiver(event_changed, dispatch_uid="events.speakers_of_the_change")
@receiver(programme_released, dispatch_uid="events.speakers_of_the_programme")
@receiver(event_cancelled, dispatch_uid="events.speakers_of_the_cancellation")
def tell_speakers(fact: EventChanged | ProgrammeReleased | EventCancelled, **_kwargs: object) -> None:
    """Let the calendars of the invited speakers follow."""
    follow(Event.objects.select_related("series").get(pk=fact.event_id), at=fact.at)


@receiver(mail_arrived, dispatch_uid="events.take_the_speakers_answer")
def take_the_answer(fact: MailArrived, **_kwargs: object) -> str:
    """Take down what a speaker's calendar answered."""
    return take_speaker_reply(raw=fact.raw, recipient=fact.recipient, at=fact.at)
