"""How often one network or one address may try."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings
from redis.exceptions import ConnectionError as Gone

from backend.core.errors import TooMany
from backend.core.rates import Rate
from registrations import limits
from registrations.limits import Limit

SMALL = Limit(name="small", network=Rate(tries=5, seconds=60), address=Rate(tries=2, seconds=60))


@pytest.fixture(autouse=True)
def fresh(settings: Settings) -> Iterator[None]:
    """Count from nought, with limits on."""
    settings.RATE_LIMITS = True
    cache.clear()
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False):
        yield
    cache.clear()


def _request(address: str = "192.0.2.7", forwarded: str = "") -> HttpRequest:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory(headers=headers).post("/", REMOTE_ADDR=address)


def _passed(times: int, *, address: str = "192.0.2.7", forwarded: str = "", email: str = "") -> int:
    """How many of so many tries pass."""
    passed = 0
    for _ in range(times):
        try:
            limits.spend(SMALL, request=_request(address, forwarded), email=email)
        except TooMany:
            continue
        passed += 1
    return passed


def test_a_network_has_so_many_tries_in_a_while() -> None:
    assert _passed(10) == 5
    assert _passed(10, address="198.51.100.7") == 5


def test_neighbours_in_one_network_count_together() -> None:
    assert [_passed(3, address="192.0.2.7"), _passed(10, address="192.0.2.200")] == [3, 2]


def test_an_address_has_fewer_tries_from_wherever_they_come() -> None:
    tries = [_passed(1, address=f"10.0.{number}.1", email="Aino@Example.org") for number in range(4)]

    assert tries == [1, 1, 0, 0]
    assert _passed(1, address="10.1.1.1", email="veera@example.org") == 1


def test_something_that_is_no_address_is_counted_as_typed() -> None:
    tries = [_passed(1, address=f"10.0.{number}.1", email="not an address") for number in range(4)]

    assert tries == [1, 1, 0, 0]


def test_the_tries_come_back_little_by_little() -> None:
    _passed(5)

    with time_machine.travel("2027-03-01T12:01:30Z", tick=False):
        assert _passed(10) == 2
    with time_machine.travel("2027-03-01T12:04:00Z", tick=False):
        assert _passed(10) == 5


def test_whoever_is_refused_is_told_how_long_to_wait() -> None:
    _passed(5)

    with time_machine.travel("2027-03-01T12:00:20Z", tick=False), pytest.raises(TooMany) as refused:
        limits.spend(SMALL, request=_request())

    assert (refused.value.status, refused.value.retry_after) == (429, 40)


def test_switched_off_everybody_passes(settings: Settings) -> None:
    settings.RATE_LIMITS = False

    assert _passed(50) == 50


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (0, "", "192.0.2.0/24"),
        (0, "203.0.113.9", "192.0.2.0/24"),
        (1, "203.0.113.9", "203.0.113.0/24"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.0/24"),
        (1, "", "192.0.2.0/24"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.1", "203.0.113.0/24"),
        (2, "203.0.113.9", "192.0.2.0/24"),
        (1, "not an address", "unknown"),
        (1, "2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        (1, "::ffff:203.0.113.9", "203.0.113.0/24"),
    ],
)
def test_a_forged_header_counts_only_as_far_as_proxies_are_ours(
    settings: Settings, proxies: int, forwarded: str, network: str
) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert limits.network_of(_request(forwarded=forwarded)) == network


def test_no_address_stands_readable_in_the_cache() -> None:
    _passed(1, email="aino@example.org")

    keys = " ".join(getattr(cache, "_cache", {}))

    assert not [part for part in ("aino", "192.0.2") if part in keys]


def test_without_the_cache_everybody_passes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise Gone

    monkeypatch.setattr(cache, "add", broken)

    assert _passed(9) == 9
    assert "tries could not be counted: ConnectionError" in caplog.text
