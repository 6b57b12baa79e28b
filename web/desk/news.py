"""The words for what other systems are told, and for why they could not be."""

import json
from typing import Any

from django.utils.functional import Promise

from backend.core.i18n import _

NEWS: dict[str, Promise] = {
    "registration.confirmed": _("Somebody got a place"),
    "registration.waiting": _("Somebody waits in line"),
    "registration.offered": _("Somebody was offered a place"),
    "registration.cancelled": _("A registration was cancelled"),
    "registration.declined": _("An offer was declined or ran out"),
    "event.changed": _("An event moved or changed"),
    "event.cancelled": _("An event was called off"),
    "programme.released": _("A programme was released"),
    "message.bounced": _("A message came back"),
    "campaign.finished": _("A message to many is at its end"),
    "endpoint.ping": _("Test"),
}

TROUBLES: dict[str, Promise] = {
    "address": _("the address leads into an internal network and is not called"),
    "lookup": _("no machine was found by this name"),
    "timeout": _("no answer within five seconds"),
    "certificate": _("the certificate does not fit the name or is not valid"),
    "connection": _("no connection, or it broke off"),
    "answer": _("what came back was no answer"),
    "secret": _("the secret cannot be read any more: make a new one"),
}


def news_said(kind: str) -> str:
    """Name a kind of news."""
    return str(NEWS.get(kind, kind))


def trouble_said(problem: str) -> str:
    """Say why there was no answer."""
    return str(TROUBLES.get(problem, problem))


def pretty(payload: Any) -> str:  # noqa: ANN401 - whatever was sent
    """Write what was sent so that a person can read it."""
    return json.dumps(payload, ensure_ascii=False, indent=2)
