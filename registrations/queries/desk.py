"""What the organiser's desk shows: who comes, who waits, what was told to whom."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from accounts.models import ApiToken, Municipality
from accounts.policies import LOOKS, Person, Roles, organisations_where
from backend.core.errors import NotFound
from backend.core.i18n import _
from events.models import Event, EventSeries
from notifications.models import Message
from registrations.models import Attendee, Registration

STATES = {*Registration.State.values, "active"}


def registrations_of(
    place: EventSeries | Event, *, q: str = "", state: str = "", event: str = ""
) -> QuerySet[Registration]:
    """List the registrations of a series or an event; ``q`` finds parts of name, address or organisation."""
    own = Q(event=place) if isinstance(place, Event) else Q(event__series=place)
    return narrowed(_rows().filter(own), q=q, state=state, event=event)


def registrations_for(
    person: Person, *, roles: Roles = LOOKS, token: ApiToken | None = None
) -> QuerySet[Registration]:
    """List the registrations to the events of the person's organisations."""
    own = organisations_where(person, roles=roles, token=token)
    return _rows().filter(event__series__organisation__in=own)


def registration_for(
    person: Person, pk: int, *, roles: Roles = LOOKS, token: ApiToken | None = None
) -> Registration:
    """Find one registration to the person's own events; somebody else's does not exist for them."""
    found = registrations_for(person, roles=roles, token=token).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    return found


def narrowed(
    rows: QuerySet[Registration], *, q: str = "", state: str = "", event: str = "", series: str = ""
) -> QuerySet[Registration]:
    """Keep those that match: every word of ``q``, one state or the active ones, one event, one series."""
    for word in q.split()[:_WORDS]:
        rows = rows.filter(_mentions(word, "attendee__"))
    if state:
        rows = rows.filter(state__in=Registration.ACTIVE if state == "active" else [state])
    if event:
        rows = rows.filter(event__slug=event)
    return rows.filter(event__series__slug=series) if series else rows


_WORDS = 8
_SEARCHED = ("name", "email", "organisation")


def mentioning(people: QuerySet[Attendee], q: str) -> QuerySet[Attendee]:
    """Keep the people in whose name, address, organisation or municipality every word of ``q`` stands."""
    for word in q.split()[:_WORDS]:
        people = people.filter(_mentions(word))
    return people


def _mentions(word: str, prefix: str = "") -> Q:
    """Look for a word in every field; SQLite takes Å and å for different letters, so both are asked for.

    The municipalities are few: they are looked through first, so that no row of people needs them beside it.
    """
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    codes = Municipality.objects.filter(_anywhere(("name_fi", "name_sv"), spellings)).order_by()
    places = Q((f"{prefix}municipality__in", list(codes.values_list("pk", flat=True))))
    return _anywhere([f"{prefix}{field}" for field in _SEARCHED], spellings) | places


def _anywhere(fields: Iterable[str], spellings: Iterable[str]) -> Q:
    return reduce(or_, [Q((f"{field}__icontains", one)) for field in fields for one in sorted(spellings)])


def messages_for(
    person: Person,
    *,
    series: str = "",
    event: str = "",
    roles: Roles = LOOKS,
    token: ApiToken | None = None,
) -> QuerySet[Message]:
    """List the messages about the person's own series and their events, or about one; the newest first."""
    whole = EventSeries.objects.filter(organisation__in=organisations_where(person, roles=roles, token=token))
    if series:
        whole = whole.filter(slug=series)
    events = Event.objects.filter(series__in=whole)
    if event:
        events, whole = events.filter(slug=event), whole.none()
    audiences = [f"event:{pk}" for pk in events.values_list("pk", flat=True)]
    audiences += [f"series:{pk}" for pk in whole.values_list("pk", flat=True)]
    return Message.objects.filter(audience__in=audiences).order_by("-pk")


def message_for(
    person: Person, pk: int, *, roles: Roles = LOOKS, token: ApiToken | None = None
) -> tuple[Message, int]:
    """Find one of these messages, and the organisation whose it is; somebody else's does not exist."""
    own = organisations_where(person, roles=roles, token=token)
    message = Message.objects.filter(pk=pk).prefetch_related("events").first()
    kind, _colon, number = message.audience.partition(":") if message else ("", "", "")
    series = EventSeries.objects.filter(organisation__in=own)
    if number.isdecimal() and kind in {"event", "series"}:
        about = {"events": int(number)} if kind == "event" else {"pk": int(number)}
        organisation = series.filter(**about).values_list("organisation", flat=True).first()
        if message and organisation:
            return message, organisation
    raise NotFound(_("Nothing was found at this address."))


def _rows() -> QuerySet[Registration]:
    return Registration.objects.select_related("attendee__municipality", "event__series", "calendar_entry")
