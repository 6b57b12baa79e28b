"""The VTIMEZONE of a zone as two yearly rules, read from the last line of its time zone file.

Outlook and Thunderbird need RRULEs that hold for ever; the component the library generates lists
decades of single dates instead, with the summer onset an hour late.
"""

import io
import re
import struct
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar

_OFFSET = r"[+-]?\d{1,3}(?::\d{2}){0,2}"
_NAME = r"<[^>]+>|[A-Za-z]{3,}"
_FOOTER = re.compile(
    rf"(?P<std>{_NAME})(?P<std_off>{_OFFSET})"
    rf"(?:(?P<dst>{_NAME})(?P<dst_off>{_OFFSET})?,(?P<start>[^,]+),(?P<end>[^,]+))?"
)
_RULE = re.compile(rf"M(?P<month>\d+)\.(?P<week>\d)\.(?P<day>\d)(?:/(?P<time>{_OFFSET}))?")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST = 5
_YEAR = 1970  # the rules are written as if they had always held


class Unruly(ValueError):  # noqa: N818 - a zone like that is no error
    """The zone cannot be told by two yearly rules; its events are written in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a clock changes every year, and from which offset to which."""

    month: int
    week: int  # 5 is the last one
    weekday: int  # 0 is Sunday
    time: timedelta  # on the clock that is still in force
    name: str
    before: timedelta
    after: timedelta

    def onset(self) -> datetime:
        """Give the change of 1970 on the clock that was in force, where the yearly rule begins."""
        first = date(_YEAR, self.month, 1)
        ahead = (self.weekday - (first.weekday() + 1)) % 7
        day = first + timedelta(days=ahead + 7 * (self.week - 1))
        if day.month != self.month:
            day -= timedelta(days=7)
        return datetime.combine(day, datetime.min.time()) + self.time

    def recurrence(self) -> dict[str, object]:
        """Write the yearly rule; a change at 26 o'clock or before midnight shifts the day."""
        shift = self.time // timedelta(days=1)
        day = _DAYS[(self.weekday + shift) % 7]
        if not shift:
            week = -1 if self.week == _LAST else self.week
            return {"FREQ": "YEARLY", "BYMONTH": self.month, "BYDAY": f"{week}{day}"}
        last = (date(_YEAR, self.month % 12 + 1, 1) - timedelta(days=1)).day
        first = (last - 6 if self.week == _LAST else 7 * self.week - 6) + shift
        if first < 1 or first + 6 > last:
            raise Unruly
        return {
            "FREQ": "YEARLY",
            "BYMONTH": self.month,
            "BYMONTHDAY": list(range(first, first + 7)),
            "BYDAY": day,
        }


@cache
def vtimezone(zone: str) -> bytes:
    """Write the VTIMEZONE of a zone; raises Unruly where two yearly rules cannot tell it."""
    component = icalendar.Timezone()
    component.add("TZID", zone)
    for observance in observances(_footer(zone)):
        component.add_component(observance)
    return bytes(component.to_ical())


def tells(zone: str, moment: datetime) -> bool:
    """Tell whether the two yearly rules give the true hour of a moment, and only once.

    They do not where the law was another one then, and in the hour that the autumn change repeats.
    """
    try:
        ruled, real = _ruled(zone), ZoneInfo(zone)
    except Unruly:
        return False
    there = moment.astimezone(ruled)
    once = there.utcoffset() == there.replace(fold=1 - there.fold).utcoffset()
    return once and there.utcoffset() == moment.astimezone(real).utcoffset()


@cache
def _ruled(zone: str) -> ZoneInfo:
    """Make a clock that knows nothing but the two rules: a time zone file with only its last line."""
    vtimezone(zone)
    counts = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4)
    one_type = struct.pack(">lbb4s", 0, 0, 0, b"UTC")
    footer = f"\n{_footer(zone)}\n".encode("ascii")
    return ZoneInfo.from_file(io.BytesIO((counts + one_type) * 2 + footer))


def observances(footer: str) -> Iterator[icalendar.TimezoneStandard | icalendar.TimezoneDaylight]:
    """Read the footer of a zone file as one or two components."""
    found = _FOOTER.fullmatch(footer)
    if not found:
        raise Unruly
    standard = -_seconds(found["std_off"])
    if not found["dst"]:
        yield _observance(name=found["std"], before=standard, after=standard, onset=datetime(_YEAR, 1, 1))  # noqa: DTZ001 - a clock on the wall
        return
    summer = -_seconds(found["dst_off"]) if found["dst_off"] else standard + timedelta(hours=1)
    start = _rule(found["start"], name=found["dst"], before=standard, after=summer)
    end = _rule(found["end"], name=found["std"], before=summer, after=standard)
    for rule in (start, end):
        observance = _observance(name=rule.name, before=rule.before, after=rule.after, onset=rule.onset())
        observance.add("RRULE", rule.recurrence())
        yield observance


def _observance(
    *, name: str, before: timedelta, after: timedelta, onset: datetime
) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    # by the clock, not by the law: Ireland calls its winter time the exception
    kind = icalendar.TimezoneDaylight if after > before else icalendar.TimezoneStandard
    component = kind()
    component.add("DTSTART", onset)
    component.add("TZOFFSETFROM", before)
    component.add("TZOFFSETTO", after)
    component.add("TZNAME", name.strip("<>"))
    return component


def _rule(written: str, *, name: str, before: timedelta, after: timedelta) -> Rule:
    found = _RULE.fullmatch(written)
    if not found:
        raise Unruly
    return Rule(
        month=int(found["month"]),
        week=int(found["week"]),
        weekday=int(found["day"]),
        time=_seconds(found["time"] or "2"),
        name=name,
        before=before,
        after=after,
    )


def _seconds(written: str) -> timedelta:
    sign = -1 if written.startswith("-") else 1
    hours, minutes, seconds = (int(part) for part in (written.lstrip("+-") + ":0:0").split(":")[:3])
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _footer(zone: str) -> str:
    """Read the rule that holds from now on: the last line of the file (RFC 8536, 3.3)."""
    return _file(zone).rstrip(b"\n").rpartition(b"\n")[2].decode("ascii")


def _file(zone: str) -> bytes:
    if zone not in zoneinfo.available_timezones():
        raise Unruly
    for folder in zoneinfo.TZPATH:
        path = Path(folder, zone)
        if path.is_file():
            return path.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
