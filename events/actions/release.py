"""Publishing a programme: a numbered, frozen version with its change log."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from backend.core.i18n import _
from events import programme, rules
from events.actions.rows import hold, record_event
from events.models import Event, ProgrammeVersion
from events.programme import Item
from events.signals import ProgrammeReleased, programme_released


@transaction.atomic
def release_programme(*, event: Event, notify: bool, at: datetime, actor: User | None) -> ProgrammeVersion:
    """Show the programme as it stands to everybody, with what changed since the one before."""
    hold(event)
    if event.state == Event.State.CANCELLED:
        raise rules.AlreadyCancelled(_("This event has been cancelled, so it can no longer be changed."))
    items = programme.current(event)
    before = event.programme_versions.first()
    if not items and before is None:
        raise rules.ProgrammeEmpty(_("Add something to the programme before you publish it."))
    shown = [Item.from_json(item) for item in before.items] if before else []
    changes = programme.diff(shown, items) if before else ()
    if before and not changes:
        raise rules.ProgrammeUnchanged(_("Nothing has changed since the programme was last published."))
    version = ProgrammeVersion.objects.create(
        event=event,
        number=before.number + 1 if before else 1,
        released_at=at,
        released_by=actor,
        items=[item.as_json() for item in items],
        changes=[change.as_json() for change in changes],
    )
    record_event("programme.released", event, at=at, actor=actor, number=version.number, notify=notify)
    programme_released.send(
        sender=Event,
        fact=ProgrammeReleased(event_id=event.pk, number=version.number, notify=notify, at=at),
    )
    return version
