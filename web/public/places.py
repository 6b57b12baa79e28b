"""What an attendee sees of each place just now: before the morning, at its door, and after it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _

from backend.core import dates
from backend.core.i18n import current
from events.models import Event
from registrations.models import Registration
from registrations.queries import Place
from registrations.queries.automatic import reminders_of
from registrations.queries.replies import released_at
from registrations.rules import WHY_WAITING, attendees_may_give, joining_opens_at, own_deadline
from surveys.models import Invitation
from web.public.days import Day, days_of
from web.public.signs import Sign, mail_sign, place_sign


class Leaving(StrEnum):
    """What somebody gives up who leaves: each is called by its name."""

    PLACE = "place"
    LINE = "line"
    APPLICATION = "application"


_LEAVES: Mapping[str, Leaving] = {
    Registration.State.WAITING: Leaving.LINE,
    Registration.State.RECEIVED: Leaving.APPLICATION,
    Registration.State.SHORTLISTED: Leaving.APPLICATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """One place on the attendee's page, with what can be done about it now."""

    event: Event
    day: Day
    sign: Sign
    mail: Sign | None
    join_page: str = ""  # empty until the link may be told
    joining: bool = False  # the door is open now
    link_note: str = ""
    ticket: str = ""
    certificate: str = ""
    survey: str = ""
    cancellable: bool = False
    leaving: Leaving = Leaving.PLACE
    giveable: bool = False  # may be given to a colleague here
    why: str = ""  # they wait and have not been called
    offer_until: str = ""  # an offer waits for an answer
    restorable_until: str = ""  # cancelled a moment ago
    declined_until: str = ""  # declined in the calendar: released then


def own_places(places: Sequence[Place], *, at: datetime) -> list[OwnPlace]:
    """Prepare every place in the order of the mornings."""
    days = days_of([place.event for place in places], at=at)
    surveys = _open_surveys(places, at=at)
    going = released_at([place.registration.pk for place in places], at=at)
    reminders = reminders_of([place.event for place in places])
    return [
        replace(
            _own(place, day, surveys=surveys, reminder=reminders.get(place.event.pk), at=at),
            declined_until=_clock(going.get(place.registration.pk), place.event),
        )
        for place, day in zip(places, days, strict=True)
    ]


def _own(
    place: Place, day: Day, *, surveys: Mapping[int, str], reminder: datetime | None, at: datetime
) -> OwnPlace:
    event, registration = place.event, place.registration
    confirmed = registration.state == Registration.State.CONFIRMED and event.state == Event.State.PUBLISHED
    told_from = _link_told_from(event, reminder=reminder)
    shown = confirmed and at < event.ends_at and (told_from is None or at >= told_from)
    note = ""
    if confirmed and told_from and at < told_from:
        when = dates.moment(told_from, language=current(), zone=event.series.timezone)
        note = _("The joining link comes here and by mail on %(when)s.") % {"when": when}
    return OwnPlace(
        event=event,
        day=day,
        sign=place_sign(registration, place.position),
        mail=mail_sign(place.message, zone=event.series.timezone) if place.message else None,
        join_page=joining_page(registration) if shown and event.join_url else "",
        joining=shown and bool(event.join_url) and at >= joining_opens_at(event.starts_at),
        ticket=ticket_page(registration) if confirmed and _at_a_door(event, at=at) else "",
        certificate=certificate_page(registration) if registration.attended and at >= event.ends_at else "",
        link_note=note,
        survey=surveys.get(registration.pk, ""),
        cancellable=registration.state in Registration.ACTIVE and at < _own_deadline(registration, event),
        leaving=_LEAVES.get(registration.state, Leaving.PLACE),
        giveable=confirmed and _may_give(registration, event, at=at),
        why=str(WHY_WAITING[place.why]) if place.why else "",
        offer_until=_moment(place.offered_until(at=at), event),
        restorable_until=_clock(place.restorable_until(at=at), event),
    )


def joining_page(registration: Registration) -> str:
    """Give the address of the page that this person joins by."""
    words = {"ticket": registration.attendee.ticket_token, "event": registration.event.slug}
    return reverse("personal:join", kwargs=words)


def ticket_page(registration: Registration) -> str:
    """Give the address of the person's ticket."""
    return reverse("personal:ticket", kwargs={"ticket": registration.attendee.ticket_token})


def certificate_page(registration: Registration) -> str:
    """Give the address of the person's certificate of this event."""
    words = {"token": registration.attendee.token, "event": registration.event.slug}
    return reverse("personal:certificate", kwargs=words)


def _at_a_door(event: Event, *, at: datetime) -> bool:
    """Tell whether the event is still to come, and somebody stands at its door."""
    return event.mode != Event.Mode.ONLINE and at < event.ends_at


def _own_deadline(registration: Registration, event: Event) -> datetime:
    return own_deadline(_closes_at(event), exception=registration.attendee.may_change_until)


def _may_give(registration: Registration, event: Event, *, at: datetime) -> bool:
    """Tell whether the person may pass a confirmed place on; where the organiser chooses, only they may."""
    quota = getattr(event, "quota", None)
    in_time = at < min(_own_deadline(registration, event), event.ends_at)
    if quota is None or registration.attended is not None:
        return False
    return in_time and attendees_may_give(quota.mode)


def _moment(moment: datetime | None, event: Event) -> str:
    return dates.moment(moment, language=current(), zone=event.series.timezone) if moment else ""


def _clock(moment: datetime | None, event: Event) -> str:
    return dates.at_clock(moment, language=current(), zone=event.series.timezone) if moment else ""


def _link_told_from(event: Event, *, reminder: datetime | None) -> datetime | None:
    """Tell when the joining link is told; None when it is told at once or there is none."""
    if not event.join_url or event.link_policy == Event.LinkPolicy.AT_ONCE:
        return None
    return reminder


def _closes_at(event: Event) -> datetime:
    quota = getattr(event, "quota", None)
    return quota.closes_at if quota else event.starts_at


def _open_surveys(places: Iterable[Place], *, at: datetime) -> dict[int, str]:
    """Find the surveys this person may still answer."""
    ids = [place.registration.pk for place in places]
    open_ones = Invitation.objects.filter(
        registration__in=ids, response__isnull=True, survey__closes_at__gt=at
    )
    return {
        invitation.registration_id: reverse("personal:survey", kwargs={"token": invitation.token})
        for invitation in open_ones
    }
