"""What the page about webhooks shows is true: its code verifies what we sign, its table names all news."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from notifications.endpoints.facts import PING
from notifications.endpoints.signing import headers
from registrations import outward
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs/develop/webhooks.md").read_text()
VERIFYING, EXAMPLE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
NOW = 1803902400


@pytest.fixture
def shown() -> dict[str, Any]:
    """Run both pieces of code as a reader would, one after the other."""
    names: dict[str, Any] = {}
    exec(VERIFYING + EXAMPLE, names)  # noqa: S102 - our own page
    return names


def test_the_example_is_what_we_would_send(shown: dict[str, Any]) -> None:
    sent = shown["headers"]
    assert sent == headers(
        [shown["secret"]],
        event=sent["webhook-id"],
        timestamp=int(sent["webhook-timestamp"]),
        body=shown["body"],
    )


def test_the_code_takes_ours_and_nothing_else(shown: dict[str, Any]) -> None:
    is_ours: Callable[..., bool] = shown["is_ours"]
    secret, sent, body = shown["secret"], shown["headers"], shown["body"]
    other = headers([f"{secret[:-2]}A=", secret], event=sent["webhook-id"], timestamp=NOW, body=body)
    assert is_ours(secret, sent, body, now=NOW)
    assert is_ours(secret, other, body, now=NOW + 299)
    assert not is_ours(secret, sent, body, now=NOW + 301)
    assert not is_ours(secret, sent, body)
    assert not is_ours(secret, sent, body + b" ", now=NOW)
    assert not is_ours(f"{secret[:-3]}AA=", sent, body, now=NOW)
    for name in sent:
        assert not is_ours(secret, {**sent, name: "ä"}, body, now=NOW)
        assert not is_ours(secret, {key: value for key, value in sent.items() if key != name}, body, now=NOW)


def test_every_kind_of_news_stands_in_the_table() -> None:
    named = set(re.findall(r"`([a-z]+\.[a-z]+)`", PAGE))
    for first, *rest in re.findall(r"`([a-z]+)\.[a-z]+`((?:, `\.[a-z]+`)*)", PAGE):
        named |= {f"{first}{end}" for end in re.findall(r"`(\.[a-z]+)`", rest[0])}
    assert {*outward.ALL, PING} <= named
