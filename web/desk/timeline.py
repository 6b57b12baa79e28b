"""The timeline of one person at the desk: every moment in words."""

from collections.abc import Iterable

from django.utils.translation import gettext

from registrations.queries.timeline import Moment, Step
from web.desk.words import kind_said, message_said


def moment_said(moment: Moment) -> str:
    """Say in a few words what happened."""
    match moment.step:
        case Step.REGISTERED:
            return gettext("Registered")
        case Step.CAME:
            return _came(moment)
        case Step.ANSWERED:
            return gettext("Answered the survey")
        case Step.RELEASE:
            return gettext("The place is released, unless the person keeps it")
        case Step.REPLY:
            return _replied(moment)
        case _:
            return _told(moment)


def _came(moment: Moment) -> str:
    row = moment.registration
    if row is None or not row.attended:
        return gettext("Was absent")
    return gettext("Joined by the link") if row.came == row.Came.JOINED else gettext("Came")


def _replied(moment: Moment) -> str:
    reply = moment.reply
    if reply is None:
        return ""
    parts: Iterable[str] = (str(reply.get_attends_display()), str(reply.get_outcome_display()))
    return gettext("Calendar: %(answer)s") % {"answer": " – ".join(parts)}


def _told(moment: Moment) -> str:
    message = moment.message
    kind = message_said(message) if message else kind_said(moment.kind)
    if moment.step is Step.PLANNED:
        return gettext("%(message)s: will be sent") % {"message": kind}
    state = message.said(moment.state) if message else ""
    return f"{kind}: {state}"
