"""What correcting an address or joining two registrations would do, in sentences, before it is done."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from backend.core.dates import day
from backend.core.i18n import current
from notifications import suppression
from registrations.models import Attendee, Quota, Registration
from registrations.queries.merging import Forecast, Pair


def address_effects(*, old: str, new: str) -> list[str]:
    """Tell where mails go from now on, what stops working, and whether the old address is told."""
    if suppression.suppressed([old]):
        told = _("%(email)s gets no mail: it is blocked.") % {"email": old}
    else:
        told = _("%(email)s gets a mail that the address was corrected.") % {"email": old}
    return [
        _("From now on mails go to %(email)s.") % {"email": new},
        _("The confirmations and a new link are sent to it, with calendar invitations."),
        _("The earlier links and tickets stop working."),
        told,
    ]


def effects_of(told: Forecast, *, kept: Attendee, other: Attendee) -> list[str]:
    """Tell event by event what stays, what is brought over, and who is told."""
    calls = _calls(told.pairs)
    said = [_pair_said(pair, calls=calls) for pair in told.pairs]
    if told.answers:
        names = ", ".join(str(question.label) for question in told.answers)
        said.append(_("Answers brought over, since this registration has none: %(names)s") % {"names": names})
    if told.consents:
        names = ", ".join(told.consents)
        said.append(_("Consents brought over: %(names)s") % {"names": names})
    if told.details:
        said.append(_("Missing details are filled in: organisation, municipality, role or wish."))
    said.append(
        _("Both addresses get a mail. From now on mails go to %(email)s only.") % {"email": kept.email}
    )
    said.append(
        _("The links sent to %(email)s can change nothing any more. Its tickets and calendar feed go on.")
        % {"email": other.email}
    )
    said.append(_("This cannot be undone."))
    return said


def _calls(pairs: Iterable[Pair]) -> dict[int, str]:
    """Tell how the next in line is called, of the events where somebody else than these two waits."""
    both = {row.attendee_id for pair in pairs for row in (pair.stays, pair.goes) if row}
    waiting = Registration.objects.filter(
        event__in=[pair.stays.event_id for pair in pairs], state=Registration.State.WAITING
    )
    found = waiting.exclude(attendee__in=both).order_by().distinct()
    return dict(found.values_list("event", "event__quota__promotion"))


def _pair_said(pair: Pair, *, calls: Mapping[int, str]) -> str:
    event = pair.stays.event
    on = day(event.starts_at, language=current(), zone=event.series.timezone, year=False)
    facts = {
        "event": f"{on} {event.title}",
        "state": pair.stays.get_state_display(),
        "whose": pair.stays.attendee.email,
    }
    if pair.goes is None:
        return _("%(event)s: comes over (%(state)s)") % facts
    gone = facts | {"gone": pair.goes.get_state_display(), "theirs": pair.goes.attendee.email}
    said = _("%(event)s: %(whose)s (%(state)s) stays, %(theirs)s (%(gone)s) ends") % gone
    if not _frees(pair):
        return said
    return f"{said}. {_freed(calls.get(pair.stays.event_id))}"


def _freed(called: str | None) -> str:
    if called is None:
        return _("The place comes free.")
    if called == Quota.Promotion.OFFER:
        return _("The next in line is offered the place.")
    return _("The next in line gets the place.")


def _frees(pair: Pair) -> bool:
    return pair.goes is not None and pair.goes.state in Registration.HOLDS_A_PLACE
