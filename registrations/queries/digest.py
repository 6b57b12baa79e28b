"""What came up in a day that needs a person: by series, counted, and nothing where all is well."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from django.db.models import Count

from accounts.models import User
from accounts.policies import ORGANISES
from events.models import Event, EventSeries
from notifications.models import Endpoint, Message
from registrations.models import CalendarReply, Registration
from registrations.queries.replies import FOR_SOMEBODY

_State = Message.State
RETURNED: Final = frozenset({_State.BOUNCED_SOFT, _State.BOUNCED_HARD, _State.COMPLAINED})
NOT_SENT: Final = frozenset({_State.FAILED, _State.SUPPRESSED, _State.UNCERTAIN})
type Needs = Mapping[int, Mapping[str, int]]  # series → how many of each thing


def needs_of_day(start: datetime, end: datetime, *, first_news: Collection[str]) -> Needs:
    """Count what came up in each series; a series without anything is left out.

    ``first_news`` names the kinds of message without which a person knows nothing of their place.
    """
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    _messages(found, start, end, first_news=first_news)
    applied = Registration.objects.filter(
        state=Registration.State.RECEIVED, registered_at__gte=start, registered_at__lt=end
    )
    for series, number in applied.order_by().values_list("event__series").annotate(number=Count("pk")):
        found[series]["applications"] += number
    answered = CalendarReply.objects.filter(
        FOR_SOMEBODY, seen_at__isnull=True, received_at__gte=start, received_at__lt=end
    )
    whose = answered.order_by().values_list("registration__event__series")
    for series, number in whose.annotate(number=Count("pk")):
        found[series]["answers"] += number
    off = Endpoint.objects.filter(
        off__in=[Endpoint.Off.GONE, Endpoint.Off.FAILING], changed_at__gte=start, changed_at__lt=end
    )
    for scope in off.values_list("scope", flat=True):
        found[_number(scope)]["webhooks"] += 1
    return found


def _messages(
    found: defaultdict[int, Counter[str]], start: datetime, end: datetime, *, first_news: Collection[str]
) -> None:
    rows = Message.objects.filter(
        state__in=RETURNED | NOT_SENT, state_changed_at__gte=start, state_changed_at__lt=end
    ).exclude(audience="")
    counted = list(rows.order_by().values_list("audience", "kind", "state").annotate(number=Count("pk")))
    events = [_number(audience) for audience, *_ in counted if audience.startswith("event:")]
    series_of = dict(Event.objects.filter(pk__in=events).values_list("pk", "series"))
    for audience, kind, state, number in counted:
        thing = "returned" if state in RETURNED else "missing" if kind in first_news else "unsent"
        own = audience.startswith("series:")
        series = _number(audience) if own else series_of.get(_number(audience), 0)
        found[series][thing] += number


def _number(name: str) -> int:
    number = name.partition(":")[2]
    return int(number) if number.isdecimal() else 0


def readers_of(needs: Needs) -> list[tuple[User, list[EventSeries]]]:
    """List whoever organises one of these series and wants the morning mail, each with their series."""
    series = {row.pk: row for row in EventSeries.objects.filter(pk__in=needs).order_by("pk")}
    organisations = {row.organisation_id for row in series.values()}
    people = User.objects.filter(
        is_active=True,
        wants_digest=True,
        memberships__role__in=ORGANISES,
        memberships__organisation__in=organisations,
    )
    readers = []
    for user in people.distinct().order_by("pk"):
        held = user.memberships.filter(role__in=ORGANISES).values_list("organisation", flat=True)
        own = set(held)
        readers.append((user, [row for row in series.values() if row.organisation_id in own]))
    return readers
