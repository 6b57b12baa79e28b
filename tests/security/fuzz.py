"""Reads the service's own description and makes bodies and questions that no honest program would send."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.test import Client

WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**40,
    1.5,
    "",
    " ",
    "x" * 9_000,
    "a\x00b",
    "\x07\x1b",
    "\u202etxet",
    "\ud800",
    "999",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2027-02-30",
    "9999-12-31",
    "javascript:alert(1)",
    [],
    [None],
    [[1]],
    [{"fi": "x"}] * 3,
    {},
    {"fi": 1, "sv": None},
    {"\ud800": "x", "xx": "y"},
)
ASKED = ("", "-1", "9" * 30, "%00", "%ff", "%F0%9F%A6%84", "x" * 3_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing the API can do, and the shape of the body it wants."""

    method: str
    path: str
    shape: Mapping[str, Any]
    questions: tuple[str, ...]

    @property
    def name(self) -> str:
        """How a failure names it."""
        return f"{self.method.upper()} {self.path}"


@cache
def operations() -> list[Operation]:
    """Read the schema as any program could."""
    text = Client().get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    schema = json.loads(text.content)
    return [
        Operation(
            method=method,
            path=path,
            shape=_resolved(schema, _body(told)),
            questions=tuple(one["name"] for one in told.get("parameters", ()) if one["in"] == "query"),
        )
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
    ]


def _body(told: Mapping[str, Any]) -> Mapping[str, Any]:
    content = told.get("requestBody", {}).get("content", {})
    found: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
    return found


def _resolved(schema: Mapping[str, Any], shape: Any) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(shape, list):
        return [_resolved(schema, one) for one in shape]
    if not isinstance(shape, Mapping):
        return shape
    if "$ref" in shape:
        return _resolved(schema, schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    return {name: _resolved(schema, inner) for name, inner in shape.items()}


def right(shape: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the shape asks for
    """Make the plainest body of a shape."""
    for one in (*shape.get("allOf", ()), *shape.get("oneOf", ())):
        return right(one)
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape.get("type")
    kind = next((one for one in kind if one != "null"), "string") if isinstance(kind, list) else kind
    if kind == "object":
        return {name: right(inner) for name, inner in shape.get("properties", {}).items()}
    if kind == "array":
        return [right(shape.get("items", {}))]
    words = {"date-time": "2027-04-13T08:30:00+03:00", "date": "2027-04-13"}
    plain = {"integer": 1, "number": 1, "boolean": True, "string": words.get(shape.get("format", ""), "abc")}
    return plain.get(kind or "string", "abc")


def wrong(shape: Mapping[str, Any], *, start: int, count: int) -> Iterator[tuple[str, Any]]:
    """Make bodies wrong in one place, or as a whole, spread evenly over all there could be."""
    whole = right(shape)
    pairs: list[tuple[tuple[Any, ...], Any]] = [((), value) for value in WRONG]
    pairs += [(place, value) for place in _places(whole) for value in WRONG]
    for index in range(0, len(pairs), max(1, len(pairs) // count)):
        place, value = pairs[(index + start) % len(pairs)]
        body = copy.deepcopy(whole)
        if place:
            _put(body, place, value)
        yield ".".join(map(str, place)), body if place else value


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    if place:
        yield place
    if isinstance(value, dict) and len(place) < 2:
        for name, inner in value.items():
            yield from _places(inner, (*place, name))
    elif isinstance(value, list) and value:
        yield from _places(value[0], (*place, 0))


def _put(body: Any, place: tuple[Any, ...], value: Any) -> None:  # noqa: ANN401 - any JSON
    *path, last = place
    for step in path:
        body = body[step]
    body[last] = value
