"""What the desk's templates need: the words and tints of states, and tables that keep their roles."""

from collections.abc import Mapping
from typing import Any

from django import template

from notifications.models import Message
from notifications.rules import TROUBLED
from registrations.models import Registration
from registrations.queries.timeline import Moment
from web.desk import news, timeline, words

register = template.Library()


@register.filter
def kind_said(message: Message) -> str:
    """Name the kind of a message, and that it is a text where it is one."""
    return words.message_said(message)


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


@register.filter
def moment_said(moment: Moment) -> str:
    """Say in a few words what happened in a person's timeline."""
    return timeline.moment_said(moment)


@register.filter
def of(found: Mapping[int, Any], pk: int) -> Any:  # noqa: ANN401 - whatever the mapping holds
    """Look up what belongs to a row."""
    return found.get(pk)


register.filter("news_said", news.news_said)
register.filter("trouble_said", news.trouble_said)
register.filter("pretty", news.pretty)
