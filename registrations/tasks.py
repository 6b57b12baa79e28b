"""Thin entrances for the workers: load by number, call one action."""

import logging

from celery import shared_task
from django.utils import timezone

from registrations.actions import exporting, forget_spent_tickets, importing, release_declined
from registrations.actions.addressing import forget_asked_addresses
from registrations.actions.automatic import plan_due
from registrations.actions.campaign_ends import announce_finished
from registrations.actions.campaigns import keep_still
from registrations.actions.digesting import send_digests
from registrations.actions.retention import remove_protected
from registrations.actions.tending import tend as tend_lines

logger = logging.getLogger("vipu.registrations")


@shared_task(name="registrations.tend", ignore_result=True)
def tend() -> None:
    """End offers, holds and graces whose time is over; running it twice at once lets nothing go twice."""
    at = timezone.now()
    release_declined(at=at)
    tend_lines(at=at)


@shared_task(name="registrations.plan_due", ignore_result=True)
def plan_due_messages() -> None:
    """Promise what rules make due; running it twice at once promises nothing twice."""
    plan_due(at=timezone.now())


@shared_task(name="registrations.remove_protected", ignore_result=True)
def remove_protected_answers() -> None:
    """Remove answers about diet and accessibility after their event, and addresses nobody confirmed."""
    at = timezone.now()
    remove_protected(at=at)
    forget_asked_addresses(at=at)


def nudge_export(export_id: int) -> None:
    """Wake a worker for a list; never fails, since the tick finds the list anyway."""
    try:
        make_export.apply_async(kwargs={"export_id": export_id}, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the list already waits
        logger.warning("no worker could be woken for a list: %s", type(error).__name__)


@shared_task(name="registrations.make_export", time_limit=290, soft_time_limit=280)
def make_export(export_id: int) -> None:
    """Make the file of a list."""
    exporting.make_export(export_id, at=timezone.now())


@shared_task(name="registrations.tend_exports")
def tend_exports() -> None:
    """Take up lists that were left behind, and remove those whose day is over."""
    at = timezone.now()
    exporting.clear_expired_exports(at=at)
    for export_id in exporting.left_behind(at=at):
        nudge_export(export_id)


def nudge_import(import_id: int) -> None:
    """Wake a worker for people to be brought in; never fails, since the tick finds the list anyway."""
    try:
        bring_in.apply_async(kwargs={"import_id": import_id}, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the list already waits
        logger.warning("no worker could be woken for an import: %s", type(error).__name__)


@shared_task(name="registrations.bring_in", time_limit=290, soft_time_limit=280)
def bring_in(import_id: int) -> None:
    """Bring the people of a list in."""
    importing.carry_out(import_id, at=timezone.now())


@shared_task(name="registrations.tend_imports", ignore_result=True)
def tend_imports() -> None:
    """Take up imports that were left behind, and forget what is older than a day."""
    for import_id in importing.tend_imports(at=timezone.now()):
        nudge_import(import_id)


@shared_task(name="registrations.forget_spent_tickets", ignore_result=True)
def forget_tickets() -> None:
    """Forget the used tickets of the busy door; twice is no harm."""
    forget_spent_tickets(at=timezone.now())


@shared_task(name="registrations.keep_still", ignore_result=True)
def keep_campaigns_still() -> None:
    """Keep what somebody paused or stopped from going on, and tell what is at its end; twice is no harm."""
    at = timezone.now()
    keep_still(at=at)
    announce_finished(at=at)


@shared_task(name="registrations.send_digests", ignore_result=True)
def send_morning_mail() -> None:
    """Tell organisers what needs them; each at most once a day, however often this runs."""
    send_digests(at=timezone.now())
