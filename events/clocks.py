"""What hour an event begins by the clock on the wall, kept apart from the moment that was once.

A moment is stored, and is right until somebody changes the rules of a time zone: then 8.30 is another moment,
and people still come at 8.30. So the service notes what each moment was called, as an interval of ISO 8601
with its offset from UTC, and sees from the note alone that the same moment is now called otherwise.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def note_of(starts_at: datetime, ends_at: datetime, *, zone: str) -> str:
    """Write down what an event's times are called, as ``2027-04-13T08:30:00+03:00/…``."""
    there = ZoneInfo(zone)
    return "/".join(moment.astimezone(there).isoformat() for moment in (starts_at, ends_at))


def corrected(
    note: str, *, starts_at: datetime, ends_at: datetime, zone: str
) -> tuple[datetime, datetime] | None:
    """Give the moments that are now called what these were; None where nothing was noted of these moments."""
    noted = [datetime.fromisoformat(part) for part in note.split("/") if part]
    if noted != [starts_at, ends_at]:
        return None
    start, end = (_called(moment, zone=zone) for moment in noted)
    return start, end


def _called(noted: datetime, *, zone: str) -> datetime:
    """Find the moment of this hour by today's rules; of an hour that comes twice, the one it was."""
    there = ZoneInfo(zone)
    found = [noted.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return noted.astimezone(UTC) if noted in found else found[0]
