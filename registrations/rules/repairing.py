"""When a message may be sent once more: it did not arrive, still says the truth, and its reader wants it."""

from datetime import datetime

from backend.core.errors import Refusal
from backend.core.i18n import _
from notifications.rules import REPAIRABLE


class NotSentAgain(Refusal):
    """The message arrived, is too late, is out of date, or is not wanted."""

    code = "not-sent-again"


def require_repairable(
    *, state: str, not_after: datetime | None, overtaken: bool, unwanted: bool, at: datetime
) -> None:
    """Refuse to send a message once more where that would help nobody."""
    if state not in REPAIRABLE:
        raise NotSentAgain(_("This message is not one that failed, so it is not sent again."))
    if not_after and at >= not_after:
        raise NotSentAgain(_("The time of this message is over."))
    if overtaken:
        raise NotSentAgain(_("A newer message about the same thing was sent. Send that one again."))
    if unwanted:
        raise NotSentAgain(_("The reader has asked not to get messages of this kind."))
