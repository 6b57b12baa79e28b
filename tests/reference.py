"""The reference of the API as a program reads it, and whether an answer is of the shape that it gives."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its types are a package of their own
from django.test import Client

PATHS = "/api/v1/"


def read(language: str) -> Any:  # noqa: ANN401 - whatever the JSON holds
    """Fetch the document as somebody with this language would."""
    headers = {"accept": "application/vnd.oai.openapi+json", "accept-language": language}
    return json.loads(Client().get(f"{PATHS}schema/", headers=headers).content)


@cache
def reference() -> Any:  # noqa: ANN401 - whatever the JSON holds
    """Fetch it once."""
    return read("en")


def misfits(shape: Mapping[str, Any], value: Any) -> list[str]:  # noqa: ANN401 - whatever the JSON holds
    """Say where a value is not of a shape of the reference."""
    checker = jsonschema.Draft202012Validator({**shape, "components": reference()["components"]})
    return [f"{one.json_path}: {one.message}" for one in checker.iter_errors(value)]


def faults(path: str, answer: Any) -> list[str]:  # noqa: ANN401 - a test client's answer
    """Name what differs from the reference in an answer to GET; ``path`` is as the reference writes it."""
    told = reference()["paths"][PATHS + path]["get"]["responses"][str(answer.status_code)]
    return [
        f"{path} {one}" for one in misfits(told["content"][answer["Content-Type"]]["schema"], answer.json())
    ]
