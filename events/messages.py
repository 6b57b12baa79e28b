"""What is told to speakers: that they are invited to their own part, that it has changed or is no more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings

from backend.core import dates
from backend.core.i18n import Language, Text, as_language
from events import calendar
from events.models import Event, SpeakerEntry
from notifications.drafts import CalendarPart, Draft, Json
from notifications.kinds import Kind, Lane, Policy
from notifications.reply_address import reply_address

INVITATION = "speaker_invitation"
CANCELLED = "speaker_cancelled"
_START = datetime(2027, 4, 13, 5, 40, tzinfo=UTC)


def to_speaker(entry: SpeakerEntry, *, changed: bool = False) -> Draft:
    """Tell a speaker how their part stands; the entry says whether it does."""
    cancelled = entry.last_method == "CANCEL"
    language = language_of(entry)
    event = entry.event
    zone = event.series.timezone
    return Draft(
        kind=CANCELLED if cancelled else INVITATION,
        subject=f"speaker:{entry.pk}",
        version=entry.sequence,
        recipient=entry.email,
        language=language,
        context={
            "name": entry.speaker.name,
            "title": entry.title,
            "event": event.title.told(language),
            "series": event.series.title.told(language),
            "contact_email": event.series.contact_email,
            "day": dates.day(entry.starts_at, language=language, zone=zone, year=False),
            "when": dates.period(entry.starts_at, entry.ends_at, language=language, zone=zone),
            "finnish_time": zone == dates.HELSINKI,
            "mode": event.mode,
            "place": event.place.in_language(language),
            "changed": changed,
            "called_off": event.state == Event.State.CANCELLED,
        },
        calendar=CalendarPart(entry.last_method, _ics(entry, language=language)),
        audience=f"event:{entry.event_id}",
        scope=f"series:{event.series_id}",
    )


def language_of(entry: SpeakerEntry) -> Language:
    """Tell in which language a speaker is written to."""
    return as_language(entry.speaker.language or entry.event.language)


def _ics(entry: SpeakerEntry, *, language: Language) -> str:
    event, sender = entry.event, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    name = event.series.title.in_language(language)
    address = reply_address(entry.link_seed) if entry.answerable else ""
    organizer = (
        calendar.Mailbox(name=name, email=address, sent_by=sender)
        if address
        else calendar.Mailbox(name=name, email=sender)
    )
    lines = [name, event.title.told(language), event.join_url]
    made = calendar.Entry(
        uid=entry.uid,
        sequence=entry.sequence,
        stamped_at=entry.stamped_at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=entry.title,
        zone=event.series.timezone,
        description="\n".join(filter(None, lines)),
        location=entry.place,
        organizer=organizer,
        attendee=calendar.Mailbox(name=entry.speaker.name, email=entry.email),
        asks=True,
    )
    return calendar.cancellation(made) if entry.last_method == "CANCEL" else calendar.invitation(made)


_TITLE = Text("Luontopolku kaikille", "En naturstig för alla", "A nature trail for everybody")
_EVENT = Text("Lähiluonnon saavutettavuus", "Närnaturens tillgänglighet", "Accessibility of nearby nature")
_SERIES = Text(
    "Vipuvoimaa skaalaamiseen -aamukahvit",
    "Morgonkaffe: hävstång för skalning",
    "Leverage for scaling: morning coffees",
)


def _sample(kind: str, language: Language, **more: Json) -> Draft:
    method = "CANCEL" if kind == CANCELLED else "REQUEST"
    ends = _START + timedelta(minutes=15)
    made = calendar.Entry(
        uid="speaker.0@example.org",
        sequence=int(kind == CANCELLED),
        stamped_at=_START - timedelta(days=30),
        starts_at=_START,
        ends_at=ends,
        summary=_TITLE.in_language(language),
        organizer=calendar.Mailbox(name=_SERIES.in_language(language), email="aamukahvit@example.org"),
        attendee=calendar.Mailbox(name="Veera Esimerkki", email="veera@example.org"),
        asks=True,
    )
    ics = calendar.cancellation(made) if kind == CANCELLED else calendar.invitation(made)
    return Draft(
        kind=kind,
        subject="speaker:0",
        version=0,
        recipient="veera@example.org",
        language=language,
        context={
            "name": "Veera Esimerkki",
            "title": _TITLE.in_language(language),
            "event": _EVENT.in_language(language),
            "series": _SERIES.in_language(language),
            "contact_email": "aamukahvit@example.org",
            "day": dates.day(_START, language=language, year=False),
            "when": dates.period(_START, ends, language=language),
            "finnish_time": True,
            "mode": "online",
            "place": "",
            "changed": False,
            "called_off": False,
            **more,
        },
        calendar=CalendarPart(method, ics),
        audience="event:0",
    )


def invitation_sample(language: Language) -> Draft:
    """A speaker is asked to their part."""
    return _sample(INVITATION, language)


def cancelled_sample(language: Language) -> Draft:
    """The part is no longer in the programme."""
    return _sample(CANCELLED, language)


def _kind(key: str, sample: Callable[[Language], Draft]) -> Kind:
    return Kind(
        key=key,
        template=f"events/messages/{key}",
        policy=Policy.RESEND_ONCE,
        lane=Lane.NORMAL,
        sample=sample,
    )


KINDS = (_kind(INVITATION, invitation_sample), _kind(CANCELLED, cancelled_sample))
