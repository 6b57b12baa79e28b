"""A message in the organiser's own words for the open series: written, and waiting to be switched on."""

from datetime import datetime

from accounts.models import User
from backend.core.i18n import Text
from events.models import EventSeries
from registrations.actions.campaign_words import Words
from registrations.actions.ruling import make_rule
from registrations.rules import RuleDraft, When

_TO_THOSE_WHO_CAME = RuleDraft(
    kind="note",
    name="Kiitos mukana olleille",
    anchor="end",
    when=When(minutes=120),
    attendance="attended",
    late="send",
)
_THANKS = Words(
    subject=Text(
        "Kiitos aamusta, {name}!", "Tack för morgonen, {name}!", "Thank you for the morning, {name}!"
    ),
    body=Text(
        "Hei {name}!\n\nKiitos, että olit mukana: **{event}**.\n\nPuhujien kalvot lähetetään viikon kuluessa."
        " Muut aamusi näet täältä:\n\n{manage}",
        "Hej {name}!\n\nTack för att du var med: **{event}**.\n\nTalarnas bilder skickas inom en vecka."
        " Dina andra morgnar ser du här:\n\n{manage}",
        "Hello {name}!\n\nThank you for being there: **{event}**.\n\nThe slides follow within a week."
        " Your other mornings are here:\n\n{manage}",
    ),
)


def write_thanks(series: EventSeries, *, at: datetime, organiser: User) -> None:
    """Write thanks to those who come; the organiser looks at them and switches them on."""
    make_rule(series=series, draft=_TO_THOSE_WHO_CAME, words=_THANKS, publish=True, at=at, actor=organiser)
