"""What the desk's templates need: the words and tints of states, and tables that keep their roles."""

from django import template

from notifications.models import Message
from notifications.rules import TROUBLED
from registrations.models import Registration
from web.desk import words

register = template.Library()


@register.filter
def kind_said(message: Message) -> str:
    """Name the kind of a message."""
    return words.kind_said(message.kind)


@register.filter
def note_said(note: str) -> str:
    """Say why a step was taken, or nothing."""
    return words.note_said(note)


@register.filter
def message_tone(message: Message) -> str:
    """Choose the tint of a message's state."""
    return words.message_tone(message.state, troubled=TROUBLED)


@register.filter
def state_tone(registration: Registration) -> str:
    """Choose the tint of a registration's state."""
    return words.state_tone(registration.state)


@register.filter
def troubled(state: str) -> bool:
    """Tell whether somebody should look at a message in this state."""
    return state in TROUBLED
