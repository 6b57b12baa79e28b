"""What a reader is told: the same refusal in three languages, and nothing written behind it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client

from backend.core.i18n import LANGUAGES

type Rows = dict[str, list[str]]

JSON = "application/json"


def everything() -> Rows:
    """Read every row of every table; a browser's own session is nobody's fact."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != "django_session"]
        return {name: _rows(cursor, name) for name in tables}


def _rows(cursor: Any, table: str) -> list[str]:  # noqa: ANN401 - Django's own wrapper
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name of our own
    return sorted(map(repr, cursor.fetchall()))


@contextmanager
def nothing_written() -> Iterator[None]:
    """Compare all tables before and after."""
    before = everything()
    yield
    after = everything()
    assert {name for name in after if after[name] != before[name]} == set()


def problem(answer: Any, *, field: str = "") -> tuple[int, str, list[str]]:  # noqa: ANN401 - the test client's own answer
    """Read a refusal of the API: status, code, and every sentence for a person."""
    assert answer["Content-Type"] == "application/problem+json", (answer.status_code, answer.content[:200])
    told = answer.json()
    assert told["status"] == answer.status_code
    beside = told.get("errors", {})
    assert not field or field in beside, beside
    return (
        answer.status_code,
        told["code"],
        [told["detail"], *(one for all_ in beside.values() for one in all_)],
    )


def complaints(page: Any) -> list[str]:  # noqa: ANN401 - as above
    """Read what a page complains of: the summary above its form, or the words of a page of refusal."""
    text = page.content.decode()
    summary = re.search(r'<div class="errors".*?</div>', text, re.DOTALL)
    if summary:
        return [_plain(one) for one in re.findall(r"<li>(.*?)</li>", summary[0], re.DOTALL)]
    main = text[text.find("<main") :]
    return [_plain(one) for one in re.findall(r'<h1>.*?</h1>|<p class="lead">.*?</p>', main, re.DOTALL)]


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def in_every_language(ask: Callable[[Client], Any], *, field: str = "") -> tuple[int, str]:
    """Ask as a Finn, a Swede and an Englishman; each is told in words of their own and nothing is written."""
    readers = {
        language: Client(headers={"accept-language": language}, raise_request_exception=False)
        for language in LANGUAGES
    }
    with nothing_written():
        told = {language: problem(ask(client), field=field) for language, client in readers.items()}
    [(status, code)] = {(status, code) for status, code, _said in told.values()}
    assert_different([said for _status, _code, said in told.values()])
    return status, code


def assert_different(said: Sequence[Sequence[str]]) -> None:
    """No sentence is the same in two languages."""
    for same_place in zip(*said, strict=True):
        assert all(same_place), said
        assert len(set(same_place)) == len(same_place), same_place


def posted(path: str, body: object, **headers: str) -> Callable[[Client], Any]:
    """Send a body as a program does; bytes go as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda client: client.generic("POST", path, content, content_type=JSON, headers=headers)


def patched(path: str, body: object, **headers: str) -> Callable[[Client], Any]:
    """Change something as a program does."""
    return lambda client: client.patch(path, json.dumps(body), content_type=JSON, headers=headers)
