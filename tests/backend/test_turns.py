"""One that cannot be done does not stop those behind it."""

import pytest
from django.db import OperationalError, connection

from backend.core.turns import in_turn


def test_those_behind_a_defect_have_their_turn(caplog: pytest.LogCaptureFixture) -> None:
    def deed(number: int) -> int:
        if number == 2:
            raise KeyError("aino@example.org")
        return number

    assert in_turn([1, 2, 3], deed) == 4
    [record] = caplog.records
    assert "KeyError at " in record.getMessage()
    assert "deed" in record.getMessage()
    assert "aino" not in caplog.text


@pytest.mark.django_db
def test_two_who_waited_for_each_other_stop_nobody_behind() -> None:
    def deed(number: int) -> int:
        if number == 2:
            raise OperationalError("deadlock detected")
        return number

    assert in_turn([1, 2, 3], deed) == 4


def test_a_database_that_does_not_answer_ends_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    tried = []

    def deed(number: int) -> int:
        tried.append(number)
        raise OperationalError

    with pytest.raises(OperationalError):
        in_turn([1, 2, 3], deed)
    assert tried == [1]
