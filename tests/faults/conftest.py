"""How hard the faults are: a size that every run can bear, or with ``--full`` the size of the promise."""

from dataclasses import dataclass

import pytest

from tests.notifications.conftest import made_up_kinds

__all__ = ["made_up_kinds"]


@dataclass(frozen=True, slots=True)
class Size:
    """How many mails, how often a worker is killed, and how long it may take."""

    mails: int
    kills: int
    seconds: int


@pytest.fixture
def size(*, full: bool) -> Size:
    """1,000 mails and 8 kills in every run; 5,000 and 20 in the full one."""
    if full:
        return Size(mails=5000, kills=20, seconds=300)
    return Size(mails=1000, kills=8, seconds=60)
