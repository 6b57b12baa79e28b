"""How people are brought in once somebody has said so: a few at once, many by a worker."""

from django.db import transaction
from django.utils import timezone

from registrations import tasks
from registrations.actions.importing import AT_ONCE, carry_out
from registrations.models import AttendeeImport


def have_brought_in(work: AttendeeImport) -> None:
    """Bring the few of a short list in, or wake a worker for a long one."""
    if work.total <= AT_ONCE:
        carry_out(work.pk, at=timezone.now())
    else:
        transaction.on_commit(lambda: tasks.nudge_import(work.pk), robust=True)
