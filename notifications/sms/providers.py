"""Who hands text messages over. A provider is one class with ``send``; two back ends need no provider.

``send`` gives an ``Answer`` of ``notifications.handover``: ACCEPTED is the receipt, with the provider's
number of the message; PERMANENT and TEMPORARY are refusals; UNKNOWN says that nobody can tell. Without a
connection it raises ``LineDownError``: that was no message's fault.
"""

import os
import secrets
import sys
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from backend.core.text import shortened
from notifications import sms
from notifications.handover import Answer, Outcome


class Provider(Protocol):
    """The port: the options are those that ``backend.sms_url`` reads out of the address."""

    def send(self, to: str, text: str) -> Answer:
        """Hand one text over to a number such as +358401234567."""


class Console:
    """Prints what would have been sent: for trying out."""

    def send(self, to: str, text: str) -> Answer:
        """Print it."""
        sys.stdout.write(f"SMS to {to}: {text}\n")
        sys.stdout.flush()
        return Answer(Outcome.ACCEPTED)


class Folder:
    """Writes one file for each message, in the form of a mail, so that a trial's mailbox shows both."""

    def __init__(self, *, folder: str) -> None:
        self._folder = Path(folder)

    def send(self, to: str, text: str) -> Answer:
        """Write it; the file appears whole or not at all."""
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
        file = EmailMessage(policy=policy.SMTP)
        file["Date"], file["To"], file["Subject"] = (
            format_datetime(now),
            to,
            f"SMS: {shortened(text, limit=32)}",
        )
        file.set_content(text, cte="8bit")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._folder / f".{name}.part"
            draft.write_bytes(file.as_bytes())
            os.replace(draft, self._folder / name)  # noqa: PTH105 - the one call that is atomic by definition
        except OSError as error:
            return Answer(Outcome.TEMPORARY, type(error).__name__)
        return Answer(Outcome.ACCEPTED, provider_id=name)


def name() -> str:
    """Name the way, as its row among the transports does."""
    return f"{sms.PREFIX} {settings.SMS.backend.rpartition('.')[2]}".strip()


def connected() -> Provider | None:
    """Make the provider that is connected."""
    if not sms.is_on():
        return None
    made: Provider = import_string(settings.SMS.backend)(**settings.SMS.options)
    return made
