"""A worker that drains what it has planned itself, and tells in figures how that went."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from dataclasses import replace

import django

django.setup()

from django.conf import settings  # noqa: E402 - the settings come first
from django.utils import timezone  # noqa: E402 - as above

from bench import machine  # noqa: E402 - as above
from notifications import delivery, kinds, mime, outbox, rendering  # noqa: E402 - as above
from notifications.capabilities import transport  # noqa: E402 - as above
from notifications.drafts import Draft, Link  # noqa: E402 - as above
from notifications.models import Message  # noqa: E402 - as above

BATCH = 500


def main(*, kind: str, mails: int, port: int, postmaster: int) -> dict[str, float]:
    """Plan so many messages of a kind, each to another person, and hand them over."""
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port},
        }
    }
    planned = _plan(list(_drafts(kind, mails)))
    began, own, database = time.perf_counter(), time.process_time(), machine.cpu_of(postmaster)
    done = 0
    while count := delivery.drain(lane=kinds.get(kind).lane, owner="bench", limit=50):
        done += count
    seconds = time.perf_counter() - began
    accepted = Message.objects.filter(kind=kind, state=Message.State.ACCEPTED).count()
    assert done == mails == accepted, (done, accepted)
    return {
        "planned": planned,
        "rate": mails / seconds,
        "own": 1000 * (time.process_time() - own) / mails,
        "database": 1000 * (machine.cpu_of(postmaster) - database) / mails,
        "bytes": _size(kind),
    }


def _drafts(kind: str, mails: int) -> Iterable[Draft]:
    sample = kinds.get(kind).sample("fi")
    for number in range(mails):
        yield replace(
            sample,
            subject=f"registration:{number}",
            recipient=f"p{number}@example.org",
            context={**sample.context, "name": f"Esimerkki {number}"},
            links={
                name: Link(link.purpose, f"seed{number}", link.path) for name, link in sample.links.items()
            },
            not_before=None,
            not_after=None,
        )


def _plan(drafts: list[Draft]) -> float:
    began = time.perf_counter()
    for start in range(0, len(drafts), BATCH):
        outbox.queue_batch(drafts[start : start + BATCH], at=timezone.now())
    return time.perf_counter() - began


def _size(kind: str) -> int:
    message = Message.objects.filter(kind=kind).order_by("-pk")[0]
    return len(mime.build(message, rendering.render(message), transport=transport()).wire())


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
