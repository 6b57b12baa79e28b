"""The way of a text message from a worker to its provider, in the shape that delivery knows from mails."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from notifications.handover import TOO_LATE, Answer, LineDownError, Outcome, clock
from notifications.models import Message
from notifications.rendering import Rendered
from notifications.sms.providers import connected


class SmsLine:
    """The provider that is connected, kept for a batch."""

    is_open = True  # nothing is kept open between two messages

    def __init__(self) -> None:
        self._provider = connected()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to close."""

    def open(self) -> None:
        """Refuse where nothing is connected: what was written down earlier waits until it is, or too late."""
        if self._provider is None:
            raise LineDownError("sms-is-off")

    def ready(self, message: Message, rendered: Rendered) -> Callable[[float], Answer]:
        """Make the text ready; the step that is given back hands it over."""

        def hand_over(before: float) -> Answer:
            return self._send(message.recipient, rendered.text, before=before)

        return hand_over

    def _send(self, to: str, text: str, *, before: float) -> Answer:
        assert self._provider is not None  # noqa: S101 - ``open`` has refused otherwise
        if clock() >= before:
            return TOO_LATE
        try:
            return self._provider.send(to, text)
        except LineDownError:
            return Answer(Outcome.TEMPORARY, "lost-connection")
        except Exception as error:  # noqa: BLE001 - whatever else happens, nobody can tell how far it got
            return Answer(Outcome.UNKNOWN, type(error).__name__)
