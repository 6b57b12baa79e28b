"""What joining two registrations would do, in sentences, before anything is done."""

from django.utils.translation import gettext as _

from backend.core.dates import day
from backend.core.i18n import current
from registrations.models import Attendee, Registration
from registrations.queries.merging import Forecast, Pair


def effects_of(told: Forecast, *, kept: Attendee, other: Attendee) -> list[str]:
    """Tell event by event what stays, what is brought over, and who is told."""
    said = [_pair_said(pair) for pair in told.pairs]
    if any(_frees(pair) for pair in told.pairs):
        said.append(_("The place that comes free goes to the next in line."))
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


def _pair_said(pair: Pair) -> str:
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
    return _("%(event)s: %(whose)s (%(state)s) stays, %(theirs)s (%(gone)s) ends") % gone


def _frees(pair: Pair) -> bool:
    return pair.goes is not None and pair.goes.state in Registration.HOLDS_A_PLACE
