"""Whether messages go out: what waits, what is in trouble, and who was last heard of."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from backend import pulse
from backend.doctor.line import Line, bad, ok, warn
from notifications import queries
from notifications.models import Message

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


def signs_of_life(at: datetime) -> Iterator[Line]:
    """Tell when the workers and the scheduler were last heard of."""
    for kind, name in (("worker", "Workers"), ("beat", "Scheduler")):
        heard = pulse.last(kind)
        if heard is None:
            yield warn(f"{name}: never heard of. No mail leaves until one runs.")
        elif pulse.is_alive(kind, at=at):
            yield ok(f"{name}: heard of {_written(at - heard.at)} ago.")
        else:
            yield bad(f"{name}: silent for {_written(at - heard.at)}. No mail leaves until one runs.")


def _written(time: timedelta) -> str:
    """Write a length of time in its largest whole unit."""
    seconds = max(0, round(time.total_seconds()))
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
