"""The promises about places at their full size: a thousand lives of one waiting line."""

import pytest

from tests.registrations.test_machine import live_many_lives


@pytest.mark.django_db
def test_a_thousand_lives_of_a_line_keep_every_promise(*, full: bool) -> None:
    if not full:
        pytest.skip("a dozen lives are lived by tests/registrations/test_machine.py")
    live_many_lives(lives=1000, steps=30)
