"""Whether messages go out: what waits, what is in trouble, and who was last heard of."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from backend import pulse
from backend.doctor.line import Line, bad, ok, warn
from notifications import circuit, queries
from notifications.models import Circuit, Message

LONG = timedelta(minutes=5)  # a due message that has waited for longer needs somebody


def messages(at: datetime) -> Iterator[Line]:
    """Tell what waits to be sent and what could not be."""
    waiting = queries.oldest_due(at)
    if waiting is None:
        yield ok("Messages: nothing waits to be sent.")
    else:
        line = bad if waiting > LONG else ok
        yield line(f"Messages: the oldest due one has waited {_written(waiting)}.")
    for state, told in (
        (Message.State.UNCERTAIN, "it is not known whether they were sent; a person decides"),
        (Message.State.FAILED, "they could not be sent"),
    ):
        if count := Message.objects.filter(state=state).count():
            yield warn(f"Messages: {count} {state.value}, {told}. The desk shows which.")


def stops(at: datetime) -> Iterator[Line]:
    """Tell why nothing leaves by a way that is held or left alone for a while."""
    for way in Circuit.objects.filter(not_before__gt=at).order_by("transport"):
        if way.why == circuit.HELD:
            yield warn(f"{way.transport}: held by a person. Let it go with: vipu mail release")
        else:
            left = _written(way.not_before - at) if way.not_before else ""
            yield warn(f"{way.transport}: left alone after {way.why or 'failures'}; tried again in {left}.")


def signs_of_life(at: datetime) -> Iterator[Line]:
    """Tell when the workers and the scheduler were last heard of: a sign of either goes through all parts."""
    needed = "Mail leaves while a worker, the scheduler and Redis all run."
    for kind, name in (("worker", "Workers"), ("beat", "Scheduler")):
        heard = pulse.last(kind)
        if heard is None:
            yield warn(f"{name}: never heard of. {needed}")
        elif pulse.is_alive(kind, at=at):
            yield ok(f"{name}: heard of {_written(at - heard.at)} ago.")
        else:
            yield bad(f"{name}: silent for {_written(at - heard.at)}. {needed}")


def _written(time: timedelta) -> str:
    """Write a length of time in its largest whole unit."""
    seconds = max(0, round(time.total_seconds()))
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
