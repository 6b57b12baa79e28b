"""The whole service in one process: pages, a real Celery worker and its scheduler, without any server.

The broker lives in memory and may forget everything: what is to be done stands in the database, and the
scheduler looks there every few seconds. In production the same tasks run in processes of their own.
"""

import os
import signal
import threading

from celery.beat import Service

from backend import server
from backend.celery import app

WORKER_THREADS = 2
PATIENCE = 2  # seconds for the task in hand; what it leaves undone still stands in the database


class Background:
    """The worker and the scheduler, as threads beside the pages."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.worker = app.WorkController(
            hostname="embedded",
            pool="threads",
            concurrency=WORKER_THREADS,
            loglevel="WARNING",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        self.beat = Service(app, max_interval=1, scheduler_cls=app.conf.beat_scheduler)

    def start(self) -> None:
        """Start both."""
        for name, work in (("Worker", self._work), ("Beat", self.beat.start)):
            threading.Thread(target=work, name=name, daemon=True).start()

    def stop(self) -> None:
        """Let the task in hand end, take no new one."""
        self.stopping.set()
        self.beat.stop()
        self.worker.stop()

    def _work(self) -> None:
        """Work until told to stop; should the worker break, end this process: a fresh one is started."""
        self.worker.start()
        if not self.stopping.is_set():
            os.kill(os.getpid(), signal.SIGTERM)


_running: list[Background] = []


def _start(worker: object) -> None:
    server.listen_to_the_arbiter_only(worker)
    background = Background()
    background.start()
    _running.append(background)


def _stop(arbiter: object, worker: object) -> None:
    for again in (signal.SIGQUIT, signal.SIGTERM):
        signal.signal(again, signal.SIG_IGN)  # once is enough
    try:
        for background in _running:
            stopping = threading.Thread(target=background.stop, name="Stop", daemon=True)
            stopping.start()
            stopping.join(timeout=PATIENCE)
    finally:
        server.leave(arbiter, worker)


def serve(*, bind: str) -> None:
    """Serve pages, worker and scheduler until told to stop."""
    shared = server.options(bind=bind, workers=1, threads=server.THREADS, access_log=False)
    server.Server(**shared | {"post_worker_init": _start, "worker_exit": _stop}).run()
