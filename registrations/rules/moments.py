"""The moments that hang on an event: its reminder and its deadlines, on the clock of the place."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

REMINDER_HOUR = time(9)


def reminder_at(starts_at: datetime, *, zone: str) -> datetime:
    """Name the moment of the reminder: nine o'clock on the day before, on the clock of the place."""
    place = ZoneInfo(zone)
    day = starts_at.astimezone(place).date() - timedelta(days=1)
    return datetime.combine(day, REMINDER_HOUR, tzinfo=place)


def reminder_until(starts_at: datetime, *, zone: str) -> datetime:
    """Name the midnight after which a reminder that says 'tomorrow' would not be true."""
    place = ZoneInfo(zone)
    return datetime.combine(starts_at.astimezone(place).date(), time(), tzinfo=place)


def shifted(moment: datetime, *, old: datetime, new: datetime, zone: str) -> datetime:
    """Move a deadline along with its event, so that 'noon of the day before' stays noon."""
    place = ZoneInfo(zone)
    wall = moment.astimezone(place).replace(tzinfo=None)
    by = new.astimezone(place).replace(tzinfo=None) - old.astimezone(place).replace(tzinfo=None)
    return (wall + by).replace(tzinfo=place)
