"""The made-up kinds of message, for the ledger's fault tests."""

from tests.notifications.conftest import made_up_kinds

__all__ = ["made_up_kinds"]
