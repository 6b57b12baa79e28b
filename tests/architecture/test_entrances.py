"""Every way in states who may use it, and every task is taken by somebody."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from backend.celery import app
from tests.architecture.sources import PACKAGES, ROOT


def _views() -> dict[str, Any]:
    return dict(_walk(get_resolver()))


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield path, entry.callback
        else:
            yield from _walk(entry, path)


def _own_views() -> dict[str, type[APIView]]:
    classes = (
        (path, getattr(view, "view_class", getattr(view, "cls", None))) for path, view in _views().items()
    )
    ours = {path: found for path, found in classes if found is not None and issubclass(found, APIView)}
    return {path: found for path, found in ours.items() if found.__module__.partition(".")[0] in PACKAGES}


def test_every_endpoint_states_its_own_permission() -> None:
    silent = {
        path
        for path, view in _own_views().items()
        if not any(
            "permission_classes" in vars(part)
            for part in view.__mro__
            if part.__module__.partition(".")[0] in PACKAGES
        )
    }

    assert silent == set()
    assert _own_views()  # the walk has found something


def _load_tasks() -> None:
    for package in PACKAGES:
        if (ROOT / package / "tasks.py").exists():
            import_module(f"{package}.tasks")
    import_module("backend.pulse")
    app.finalize()


def test_every_task_is_named_after_its_app() -> None:
    _load_tasks()
    misnamed = {
        task.name
        for task in app.tasks.values()
        if (home := type(task).__module__.partition(".")[0]) in PACKAGES
        and not task.name.startswith(f"{home}.")
    }

    assert misnamed == set()


def test_every_task_goes_to_a_queue_that_workers_consume() -> None:
    _load_tasks()
    consumed = set(app.amqp.queues.consume_from)
    ours = [task for task in app.tasks.values() if type(task).__module__.partition(".")[0] in PACKAGES]
    taken = {task.name: app.amqp.router.route({}, task.name)["queue"].name for task in ours}

    assert {name: queue for name, queue in taken.items() if queue not in consumed} == {}


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE)
def test_what_the_scheduler_sends_exists_and_is_dropped_when_nobody_takes_it(entry: str) -> None:
    _load_tasks()
    sent = settings.CELERY_BEAT_SCHEDULE[entry]

    assert sent["task"] in app.tasks
    assert sent["options"]["expires"] >= sent["schedule"]


def test_every_lane_of_the_ledger_is_drained_regularly() -> None:
    from notifications.kinds import Lane  # noqa: PLC0415 - after the settings

    drained = {
        entry["kwargs"]["lane"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry.get("kwargs")
    }

    assert drained == {lane.value for lane in Lane}
