"""What is told when an address changes: to the new one, to the old one, and to whom it already belongs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from backend.core import dates
from notifications.outbox import Draft, Json, Link
from registrations.messages import kinds
from registrations.messages.drafts import decisions, manage_link, offers, outcomes
from registrations.messages.facts import active_of, event_facts, manage_links, reader
from registrations.models import Attendee, EmailChange, Quota, Registration

_State = Registration.State
NEW_ADDRESS_PATH = "/e/{token}/"


def new_address(change: EmailChange) -> Draft:
    """Ask whoever reads the new address to press a button; nothing counts before that."""
    attendee = change.attendee
    until = dates.moment(change.expires_at, language=reader(attendee), zone=attendee.series.timezone)
    return replace(
        _about(kinds.NEW_ADDRESS, attendee, version=change.pk, extra={"until": until}),
        recipient=change.email,
        links={"confirm": Link(EmailChange.link_purpose, change.link_seed, NEW_ADDRESS_PATH)},
        not_after=change.expires_at,
    )


def address_in_use(owner: Attendee, *, change: EmailChange) -> Draft:
    """Tell the owner of an address that somebody wanted it for another registration; only they learn it."""
    draft = _about(kinds.ADDRESS_IN_USE, owner, version=change.pk)
    return replace(draft, links=manage_links(owner))


def address_changed(attendee: Attendee, *, old: str, by_organiser: bool) -> Draft:
    """Tell the old address that mails go elsewhere from now on, and whom to ask if that is wrong."""
    extra: dict[str, Json] = {"by_organiser": by_organiser}
    draft = _about(kinds.ADDRESS_CHANGED, attendee, version=_move(attendee), extra=extra)
    return replace(draft, recipient=old)


def merged(kept: Attendee, *, other: Attendee) -> list[Draft]:
    """Tell both addresses that two registrations became one; only the one that stays gets a link."""
    version = int(other.link_hash[:7], 16)
    rows = active_of([kept.pk])[kept.pk]
    language = reader(kept)
    facts = [event_facts(row.event, language=language) | {"state": row.state} for row in rows]
    stays = _about(kinds.MERGED, kept, version=version, extra={"stays": True, "places": facts})
    goes = _about(kinds.MERGED, other, version=version, extra={"stays": False, "places": []})
    return [replace(stays, links=manage_links(kept)), goes]


def anew(attendee: Attendee, registrations: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Say once more where somebody stands, each event in the mail that brought it, or at least their link."""
    if drafts := standing_anew(registrations, at=at):
        return drafts
    # a number of its own: a mail like it may have gone to the old address within these five minutes
    return [replace(manage_link(attendee, at=at, places=[]), version=_move(attendee))]


def standing_anew(registrations: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Say once more where people stand in what lies ahead, each event in the mail that brought it."""
    ahead = [row for row in registrations if at < row.event.ends_at]
    applications = set(
        Quota.objects.filter(
            event__in=[row.event_id for row in ahead], mode=Quota.Mode.APPLICATION
        ).values_list("event", flat=True)
    )
    offered = [row for row in ahead if row.state == _State.OFFERED]
    decided = [row for row in ahead if _decided(row, applications)]
    plain = [row for row in ahead if row not in offered and row not in decided]
    return outcomes(plain, at=at, readdressed=True) + offers(offered, at=at) + decisions(decided, at=at)


def _move(attendee: Attendee) -> int:
    """Number a change of address by the link it made: no two are told as one."""
    return int(attendee.link_hash[:7], 16)


def _decided(row: Registration, applications: set[int]) -> bool:
    reserve = row.state == _State.WAITING and row.event_id in applications
    return reserve or row.state == _State.SHORTLISTED


def _about(kind: str, attendee: Attendee, *, version: int, extra: dict[str, Json] | None = None) -> Draft:
    """Put a message about the person together, with the words that each of these has."""
    series, language = attendee.series, reader(attendee)
    return Draft(
        kind=kind,
        subject=f"attendee:{attendee.pk}",
        version=version,
        recipient=attendee.email,
        language=language,
        context={
            "series": series.title.told(language),
            "contact_email": series.contact_email,
            **(extra or {}),
        },
        audience=f"series:{series.pk}",
        scope=f"series:{series.pk}",
    )
