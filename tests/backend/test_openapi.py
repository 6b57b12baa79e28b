"""The reference of the API is whole, and says what the API does: a program is written from nothing else."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from backend.core.api import Pages
from tests.reference import PATHS, misfits, read, reference

ANYTHING = {("Delivery", "payload")}  # news differs by its kind


def operations() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, methods in reference()["paths"].items():
        for method, told in methods.items():
            yield f"{method.upper()} {path}", told


def test_it_is_valid_and_the_same_for_every_reader() -> None:
    validate_schema(reference())  # type: ignore[no-untyped-call]  # not typed by its maker
    assert read("fi") == reference()


def test_every_field_says_what_it_is() -> None:
    vague = {
        (name, field)
        for name, shape in reference()["components"]["schemas"].items()
        for field, told in shape.get("properties", {}).items()
        if not {"type", "$ref", "allOf", "oneOf", "enum"} & set(told)
    }
    assert vague == ANYTHING


def test_every_filter_says_what_it_takes() -> None:
    silent = [
        f"{name} {one['name']}"
        for name, told in operations()
        for one in told.get("parameters", ())
        if one["in"] == "query" and not one.get("description")
    ]
    assert silent == []


def test_every_locked_door_says_so() -> None:
    silent = [
        name
        for name, told in operations()
        if all(told.get("security", [{}])) and "401" not in told["responses"]
    ]
    assert silent == []


def test_every_list_says_that_a_page_may_not_be_there() -> None:
    lists = [
        (name, told["responses"])
        for name, told in operations()
        if any(one["name"] == "cursor" for one in told.get("parameters", ()))
    ]
    assert len(lists) > 15
    assert [name for name, responses in lists if "400" not in responses] == []


@pytest.mark.django_db
def test_a_page_of_a_list_is_described_as_it_comes(client: Client) -> None:
    page = client.get(f"{PATHS}series/").json()
    shape = Pages().get_paginated_response_schema({"type": "array"})
    assert shape["required"] == list(page)
    assert [shape["properties"][name]["type"] for name in ("next", "previous")] == [["string", "null"]] * 2
    assert "nullable" not in json.dumps(reference())


@pytest.mark.parametrize("word", ["Bearer", "Accept-Language", "Retry-After", "If-None-Match", "errors"])
def test_its_first_page_tells_what_holds_everywhere(word: str) -> None:
    assert word in reference()["info"]["description"]


def test_every_example_is_of_its_shape() -> None:
    examples = [
        (name, body["schema"], example["value"])
        for name, told in operations()
        for body in told.get("requestBody", {}).get("content", {}).values()
        for example in body.get("examples", {}).values()
    ]
    assert [name for name, shape, value in examples if misfits(shape, value)] == []
    assert "POST /api/v1/organiser/webhooks/" in {name for name, _shape, _value in examples}
