"""Text messages to phones: one port, whoever the provider is; the ledger treats them as it treats mails."""

from typing import Final

from django.conf import settings

PREFIX: Final = "SMS"  # of the names of ways that lead to phones, among the transports


def is_on() -> bool:
    """Tell whether text messages can leave at all; where they cannot, none is written down."""
    return bool(settings.SMS.backend)
