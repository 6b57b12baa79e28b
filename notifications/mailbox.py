"""The mailbox of the embedded profile: mail is kept as one file each instead of being sent."""

import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from email import policy
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications.mime import Letter


class MailboxBackend(BaseEmailBackend):
    """A Django mail back end that writes one ``.eml`` file for each message."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; each file appears whole or not at all."""
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
            draft = folder / f".{name}.part"
            draft.write_bytes(_content(message))
            os.replace(draft, folder / name)  # noqa: PTH105 - the one call that is atomic by definition
        return len(email_messages)


def _content(message: EmailMessage) -> bytes:
    """Give our own mails byte for byte as they would travel; the library would fold their headers anew."""
    return message.wire() if isinstance(message, Letter) else message.message(policy=policy.SMTP).as_bytes()
