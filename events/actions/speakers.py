"""Who speaks: one record for each person, the title and organisation in each part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from accounts import audit
from accounts.models import User
from backend.core.errors import Forbidden, Sentence
from backend.core.i18n import Text, _
from events import rules
from events.actions.rows import hold, store
from events.models import EventSeries, Session, SessionSpeaker, Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerPart:
    """A speaker as an organiser types them, with the title and organisation they have now."""

    name: str
    title: str = ""
    organisation: str = ""


def give_parts(session: Session, parts: Sequence[SpeakerPart]) -> bool:
    """Write who speaks in a session, in this order; tell whether that changed anything."""
    rows = session.parts.select_related("speaker")
    before = [(row.speaker.name, row.title, row.organisation) for row in rows]
    if before == [(part.name, part.title, part.organisation) for part in parts]:
        return False
    speakers = {row.speaker.name.casefold(): row.speaker for row in rows}
    rows.delete()
    SessionSpeaker.objects.bulk_create(
        SessionSpeaker(
            session=session,
            speaker=speakers.get(part.name.casefold()) or _speaker(session, part.name),
            title=part.title,
            organisation=part.organisation,
            position=position,
        )
        for position, part in enumerate(parts)
    )
    return True


def _speaker(session: Session, name: str) -> Speaker:
    """Find the person within the same organisation, so that nobody writes into another's record or reads it.

    Of those who have no part any more only one whom it invited itself, or of whom no address is known.
    """
    organisation = session.event.series.organisation_id
    idle = Q(email="") | Q(entries__event__series__organisation=organisation)
    own = Q(parts__session__event__series__organisation=organisation) | (Q(parts__isnull=True) & idle)
    found = Speaker.objects.filter(own, name=name).order_by("pk").first()
    return found or Speaker.objects.create(slug=_free_slug(name), name=name)


def _free_slug(name: str) -> str:
    base = slugify(name)[:110] or "speaker"
    taken = set(Speaker.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug


@transaction.atomic
def edit_speaker(*, speaker: Speaker, bio: Text, at: datetime, actor: User | None) -> Speaker:
    """Tell who a speaker is; not when another organisation presents the same person."""
    inputs = rules.Inputs()
    values = inputs.longs("bio", bio).columns("bio")
    inputs.settle()
    refusal = _("Another organisation presents this speaker too, so the text cannot be changed here.")
    organisation = require_own(speaker, refusal)
    if store(hold(speaker), values):
        audit.record(
            action="speaker.edited",
            subject=f"speaker:{speaker.pk}",
            at=at,
            actor=actor,
            organisation_id=organisation,
        )
    return speaker


def require_own(speaker: Speaker, refusal: Sentence) -> int | None:
    """Name the organisation that presents a speaker; refused when another one does so too."""
    arranged = EventSeries.objects.filter(events__sessions__parts__speaker=speaker)
    organisations = set(arranged.values_list("organisation", flat=True))
    if len(organisations) > 1:
        raise Forbidden(refusal)
    return next(iter(organisations), None)
