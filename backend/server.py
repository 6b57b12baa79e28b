"""The web server of both profiles: gunicorn with threads, and an access log that tells nobody's secrets."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable

from gunicorn import glogging
from gunicorn.app.base import BaseApplication

from backend.redaction import without_secrets

THREADS = 8
GRACE = 4  # seconds until a worker that is still busy is stopped: five in all


class AccessLog(glogging.Logger):  # type: ignore[misc]  # gunicorn carries no types
    """Writes method, path, status, size and time; never a query, a visitor's address or a personal link."""

    def atoms(self, *args: object, **kwargs: object) -> dict[str, object]:
        """Collect what a line may show."""
        atoms: dict[str, object] = super().atoms(*args, **kwargs)
        return atoms | {"U": without_secrets(str(atoms.get("U") or ""))}


class Server(BaseApplication):  # type: ignore[misc]  # as above
    """Serves this project until it is told to stop."""

    def __init__(self, **options: object) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Set what is ours; everything else is gunicorn's own choice."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., object]:
        """Load the project; nothing of it opens a connection before the first request."""
        from backend.wsgi import application  # noqa: PLC0415 - the server reads its settings first

        return application


def _keep_still(arbiter: object, worker: object) -> None:
    """Leave what is loaded to the collector of nobody, so that its memory stays shared."""
    gc.freeze()


def listen_to_the_arbiter_only(worker: object) -> None:
    """Ctrl-C reaches every process of a terminal; told twice at once, a worker would lock itself up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def leave(arbiter: object, worker: object) -> None:
    """End this process now: a thread that waits for a browser to speak would hold it for seconds."""
    leaving = sys.exception()
    code = leaving.code if isinstance(leaving, SystemExit) else 1
    logging.shutdown()
    os._exit(code if isinstance(code, int) else 0)


def options(*, bind: str, workers: int, threads: int, access_log: bool) -> dict[str, object]:
    """Give the settings that both profiles share."""
    return {
        "preload_app": workers > 1,  # loaded once, before the workers part: they share that memory
        "pre_fork": _keep_still,
        "post_worker_init": listen_to_the_arbiter_only,
        "worker_exit": leave,
        "bind": bind,
        "worker_class": "gthread",
        "workers": workers,
        "threads": threads,
        "graceful_timeout": GRACE,
        "timeout": 30,
        "keepalive": 5,
        "logger_class": AccessLog,
        "accesslog": "-" if access_log else None,
        "access_log_format": '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms',
        "loglevel": "warning",
        "control_socket_disable": True,
        "limit_request_line": 2048,
        "limit_request_fields": 60,
    }
