"""The audit trail: written with the deed, read by subject, newest first."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts import audit
from accounts.models import AuditEvent, Organisation
from accounts.queries import audit_of
from tests import factories


def test_a_line_tells_who_did_what_to_which_thing_and_why(demos: Organisation, noon: datetime) -> None:
    olli = factories.organiser(demos)
    audit.record(
        action="event.cancelled",
        subject="event:3",
        at=noon,
        actor=olli,
        organisation_id=demos.pk,
        details={"number": 1},
        reason="Illness",
    )
    line = AuditEvent.objects.get()

    assert (line.actor, line.actor_label, line.organisation) == (olli, "organiser", demos)
    assert (line.details, line.reason) == ({"number": 1}, "Illness")
    assert str(line) == "2027-03-01 12:00 event.cancelled event:3"


def test_what_nobody_did_was_done_by_the_system(db: None, noon: datetime) -> None:
    labels = [
        audit.record(action="swept", subject="event:1", at=noon).actor_label,
        audit.record(action="told", subject="event:1", at=noon, actor_label="attendee").actor_label,
    ]

    assert labels == ["system", "attendee"]


def test_a_line_without_an_action_cannot_be_written(db: None, noon: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        audit.record(action="", subject="event:1", at=noon)


def test_lines_of_many_subjects_are_read_newest_first(demos: Organisation, noon: datetime) -> None:
    for minute, subject in enumerate(["event:1", "event:2", "series:1", "organisation:1"]):
        audit.record(action="edited", subject=subject, at=noon + timedelta(minutes=minute))
    name = Concat(Value("organisation:"), Cast("pk", CharField()))
    organisations = Organisation.objects.annotate(named=name).filter(pk=demos.pk).values("named")
    AuditEvent.objects.filter(subject="organisation:1").update(subject=f"organisation:{demos.pk}")

    found = audit_of(["event:1", "series:1"], organisations)

    assert [line.subject for line in found] == [f"organisation:{demos.pk}", "series:1", "event:1"]
    assert list(audit_of()) == []
