"""The state matrix in words: what an event, a place and a message are called on every public page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backend.core import dates
from backend.core.i18n import current
from events.models import Event
from notifications.models import Message
from registrations.models import Registration
from registrations.queries import Availability, ReceiptView

SPOKEN = {"fi": gettext_lazy("Finnish"), "sv": gettext_lazy("Swedish"), "en": gettext_lazy("English")}
SEND = Message.State
_MOVING = {SEND.QUEUED, SEND.CLAIMED, SEND.SENDING, SEND.RETRY_WAIT, SEND.DEFERRED}
_RETURNED = {SEND.BOUNCED_HARD, SEND.BOUNCED_SOFT, SEND.FAILED, SEND.SUPPRESSED, SEND.COMPLAINED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A state as a reader meets it: words first, the tone only underlines them."""

    label: str
    tone: str = ""
    choosable: bool = False  # may be ticked on the form
    moving: bool = False  # will change by itself soon


def event_sign(event: Event, availability: Availability, *, opens_at: datetime | None = None) -> Sign:
    """Tell the state of an event and whether one may choose it."""
    zone, language = event.series.timezone, current()
    match availability.state:
        case "open":
            return Sign(label=_places(availability), tone="ok", choosable=True)
        case "few_left":
            left = availability.places_left or 0
            words = ngettext("The last %(n)d place", "The last %(n)d places", left) % {"n": left}
            return Sign(label=words, tone="warn", choosable=True)
        case "full_with_list":
            waiting = _("Full – join the waiting list (%(n)d waiting)") % {"n": availability.waiting}
            return Sign(label=waiting, tone="warn", choosable=True)
        case "full":
            return Sign(label=_("Full"), tone="warn")
        case "not_yet_open":
            if opens_at is None:
                return Sign(label=_("Registration has not opened yet"))
            when = dates.moment(opens_at, language=language, zone=zone)
            return Sign(label=_("Registration opens %(when)s") % {"when": when}, tone="info")
        case "closed":
            return Sign(label=_("Registration has closed"))
        case "live":
            return Sign(label=_("On now"), tone="info")
        case "past":
            return Sign(label=held_on(event))
        case "cancelled":
            return Sign(label=_("Called off"), tone="danger")
        case _:
            return Sign(label=_("No registration needed"))


def held_on(event: Event) -> str:
    """Say when a past event was held, as exactly as it is known."""
    if note := str(event.when_note):
        return note
    when = dates.day(event.starts_at, language=current(), zone=event.series.timezone)
    return _("Held on %(day)s") % {"day": when}


def _places(availability: Availability) -> str:
    left = availability.places_left
    if left is None:
        return _("Places left")
    return ngettext("%(n)d place left", "%(n)d places left", left) % {"n": left}


def place_sign(registration: Registration, position: int | None) -> Sign:
    """Tell where one registration stands."""
    state = Registration.State
    match registration.state:
        case state.CONFIRMED:
            return Sign(label=_("You have a place"), tone="ok")
        case state.WAITING if position:
            return Sign(label=_("On the waiting list, number %(n)d") % {"n": position}, tone="warn")
        case state.WAITING:
            return Sign(label=_("On the waiting list"), tone="warn")
        case state.OFFERED:
            return Sign(label=_("A place is offered to you"), tone="warn")
        case state.DECLINED:
            return Sign(label=_("You declined the place"))
        case _ if registration.cancelled_by == Registration.CancelledBy.EVENT:
            return Sign(label=_("The event was called off"), tone="danger")
        case _ if registration.cancelled_by == Registration.CancelledBy.ORGANISER:
            return Sign(label=_("Cancelled by the organiser"))
        case _:
            return Sign(label=_("You cancelled"))


def result_sign(state: str) -> Sign:
    """Tell what one submission got, or would get, for an event."""
    if state == Registration.State.CONFIRMED:
        return Sign(label=_("A place is reserved"), tone="ok")
    return Sign(label=_("A place on the waiting list"), tone="warn")


def receipt_sign(seen: ReceiptView) -> Sign:
    """Tell how far the mail of one submission has come.

    Neither the number of messages nor their kinds are told: a known address gets other mail than a new one,
    and the page must not say which it was.
    """
    match seen.delivery:
        case "handed_over":
            last = max(message.state_changed_at for message in seen.messages)
            clock = dates.at_clock(last, language=current(), zone=seen.series.timezone)
            words = _("The mail was handed over to the receiving mail server %(clock)s.")
            return Sign(label=words % {"clock": clock}, tone="ok")
        case "not_delivered":
            label = _("The mail did not arrive. Check the address, and register again if it was wrong.")
            return Sign(label=label, tone="danger")
        case "unclear":
            return Sign(label=_("We could not make sure that the mail left. Look in your inbox."), tone="warn")
        case _:
            return Sign(label=_("The mail is on its way."), tone="info", moving=True)


def mail_sign(message: Message, *, zone: str = dates.HELSINKI) -> Sign | None:
    """Tell an attendee how far the last message about one place has come."""
    if message.state in _RETURNED:
        return Sign(label=_("The last mail did not arrive. Write to the organiser."), tone="danger")
    if message.state in _MOVING:
        return Sign(label=_("The mail is on its way."), tone="info", moving=True)
    if message.state == SEND.UNCERTAIN:
        return Sign(label=_("We could not make sure that the mail left. Look in your inbox."), tone="warn")
    if message.state not in {SEND.ACCEPTED, SEND.DELIVERED}:
        return None
    when = dates.moment(message.state_changed_at, language=current(), zone=zone)
    words = (
        _("The last mail arrived %(when)s.")
        if message.state == SEND.DELIVERED
        else _("The last mail was handed over to your mail server %(when)s.")
    )
    return Sign(label=words % {"when": when}, tone="")
