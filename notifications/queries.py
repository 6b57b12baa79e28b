"""What was told to whom, and whether it arrived."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from notifications import rules
from notifications.models import Message


def latest_for(subjects: Collection[str], *, at: datetime) -> dict[str, Message]:
    """Find the last mail about each subject that has been due; subjects nobody was told of are left out.

    A reminder that waits for its day is no news yet; a message that waits for another try is.
    """
    mails = Message.objects.filter(channel=Message.Channel.EMAIL)  # a text only repeats what a mail tells
    told = mails.filter(subject__in=subjects).exclude(state=rules.QUEUED, not_before__gt=at)
    newest = told.order_by().values("subject").annotate(newest=Max("pk")).values("newest")
    return {message.subject: message for message in Message.objects.filter(pk__in=newest)}


def timeline(*subjects: str) -> list[Message]:
    """List all that was told about these subjects, oldest first, each with what happened to it."""
    return list(Message.objects.filter(subject__in=subjects).prefetch_related("events"))


def states_of(message_ids: Collection[int]) -> list[Message]:
    """Read these messages again, in the order they were queued."""
    return list(Message.objects.filter(pk__in=message_ids))


def for_audience(audience: str) -> QuerySet[Message]:
    """Select the messages an organiser's desk shows, newest first; the page filters and cuts."""
    return Message.objects.filter(audience=audience).order_by("-pk")


def counts_for(audience: str) -> dict[Message.State, int]:
    """Count an audience's messages by state; states without messages are left out."""
    rows = (
        Message.objects.filter(audience=audience).order_by().values_list("state").annotate(count=Count("pk"))
    )
    return {Message.State(state): count for state, count in rows}


def counts_in(batch: str) -> dict[Message.State, int]:
    """Count the messages sent together by state; states without messages are left out."""
    return counts_in_each([batch]).get(batch, {})


def counts_in_each(batches: Collection[str]) -> dict[str, dict[Message.State, int]]:
    """Count those of several batches, in one question."""
    rows = Message.objects.filter(batch__in=batches).order_by().values_list("batch", "state")
    found: dict[str, dict[Message.State, int]] = {}
    for batch, state, count in rows.annotate(count=Count("pk")):
        found.setdefault(batch, {})[Message.State(state)] = count
    return found


def troubled(*, audience: str = "") -> QuerySet[Message]:
    """Select what an organiser must know: failed, returned, blocked, and not known whether sent."""
    rows = Message.objects.filter(state__in=rules.TROUBLED)
    return rows.filter(audience=audience) if audience else rows


def due(*, at: datetime) -> QuerySet[Message]:
    """Select what waits to be sent now."""
    in_time = Q(not_after__isnull=True) | Q(not_after__gt=at)
    return Message.objects.filter(in_time, state__in=rules.DUE, not_before__lte=at)


def lanes_due(*, at: datetime) -> list[str]:
    """Name the lanes in which something waits to be sent now."""
    return sorted(due(at=at).order_by().values_list("lane", flat=True).distinct())


def oldest_due(at: datetime) -> timedelta | None:
    """Tell for how long the oldest due message has waited; None when nothing waits."""
    oldest = due(at=at).aggregate(oldest=Min("not_before"))["oldest"]
    return at - oldest if oldest else None


def oldest_by_channel(at: datetime) -> dict[str, timedelta]:
    """Tell for how long the oldest due mail has waited and the oldest text; none waits: left out."""
    rows = due(at=at).order_by().values_list("channel").annotate(oldest=Min("not_before"))
    return {channel: at - oldest for channel, oldest in rows}
