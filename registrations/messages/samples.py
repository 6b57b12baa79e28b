"""Made-up facts for each kind of message, for previews and for tests; nobody here is real."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from backend.core import dates
from backend.core.i18n import Language, Text
from events import calendar
from notifications.outbox import CalendarPart, Draft, Json, Link
from registrations.messages import kinds
from registrations.messages.facts import calendar_lines, ordinal, short_day

START = datetime(2027, 4, 13, 5, 30, tzinfo=UTC)
_HOURS = timedelta(minutes=90)
_DAY = timedelta(days=1)
_SERIES = Text(
    "Vipuvoimaa skaalaamiseen -aamukahvit",
    "Morgonkaffe: hävstång för skalning",
    "Leverage for scaling: morning coffees",
)
_TITLES = (
    Text("Lähiluonnon saavutettavuus", "Närnaturens tillgänglighet", "Accessibility of nearby nature"),
    Text(
        "Osallisuus, liikunta ja kestävyys",
        "Delaktighet, motion och hållbarhet",
        "Participation, sport and sustainability",
    ),
    Text(
        "Kestävä rakentaminen ja asuminen",
        "Hållbart byggande och boende",
        "Sustainable construction and housing",
    ),
)
_TALK = Text("Luontopolku kaikille", "En naturstig för alla", "A nature trail for everybody")
_ONLINE = Text("Verkossa", "På nätet", "Online")  # as an invitation says it
_REASON = Text(
    "Puhuja on sairastunut, eikä sijaista löytynyt.",
    "Talaren har insjuknat och ingen ersättare hittades.",
    "The speaker has fallen ill and no replacement was found.",
)

_ORGANISER = Text("Esimerkkijärjestäjä", "Exempelarrangören", "Example Organiser")


def event_sample(index: int, language: Language) -> dict[str, Json]:
    """What and when, of a made-up event."""
    start = START + index * _DAY
    return {
        "series": _SERIES.in_language(language),
        "organisers": _ORGANISER.in_language(language),
        "contact_email": "aamukahvit@example.org",
        "title": _TITLES[index].in_language(language),
        "day": short_day(start, language=language, zone=dates.HELSINKI),
        "starts": dates.at_clock(start, language=language),
        "when": dates.period(start, start + _HOURS, language=language),
        "finnish_time": True,
        "mode": "online",
        "place": "",
    }


_REMINDER: dict[Language, str] = {
    "fi": "edellisenä päivänä klo 9.00",
    "sv": "dagen före kl. 9.00",
    "en": "the day before at 9.00",
}


def _programme(language: Language) -> list[Json]:
    talk = _TALK.in_language(language)
    return [{"time": "8.30", "approximate": False, "title": talk, "who": "Veera Esimerkki (Esimerkkilä)"}]


def _facts(language: Language) -> dict[str, Json]:
    return {
        **event_sample(0, language),
        "name": "Aino Esimerkki",
        "registered_by": "",
        "asks": False,
        "readdressed": False,
        "giver": "",
        "position": "",
        "tells_link": True,
        "programme": _programme(language),
        "others": [
            {
                **event_sample(1, language),
                "state": "waiting",
                "position": ordinal(3, language=language),
            },
            {**event_sample(2, language), "state": "confirmed", "position": ""},
        ],
        "reminded": True,
        "reminder": _REMINDER[language],
        "soon": "tomorrow",
        "changeable": True,
        "deadline": dates.moment(START - timedelta(hours=20, minutes=30), language=language),
    }


def _changed(language: Language) -> dict[str, Json]:
    old = START - timedelta(minutes=30)
    return {
        "waiting": False,
        "applied": False,
        "moved": True,
        "start_moved": True,
        "old_day": short_day(old, language=language, zone=dates.HELSINKI),
        "old_when": dates.period(old, old + _HOURS, language=language),
        "place_changed": False,
        "title_changed": False,
        "released": 0,
        "programme_changes": [],
    }


def _cancelled(language: Language, *, called_off: bool) -> dict[str, Json]:
    reason = _REASON.in_language(language) if called_off else ""
    held_until = "" if called_off else dates.at_clock(START - _DAY, language=language)
    return {
        "waiting": False,
        "applied": False,
        "event_cancelled": called_off,
        "reason": reason,
        "held_until": held_until,
        "in_calendar": False,
    }


def draft(kind: str, language: Language, extra: Mapping[str, Json], *, method: str = "") -> Draft:
    """Put a made-up message together."""
    return Draft(
        kind=kind,
        subject="registration:0",
        version=0,
        recipient="aino@example.org",
        language=language,
        context={**_facts(language), **extra},
        links={
            "manage": Link("manage", "sample", "/r/{token}/"),
            "join": Link("ticket", "sample", "/j/{token}/aamukahvit-2027-04-13/"),
        },
        calendar=CalendarPart(method, _ics(method, language)) if method else None,
        audience="event:0",
    )


def _ics(method: str, language: Language) -> str:
    lines = calendar_lines(_programme(language), language=language)
    page = f"https://vipu.example.org/{language}/"
    entry = calendar.Entry(
        uid="sample.0@example.org",
        sequence=0 if method == "REQUEST" else 1,
        stamped_at=START - 30 * _DAY,
        starts_at=START,
        ends_at=START + _HOURS,
        summary=_TITLES[0].in_language(language),
        description="\n".join([_SERIES.in_language(language), *lines, page]),
        location=_ONLINE.in_language(language),
        url=page,
        organizer=calendar.Mailbox(name=_SERIES.in_language(language), email="aamukahvit@example.org"),
        attendee=calendar.Mailbox(name="Aino Esimerkki", email="aino@example.org"),
    )
    return calendar.invitation(entry) if method == "REQUEST" else calendar.cancellation(entry)


def confirmation(language: Language) -> Draft:
    """A place at one event, another one too, and a place in line."""
    return draft(kinds.CONFIRMATION, language, {}, method="REQUEST")


def waiting(language: Language) -> Draft:
    """Third in line."""
    return draft(kinds.WAITING, language, {"position": ordinal(3, language=language), "tells_link": False})


def promoted(language: Language) -> Draft:
    """A place came free."""
    return draft(kinds.PROMOTED, language, {}, method="REQUEST")


def offer(language: Language) -> Draft:
    """A place came free and is offered."""
    sample = draft(kinds.OFFER, language, {**_until(language), "tells_link": False})
    answer = Link("manage", "sample", "/r/{token}/tarjous/aamukahvit/")
    return replace(sample, links={**sample.links, "answer": answer})


def offer_ended(language: Language) -> Draft:
    """The offer was not answered in time."""
    return draft(kinds.OFFER_ENDED, language, {**_until(language), "tells_link": False})


def _until(language: Language) -> dict[str, Json]:
    return {"until": dates.moment(START - timedelta(days=4), language=language)}


def changed(language: Language) -> Draft:
    """The event starts half an hour later."""
    return draft(kinds.CHANGED, language, _changed(language), method="REQUEST")


def cancelled_by_attendee(language: Language) -> Draft:
    """Somebody gave their place up."""
    extra = _cancelled(language, called_off=False)
    return draft(kinds.CANCELLED_BY_ATTENDEE, language, extra, method="CANCEL")


def cancelled_by_organiser(language: Language) -> Draft:
    """The event was called off."""
    extra = _cancelled(language, called_off=True)
    return draft(kinds.CANCELLED_BY_ORGANISER, language, extra, method="CANCEL")


def reminder(language: Language) -> Draft:
    """Tomorrow."""
    return draft(kinds.REMINDER, language, {})


def manage_link(language: Language) -> Draft:
    """Somebody already registered filled in the form again, with one more event."""
    return Draft(
        kind=kinds.MANAGE_LINK,
        subject="attendee:0",
        version=0,
        recipient="aino@example.org",
        language=language,
        context={
            "again": True,
            "series": _SERIES.in_language(language),
            "contact_email": "aamukahvit@example.org",
            "places": [{**event_sample(0, language), "state": "confirmed"}],
            "wanted": [event_sample(2, language)],
        },
        links={
            "manage": Link("manage", "sample", "/r/{token}/"),
            "change": Link("manage", "sample", "/r/{token}/muuta/?aamut=aamukahvit-2027-04-15"),
        },
        audience="series:0",
    )


def note(language: Language) -> Draft:
    """An organiser's own text about one event."""
    facts = {**event_sample(0, language), "name": "Aino Esimerkki"}
    manage = Link("manage", "sample", "/r/{token}/")
    return replace(draft(kinds.NOTE, language, {}), context=facts, links={"manage": manage})
