"""The state matrix in words: what an event, a place and a message are called on every public page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backend.core import dates
from backend.core.i18n import current
from events.models import Event
from notifications.models import Message
from registrations.actions.admission import TOLD_BY_MAIL
from registrations.models import Quota, Registration
from registrations.queries import Availability, ReceiptView
from registrations.rules import OPEN_STATES

SPOKEN = {"fi": gettext_lazy("Finnish"), "sv": gettext_lazy("Swedish"), "en": gettext_lazy("English")}
SEND = Message.State
_UNCLEAR = gettext_lazy("We could not make sure that the mail left. Look in your inbox.")
_MOVING = {SEND.QUEUED, SEND.CLAIMED, SEND.SENDING, SEND.RETRY_WAIT, SEND.DEFERRED}
_RETURNED = {SEND.BOUNCED_HARD, SEND.BOUNCED_SOFT, SEND.FAILED, SEND.SUPPRESSED, SEND.COMPLAINED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A state as a reader meets it: words first, the tone only underlines them."""

    label: str
    tone: str = ""
    choosable: bool = False  # may be ticked on the form
    moving: bool = False  # will change by itself soon


_PLAIN: dict[str, tuple[Promise, str]] = {
    "full": (gettext_lazy("Full"), "warn"),
    "closed": (gettext_lazy("Registration has closed"), ""),
    "live": (gettext_lazy("On now"), "info"),
    "cancelled": (gettext_lazy("Called off"), "danger"),
    "no_registration": (gettext_lazy("No registration needed"), ""),
}


def event_sign(event: Event, availability: Availability, *, opens_at: datetime | None = None) -> Sign:
    """Tell the state of an event and whether one may choose it."""
    if availability.state in OPEN_STATES:
        return _open_sign(availability)
    if availability.state == "past":
        return Sign(label=held_on(event))
    if availability.state == "not_yet_open":
        return _opens_sign(opens_at, zone=event.series.timezone)
    label, tone = _PLAIN[availability.state]
    return Sign(label=str(label), tone=tone)


def _open_sign(availability: Availability) -> Sign:
    left = availability.places_left or 0
    if availability.mode == Quota.Mode.APPLICATION:
        places = availability.capacity or 0
        words = ngettext("By application, %(n)d place", "By application, %(n)d places", places) % {
            "n": places
        }
        return Sign(label=words, tone="info", choosable=True)
    if availability.state == "full_with_list":
        words = _("Full – join the waiting list (%(n)d waiting)") % {"n": availability.waiting}
        return Sign(label=words, tone="warn", choosable=True)
    if availability.state == "few_left":
        words = ngettext("The last %(n)d place", "The last %(n)d places", left) % {"n": left}
        return Sign(label=words, tone="warn", choosable=True)
    words = ngettext("%(n)d place left", "%(n)d places left", left) % {"n": left}
    return Sign(label=words, tone="ok", choosable=True)


def _opens_sign(opens_at: datetime | None, *, zone: str) -> Sign:
    if opens_at is None:
        return Sign(label=_("Registration has not opened yet"))
    when = dates.moment(opens_at, language=current(), zone=zone)
    return Sign(label=_("Registration opens %(when)s") % {"when": when}, tone="info")


_DOORS: dict[str, Promise] = {
    Quota.Mode.INVITATION: gettext_lazy(
        "By personal invitation: you need the code or the link that the organiser sent you."
    ),
    Quota.Mode.MEMBERS: gettext_lazy("For the members of a group: use the address known to the organiser."),
    Quota.Mode.APPLICATION: gettext_lazy(
        "By application: the organiser chooses among those who apply, and tells everybody by mail."
    ),
}


def door_said(mode: str) -> str:
    """Say who may come and what to do; nothing where everybody may."""
    return str(_DOORS.get(mode, ""))


def held_on(event: Event) -> str:
    """Say when a past event was held, as exactly as it is known."""
    if note := str(event.when_note):
        return note
    when = dates.day(event.starts_at, language=current(), zone=event.series.timezone)
    return _("Held on %(day)s") % {"day": when}


_BY = Registration.CancelledBy
_PLACES: dict[str, tuple[Promise, str]] = {
    Registration.State.CONFIRMED: (gettext_lazy("You have a place"), "ok"),
    Registration.State.WAITING: (gettext_lazy("On the waiting list"), "warn"),
    Registration.State.OFFERED: (gettext_lazy("A place is offered to you"), "warn"),
    Registration.State.DECLINED: (gettext_lazy("You declined the place"), ""),
    Registration.State.RECEIVED: (gettext_lazy("Application received, not decided yet"), "info"),
    Registration.State.SHORTLISTED: (gettext_lazy("On the shortlist, not decided yet"), "info"),
    Registration.State.NOT_CHOSEN: (gettext_lazy("Not chosen"), ""),
}
_CANCELLED: dict[str, tuple[Promise, str]] = {
    _BY.EVENT: (gettext_lazy("The event was called off"), "danger"),
    _BY.ORGANISER: (gettext_lazy("Cancelled by the organiser"), ""),
    _BY.TRANSFER: (gettext_lazy("Your place was given to somebody else"), ""),
}


def _own_doing(registration: Registration) -> Promise:
    """Call what somebody gave up by its name: only places have entries that calendars were told of."""
    if registration.waiting_number and registration.calendar_entry.last_method == "":
        return gettext_lazy("You left the waiting list")
    return gettext_lazy("You cancelled")


def place_sign(registration: Registration, position: int | None) -> Sign:
    """Tell where one registration stands."""
    if registration.state == Registration.State.WAITING and position:
        return Sign(label=_("On the waiting list, number %(n)d") % {"n": position}, tone="warn")
    if registration.state == Registration.State.DECLINED and registration.cancelled_by == _BY.TIME:
        return Sign(label=_("The offered place is gone"))
    if registration.state in _PLACES:
        label, tone = _PLACES[registration.state]
    else:
        label, tone = _CANCELLED.get(registration.cancelled_by, (_own_doing(registration), ""))
    return Sign(label=str(label), tone=tone)


def result_sign(state: str) -> Sign:
    """Tell what one submission got, or would get, for an event."""
    if state == Registration.State.CONFIRMED:
        return Sign(label=_("A place is reserved"), tone="ok")
    if state == Registration.State.RECEIVED:
        return Sign(label=_("An application: the organiser decides later"), tone="info")
    if state == TOLD_BY_MAIL:
        return Sign(label=_("The mail tells whether there is a place for this address"), tone="info")
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
            words = _("The mail left at %(clock)s, and the mail server took it.")
            return Sign(label=words % {"clock": clock}, tone="ok")
        case "not_delivered":
            label = _("The mail did not arrive. Check the address, and register again if it was wrong.")
            return Sign(label=label, tone="danger")
        case "unclear":
            return Sign(
                label=_("We could not make sure that the mail left. Look in your inbox."), tone="warn"
            )
        case _:
            return Sign(label=_("The mail is on its way."), tone="info", moving=True)


def mail_sign(message: Message, *, zone: str = dates.HELSINKI) -> Sign | None:
    """Tell an attendee how far the last message about one place has come."""
    if message.state in _RETURNED:
        return Sign(label=_("The last mail did not arrive. Write to the organiser."), tone="danger")
    if message.state in _MOVING:
        return Sign(label=_("The mail is on its way."), tone="info", moving=True)
    if message.state == SEND.UNCERTAIN:
        return Sign(label=str(_UNCLEAR), tone="warn")
    if message.state not in {SEND.ACCEPTED, SEND.DELIVERED}:
        return None
    when = dates.moment(message.state_changed_at, language=current(), zone=zone)
    words = (
        _("The last mail arrived %(when)s.")
        if message.state == SEND.DELIVERED
        else _("The last mail left on %(when)s, and the mail server took it.")
    )
    return Sign(label=words % {"when": when}, tone="")
