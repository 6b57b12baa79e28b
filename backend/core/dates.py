"""Dates and times as people of each language write them, always with the weekday and the zone's own clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from backend.core.i18n import Language

HELSINKI = "Europe/Helsinki"
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("må", "ti", "on", "to", "fr", "lö", "sö"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def local(moment: datetime, *, zone: str = HELSINKI) -> datetime:
    """Move a moment onto the clock of the place where the event is held."""
    return moment.astimezone(ZoneInfo(zone))


def weekday(moment: datetime, *, language: Language, zone: str = HELSINKI) -> str:
    """Write the short weekday: ti, ti, Tue."""
    return _WEEKDAYS[language][local(moment, zone=zone).weekday()]


def day(moment: datetime, *, language: Language, zone: str = HELSINKI, year: bool = True) -> str:
    """Write the day: 'ti 13.4.2027', 'ti 13.4.2027', 'Tue 13 April 2027'."""
    there = local(moment, zone=zone)
    name = _WEEKDAYS[language][there.weekday()]
    if language == "en":
        return f"{name} {there.day} {_MONTHS_EN[there.month - 1]}" + (f" {there.year}" if year else "")
    ending = f"{there.year}" if year else ""
    written = f"{there.day}.{there.month}.{ending}"
    return f"{name} {written}" if language == "fi" or year else f"{name} {written.rstrip('.')}"


def clock(moment: datetime, *, zone: str = HELSINKI) -> str:
    """Write the hour as Finns do in all three languages: 8.30."""
    there = local(moment, zone=zone)
    return f"{there.hour}.{there.minute:02d}"


def at_clock(moment: datetime, *, language: Language, zone: str = HELSINKI) -> str:
    """Write 'klo 8.30', 'kl. 8.30', '8.30'."""
    word = {"fi": "klo ", "sv": "kl. ", "en": ""}[language]
    return f"{word}{clock(moment, zone=zone)}"


def moment(value: datetime, *, language: Language, zone: str = HELSINKI) -> str:
    """Write a day and an hour: 'ti 13.4.2027 klo 8.30'."""
    comma = "," if language == "en" else ""
    return (
        f"{day(value, language=language, zone=zone)}{comma} {at_clock(value, language=language, zone=zone)}"
    )


def period(start: datetime, end: datetime, *, language: Language, zone: str = HELSINKI) -> str:
    """Write from when to when: 'ti 13.4.2027 klo 8.30–10.00'; both days when they differ."""
    if local(start, zone=zone).date() == local(end, zone=zone).date():
        return f"{moment(start, language=language, zone=zone)}–{clock(end, zone=zone)}"
    return f"{moment(start, language=language, zone=zone)} – {moment(end, language=language, zone=zone)}"


def days(first: datetime, last: datetime, *, language: Language, zone: str = HELSINKI) -> str:
    """Write the days a series covers: '13.–16.4.2027', '13–16 April 2027'."""
    a, b = local(first, zone=zone), local(last, zone=zone)
    if a.date() == b.date():
        return day(first, language=language, zone=zone)
    if language == "en":
        start = f"{a.day}" if (a.year, a.month) == (b.year, b.month) else f"{a.day} {_MONTHS_EN[a.month - 1]}"
        start += f" {a.year}" if a.year != b.year else ""
        return f"{start}–{b.day} {_MONTHS_EN[b.month - 1]} {b.year}"
    if (a.year, a.month) == (b.year, b.month):
        start = f"{a.day}." if language == "fi" else f"{a.day}"
    else:
        start = f"{a.day}.{a.month}." + (f"{a.year}" if a.year != b.year else "")
    return f"{start}–{b.day}.{b.month}.{b.year}"
