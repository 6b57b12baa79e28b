"""How the tests speak to the organiser's side of the API."""

from typing import Any

from django.test import Client

OWN = "/api/v1/organiser"


def sent(client: Client, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Send a request and give the status and the body of its answer."""
    answer = getattr(client, method)(f"{OWN}/{path}", data=body, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None
