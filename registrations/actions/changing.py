"""Changing one's mind: other events, another language, always by the link from the mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from backend.core.i18n import Language, _, as_language
from events.models import Event
from notifications import outbox
from registrations import invitations, rules
from registrations.actions.admission import Doors
from registrations.actions.automatic import take_back
from registrations.actions.cancelling import end, may_give_up, require_changeable
from registrations.actions.people import hold
from registrations.actions.placing import insert, lock_quotas, whole
from registrations.actions.registering import Wanted, enter
from registrations.models import Attendee, Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change did. ``kept`` are places whose deadline has passed, so they could not be given up."""

    added: tuple[Registration, ...]
    cancelled: tuple[Registration, ...]
    kept: tuple[Registration, ...]
    full: tuple[Event, ...]  # wanted, but neither a place nor a line was left


@transaction.atomic
def change(*, attendee: Attendee, events: Sequence[str], at: datetime, code: str = "") -> Changed:
    """Make these the events the person comes to: the others are given up, the new ones entered.

    A place whose deadline has passed stays, whether it is named or not. It is refused when that was
    all there was to change, and for an event that has closed and was not chosen before. An organiser's
    exception moves the deadlines of this one person, for giving up and for entering alike.
    """
    slugs = list(dict.fromkeys(events))
    if not slugs:
        sentence = _("Choose at least one event, or cancel all of your places.")
        raise rules.NoEventChosen(sentence, fields={"events": [sentence]})
    hold(attendee)
    own = Registration.objects.filter(attendee=attendee, state__in=Registration.ACTIVE)
    have = set(own.values_list("event__slug", flat=True))
    language = as_language(attendee.language)
    wanted = Wanted.read(
        attendee.series,
        [slug for slug in slugs if slug not in have],
        at=at,
        language=language,
        exception=attendee.may_change_until,
    )
    doors = wanted.doors(code=code, language=language, own=True)
    doors.require([attendee.email_key])
    _require_first_application(attendee, doors)
    fresh = insert(attendee, events=wanted.events, applied=doors.applied, at=at)
    quotas = lock_quotas([*wanted.quotas, *own.values_list("event", flat=True)])
    leaving = list(whole(own.exclude(event__slug__in=slugs).filter(event__ends_at__gt=at)))
    late = [row for row in leaving if not may_give_up(row, quotas[row.event_id], at=at)]
    if late and not fresh and len(late) == len(leaving):
        require_changeable(late[0], quotas[late[0].event_id], at=at)
    free = [row for row in leaving if row not in late]
    drafts = end(free, quotas=quotas.values(), by=Registration.CancelledBy.ATTENDEE, at=at)
    added, outcomes = enter(fresh, wanted=wanted, doors=doors, at=at)
    outbox.queue_many([*drafts, *outcomes], at=at)
    entered = {row.event_id for row in added}
    return Changed(
        added=tuple(added),
        cancelled=tuple(free),
        kept=tuple(late),
        full=tuple(event for event in wanted.events if event.pk not in entered),
    )


def _require_first_application(attendee: Attendee, doors: Doors) -> None:
    """Refuse somebody who was not chosen to apply again; the organiser can take the application up."""
    turned_down = attendee.registrations.filter(
        state=Registration.State.NOT_CHOSEN, event__in=[event.pk for event in doors.events]
    )
    if row := turned_down.select_related("event__series").first():
        raise rules.applied_before(
            title=row.event.title.in_language(doors.language), contact=row.event.series.contact_email
        )


@transaction.atomic
def set_language(*, attendee: Attendee, language: Language, at: datetime) -> Attendee:
    """Write to the person in another language from now on; what a rule has promised is written anew."""
    hold(attendee)
    own = Registration.objects.filter(attendee=attendee, state__in=Registration.ACTIVE)
    lock_quotas(own.values_list("event", flat=True))
    Attendee.objects.filter(pk=attendee.pk).update(language=language)
    attendee.language = language
    rows = list(whole(own))
    taken = take_back(rows, at=at, note="another-language")
    invitations.revise([row for row in rows if row.pk in taken], at=at)
    return attendee
