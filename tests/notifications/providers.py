"""A mail provider with an HTTP API that answers as it is told."""

from collections.abc import Sequence
from typing import ClassVar

from anymail.message import AnymailStatus
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """Says yes with an id of its own, or raises what it was told to."""

    says: ClassVar[Exception | None] = None
    takes: ClassVar[bool] = True
    received: ClassVar[list[EmailMessage]] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if self.says:
            raise self.says
        for message in email_messages:
            status = AnymailStatus()
            status.message_id = "provider-1"
            message.anymail_status = status  # type: ignore[attr-defined]  # as anymail's back ends do
        self.received.extend(email_messages)
        return len(email_messages) if self.takes else 0
