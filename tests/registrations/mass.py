"""Messages to many, in the shortest words for tests: written, listed, sent, drained."""

from datetime import datetime, timedelta

from backend.core.i18n import Text
from events.models import EventSeries
from notifications import delivery
from notifications.models import Message
from notifications.queries import counts_in
from registrations.actions.campaign_words import Words
from registrations.actions.campaigns import (
    pin,
    send,
    write_campaign,
)
from registrations.models import Campaign
from registrations.rules.segments import Segment
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    sign_up,
    somebody,
)

WORDS = Words(
    subject=Text("Salin ovi on auki", "Dörren är öppen", "The door is open"),
    body=Text("Hei!\n\nTule *sisään*.", "Hej!\n\nKom *in*.", "Hello!\n\nCome *in*."),
)
MINUTE = timedelta(minutes=1)
TIRED = somebody(7)


def gathered(series: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of the first morning, Olli waits; Aino comes to the second too."""
    sign_up(series, AINO, 0, 1, at=noon)
    sign_up(series, VEERA, 0, at=noon)
    sign_up(series, OLLI, 0, at=noon)
    Message.objects.all().delete()
    return series


def written(series: EventSeries, segment: Segment | None = None, *, at: datetime) -> Campaign:
    return write_campaign(
        series=series, segment=segment or Segment(), words=WORDS, send_at=None, at=at, actor=None
    )


def sent(series: EventSeries, segment: Segment | None = None, *, at: datetime) -> Campaign:
    one = pin(campaign=written(series, segment, at=at), at=at, actor=None)
    return send(campaign=one, number=one.people, at=at, actor=None)


def drain(at: datetime) -> None:
    while delivery.drain(lane="bulk", owner="worker", at=at):
        pass


def states(campaign: Campaign) -> dict[str, int]:
    return {str(state): count for state, count in counts_in(campaign.batch).items()}
