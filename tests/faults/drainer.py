"""A factory of worker processes: each line on its input forks one that drains until it is killed."""

import json
import os
import signal
import sys
import time
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings

TEMPLATES = Path(__file__).parent.parent / "notifications" / "templates"


def work(*, lane: str, database: str, mailers: dict[str, Any]) -> None:
    """Be a worker with short leases on the test's database, sending to the test's mail server."""
    from django.db import connection  # noqa: PLC0415 - Django must be set up first

    from notifications import delivery  # noqa: PLC0415 - as above

    connection.settings_dict["NAME"] = database
    settings.MAILERS = mailers
    second = timedelta(seconds=1)
    terms = delivery.Terms(claim=3 * second, send=3 * second, answer=second)
    swept = 0.0
    while True:
        if time.monotonic() - swept > 1:
            delivery.sweep()
            swept = time.monotonic()
        if not delivery.drain(lane=lane, owner=f"drainer:{os.getpid()}", limit=20, terms=terms):
            time.sleep(0.05)


def main() -> None:
    """Set up once, then fork for each line, and answer with the process id."""
    templates = deepcopy(settings.TEMPLATES[0])
    settings.TEMPLATES = [{**templates, "DIRS": [TEMPLATES]}]
    django.setup()
    from notifications import kinds, rendering  # noqa: PLC0415 - Django must be set up first
    from tests.notifications import letters  # noqa: PLC0415 - as above

    kinds.register(letters.INVITATION, letters.NOTE)
    rendering.sample(letters.NOTE, "fi")  # read once here instead of in each child
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()  # no connection is open yet, so nothing is shared
        if not pid:
            work(**json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
