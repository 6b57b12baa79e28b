"""The deadlines that hang on an event move along with it, on the clock of the place."""

from datetime import datetime
from zoneinfo import ZoneInfo


def shifted(moment: datetime, *, old: datetime, new: datetime, zone: str) -> datetime:
    """Move a deadline along with its event, so that 'noon of the day before' stays noon."""
    place = ZoneInfo(zone)
    wall = moment.astimezone(place).replace(tzinfo=None)
    by = new.astimezone(place).replace(tzinfo=None) - old.astimezone(place).replace(tzinfo=None)
    return (wall + by).replace(tzinfo=place)
