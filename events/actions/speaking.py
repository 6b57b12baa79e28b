"""Speakers' own calendars: invited to their parts, kept up to date by each release, and their answers.

What speakers are told is the released programme, never the draft. A part keeps one entry; whatever changes in
its time, place or title raises its sequence, and a part that is no more is cancelled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from backend.core.i18n import LANGUAGES, _, as_language
from backend.core.text import email_address, email_key
from events import messages, queries, rules
from events.actions.rows import hold, record_event, store
from events.actions.speakers import require_own
from events.calendar import NotAnAnswer, location, read_reply
from events.models import Event, Speaker, SpeakerEntry
from events.programme import Item
from notifications import outbox
from notifications.drafts import Draft
from notifications.reply_address import is_addressed

REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A part as it should stand in its speaker's calendar."""

    session_id: int
    speaker: Speaker
    email: str  # empty too where another organisation presents the speaker, and knows the address
    shared: bool
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str


@transaction.atomic
def set_contact(
    *, speaker: Speaker, email: str, language: str, event: Event, at: datetime, actor: User
) -> None:
    """Keep where a speaker is invited and in which language; organisers only ever see it."""
    inputs = rules.Inputs()
    address = email_address(email) if email.strip() else ""
    if address is None:
        inputs.say("email", _("Check the email address."))
    if language and language not in LANGUAGES:
        inputs.say("language", _("Choose one of the three languages."))
    inputs.settle()
    require_own(
        speaker,
        _("Another organisation presents this speaker too, so the address cannot be changed here."),
    )
    if store(hold(speaker), {"email": address or "", "language": language}):
        record_event("speaker.contact", event, at=at, actor=actor, speaker=speaker.pk)


@transaction.atomic
def invite_speakers(*, event: Event, at: datetime, actor: User) -> int:
    """Invite every speaker of the released programme who has an address and no entry yet; tells how many.

    Nobody is invited at an address that another organisation may have written down.
    """
    hold(event)
    _require_ahead(event, at=at)
    invited = set(_standing(event).values_list("session", "speaker"))
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    entries = []
    for part in wanted_of(event):
        if not part.email or (part.session_id, part.speaker.pk) in invited:
            continue
        entry = SpeakerEntry(
            event=event,
            session_id=part.session_id,
            speaker=part.speaker,
            email=part.email,
            answerable=bool(settings.REPLY_ADDRESS),
            last_method=REQUEST,
            stamped_at=at,
            **_told(part),
        )
        entry.uid = f"speaker.{entry.link_seed[:12]}.{part.session_id}@{host}"
        entry.save()
        entries.append(entry)
    outbox.queue_many([messages.to_speaker(entry) for entry in entries], at=at)
    if entries:
        record_event("speakers.invited", event, at=at, actor=actor, number=len(entries))
    return len(entries)


def _require_ahead(event: Event, *, at: datetime) -> None:
    if event.state == Event.State.CANCELLED:
        raise rules.AlreadyCancelled(_("This event has been cancelled, so it can no longer be changed."))
    if event.state == Event.State.DRAFT or queries.released_programme(event) is None:
        raise rules.NothingToPublish(
            _("Release the programme first: speakers are invited to what people see.")
        )
    if at >= event.ends_at:
        raise rules.NothingToPublish(_("The event is over."))


def follow(event: Event, *, at: datetime) -> None:
    """Bring the entries of the invited up to date with what people see now, in the caller's transaction."""
    if at >= event.ends_at:
        return
    off = event.state == Event.State.CANCELLED
    wanted = {} if off else {(one.session_id, one.speaker.pk): one for one in wanted_of(event)}
    entries = list(
        _standing(event).select_for_update(of=("self",)).select_related("speaker", "event__series")
    )
    outbox.queue_many(list(_followed(entries, wanted, at=at)), at=at)


def _followed(
    entries: Iterable[SpeakerEntry], wanted: Mapping[tuple[int, int], Wanted], *, at: datetime
) -> Iterable[Draft]:
    for entry in entries:
        part = wanted.get((entry.session_id or 0, entry.speaker_id))
        told = _told(part) if part else {}
        if part and not any(getattr(entry, name) != value for name, value in told.items()):
            continue
        never_left = _withdraw(entry, at=at)
        for name, value in told.items():
            setattr(entry, name, value)
        entry.last_method = REQUEST if part else CANCEL
        entry.sequence += 1
        entry.stamped_at = max(entry.stamped_at, at)
        entry.attends = entry.comment = ""
        entry.proposed_start = None
        entry.save()
        if part or not never_left:
            yield messages.to_speaker(entry, changed=bool(part) and not never_left)


def _withdraw(entry: SpeakerEntry, *, at: datetime) -> bool:
    """Take back what has not left; tells whether the speaker has never heard of the part."""
    gone = outbox.withdraw(
        subjects=[f"speaker:{entry.pk}"], kinds={messages.INVITATION}, at=at, note="newer-facts"
    )
    return bool(gone) and entry.sequence == 0


def _standing(event: Event) -> QuerySet[SpeakerEntry]:
    return SpeakerEntry.objects.filter(event=event, last_method=REQUEST)


def wanted_of(event: Event) -> list[Wanted]:
    """List the parts of the released programme that have a time, each with its speaker."""
    programme = queries.released_programme(event)
    items = [item for item in programme.items if item.starts_at and item.speakers] if programme else []
    slugs = {part.slug for item in items for part in item.speakers}
    speakers = {one.slug: one for one in Speaker.objects.filter(slug__in=slugs)}
    shared = queries.presented_elsewhere(event, slugs)
    return [
        _wanted(item, speakers[part.slug], event=event, shared=part.slug in shared)
        for item in items
        for part in item.speakers
        if part.slug in speakers
    ]


def _wanted(item: Item, speaker: Speaker, *, event: Event, shared: bool) -> Wanted:
    language = as_language(speaker.language or event.language)
    start = item.starts_at or event.starts_at
    end = item.ends_at if item.ends_at and item.ends_at > start else event.ends_at
    return Wanted(
        session_id=item.session_id,
        speaker=speaker,
        email="" if shared else speaker.email,
        shared=shared,
        starts_at=start,
        ends_at=max(end, start),
        title=item.title.told(language)[:200],
        place=location(event, language=language)[:500],
    )


def _told(part: Wanted) -> dict[str, object]:
    return {"starts_at": part.starts_at, "ends_at": part.ends_at, "title": part.title, "place": part.place}


@transaction.atomic
def take_speaker_reply(*, raw: bytes, recipient: str, at: datetime) -> str:
    """Take down what a speaker's calendar answered; "" when the mail is about no entry of a speaker."""
    try:
        reply = read_reply(raw)
    except NotAnAnswer as no:
        return no.why.value
    rows = SpeakerEntry.objects.select_for_update(of=("self",)).filter(uid=reply.uid)
    entry = rows.first()
    if entry is None:
        return ""
    if not is_addressed(entry.link_seed, {*reply.addresses, recipient}):
        return "unknown"
    own = email_key(entry.email)
    said = reply.said.get(own)
    if said is None or reply.sender != own:
        return "stranger"
    stamped_at = min(reply.stamped_at or at, at)
    late = entry.reply_stamped_at is not None and stamped_at < entry.reply_stamped_at
    if reply.sequence != entry.sequence or late:
        return "stale"
    entry.attends, entry.comment, entry.proposed_start = said.partstat.value, reply.comment, reply.starts_at
    entry.replied_at, entry.reply_stamped_at = at, stamped_at
    entry.save(update_fields=["attends", "comment", "proposed_start", "replied_at", "reply_stamped_at"])
    return "recorded"
