"""Text messages to phones: one port, whoever the provider is; the ledger treats them as it treats mails."""

from django.conf import settings


def is_on() -> bool:
    """Tell whether text messages can leave at all; where they cannot, none is written down."""
    return bool(settings.SMS.backend)
