"""Who is let in: each mode asks for something of its own before a place is given."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from backend.core.i18n import Language
from events.models import Event
from registrations import rules
from registrations.models import InvitationCode, Quota, Registration
from registrations.queries.admission import groups_by_address, groups_of, opening_codes

Mode = Quota.Mode
TOLD_BY_MAIL = "told_by_mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The doors of the events somebody chose, and the codes they hold.

    ``own`` says that the person came by their own link, so their address is known to be theirs and plain
    answers may be given. Everybody else is answered so that nobody learns who is on a list.
    """

    events: Sequence[Event]
    quotas: Mapping[int, Quota]
    codes: Sequence[str]
    language: Language
    own: bool = False

    def of(self, mode: Quota.Mode) -> list[Event]:
        """List the events with such a door."""
        return [event for event in self.events if self.mode_of(event.pk) == mode]

    def mode_of(self, event_id: int) -> str:
        """Name the mode of an event."""
        return self.quotas[event_id].mode if event_id in self.quotas else Mode.OPEN

    @property
    def applied(self) -> set[int]:
        """The events to which one only applies."""
        return {event.pk for event in self.of(Mode.APPLICATION)}

    def require(self, keys: Sequence[str]) -> "Doorkeeping":
        """Refuse whoever has no key to one of the events; say whom the mail answers instead of the page.

        ``keys`` are the addresses of the people of one form, as core.text.email_key writes them.
        """
        for event in self.of(Mode.INVITATION):
            if not all(self._codes(event, key=key).exists() for key in keys):
                raise self._uninvited(event)
        closed = {event: self.quotas[event.pk].group_id or 0 for event in self.of(Mode.MEMBERS)}
        quiet = set() if self.own or not closed else groups_by_address(closed.values())
        inside = {key: groups_of(key, among=closed.values()) for key in keys if closed}
        outside = {key: [event for event in closed if closed[event] not in inside[key]] for key in inside}
        for event in {event for events in outside.values() for event in events}:
            if closed[event] not in quiet:
                contact = event.series.contact_email
                raise rules.members_only(title=self._title(event), contact=contact)
        return Doorkeeping(
            quiet=frozenset(event.pk for event, group in closed.items() if group in quiet), outside=outside
        )

    def redeem(self, registrations: Iterable[Registration], *, at: datetime) -> None:
        """Spend a code for each place at an event by invitation; somebody else was faster → refused.

        Comes after the places were taken, so the quotas are held. Each code is spent by comparing what was
        read with what is there, in one statement.
        """
        for row in registrations:
            if self.mode_of(row.event_id) != Mode.INVITATION:
                continue
            code = self._codes(row.event, key=row.attendee.email_key).first()
            if code is None or not _spend(code, by=row, at=at):
                raise self._uninvited(row.event)

    def _codes(self, event: Event, *, key: str) -> QuerySet[InvitationCode]:
        return opening_codes(event, key=key, codes=self.codes, own=self.own)

    def _uninvited(self, event: Event) -> rules.InvitationNeeded:
        contact = event.series.contact_email
        return rules.invitation_needed(title=self._title(event), contact=contact, tried=bool(self.codes))

    def _title(self, event: Event) -> str:
        return event.title.in_language(self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorkeeping:
    """What the doors decided without a word on the page."""

    quiet: Collection[int]  # events whose outcome only the mail tells, to members and others alike
    outside: Mapping[str, Sequence[Event]]  # of these, where an address is on no list

    def inside(self, key: str, events: Sequence[Event]) -> list[Event]:
        """List the events that an address may enter."""
        return [event for event in events if event not in self.outside.get(key, ())]


def _spend(code: InvitationCode, *, by: Registration, at: datetime) -> bool:
    same = InvitationCode.objects.filter(
        pk=code.pk, used_by=code.used_by_id, used_at=code.used_at, revoked_at__isnull=True
    )
    return same.update(used_by=by, used_at=at) == 1
