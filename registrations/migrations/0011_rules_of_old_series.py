"""Every series that takes registrations gets its reminder rule; reminders written the old way move over to it.

What has left already is remembered, so that nobody gets it again; what still waits is taken back, and the
rule sends it when its time comes.
"""

from collections.abc import Iterable
from datetime import time, timedelta
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations
from django.utils import timezone

_BATCH = 500
_NOT_BEGUN = ("queued", "held", "retry_wait", "claimed")
_NEVER_LEFT = ("cancelled", "expired", *_NOT_BEGUN)


def make_rules(apps: Any, _editor: object) -> None:  # noqa: ANN401 - models as they were
    """Give each series the rule that it would begin with today."""
    rule, form = apps.get_model("registrations", "MessageRule"), apps.get_model("registrations", "RegistrationForm")
    rule.objects.bulk_create(
        rule(
            series=one.series,
            days=-1,
            clock=time(9),
            late="confirmation",
            made_at=one.series.created_at,
            changed_at=one.series.created_at,
        )
        for one in form.objects.select_related("series").order_by("pk")
    )


def move_reminders(apps: Any, _editor: object) -> None:  # noqa: ANN401 - as above
    """Remember the reminders that left, and take the waiting ones back."""
    now = timezone.now()
    reminders = apps.get_model("notifications", "Message").objects.filter(kind="reminder")
    since = now - timedelta(days=2)
    for rows in batched(reminders.filter(not_before__gt=since).exclude(state__in=_NEVER_LEFT).iterator(), _BATCH):
        _remember(apps, rows)
    event = apps.get_model("notifications", "MessageEvent")
    waiting = reminders.filter(state__in=_NOT_BEGUN)
    for pks in batched(list(waiting.values_list("pk", flat=True)), _BATCH):
        reminders.filter(pk__in=pks).update(
            state="cancelled", state_changed_at=now, owner="", lease_until=None
        )
        event.objects.bulk_create(
            event(message_id=pk, at=now, state="cancelled", note="planned-by-rule") for pk in pks
        )


def _remember(apps: Any, rows: Iterable[Any]) -> None:  # noqa: ANN401 - as above
    registrations = apps.get_model("registrations", "Registration").objects.select_related("event__series")
    delivery = apps.get_model("registrations", "RuleDelivery")
    by_number = {int(row.subject.partition(":")[2]): row for row in rows}
    found = list(registrations.filter(pk__in=by_number))
    rules = dict(
        apps.get_model("registrations", "MessageRule")
        .objects.filter(series__in={one.event.series_id for one in found})
        .values_list("series", "pk")
    )
    delivery.objects.bulk_create(
        (
            delivery(
                rule_id=rules[one.event.series_id],
                registration=one,
                day=by_number[one.pk].not_before.astimezone(ZoneInfo(one.event.series.timezone)).date()
                + timedelta(days=1),
                outcome="sent",
                message=by_number[one.pk],
                at=by_number[one.pk].state_changed_at,
            )
            for one in found
            if one.event.series_id in rules
        ),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    """The rules of old series."""

    dependencies = [("registrations", "0010_message_rules")]

    operations = [
        migrations.RunPython(make_rules, migrations.RunPython.noop),
        migrations.RunPython(move_reminders, migrations.RunPython.noop),
    ]
