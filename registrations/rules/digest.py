"""When organisers are told in the morning what needs them, and of which day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FROM, UNTIL = time(8), time(12)  # after noon it would be no morning mail any more


def digest_day(at: datetime, *, zone: str) -> date | None:
    """Name the day whose mail may leave now; None outside the morning."""
    there = at.astimezone(ZoneInfo(zone))
    return there.date() if FROM <= there.time() < UNTIL else None


def digest_window(day: date, *, zone: str) -> tuple[datetime, datetime]:
    """Give the day that ended at eight this morning: what came up then is told, and nothing twice."""
    end = datetime.combine(day, FROM, tzinfo=ZoneInfo(zone))
    return datetime.combine(day - timedelta(days=1), FROM, tzinfo=ZoneInfo(zone)), end
