"""Who may know whom, where import contracts cannot see it."""

import grimp
import pytest
from django.apps import apps

from tests.architecture.sources import MAP, PACKAGES

LEVEL = {app: level for level, room in enumerate(MAP) for app in room}
PRIVATE = {"api", "receivers", "messages", "tasks", "admin", "apps"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_the_api_the_messages_the_receivers_and_the_tasks_of_an_app_are_its_own(
    graph: grimp.ImportGraph,
) -> None:
    broken = {
        f"{importer} -> {imported}"
        for imported in graph.modules
        if _room(imported) in PRIVATE
        for importer in graph.find_modules_that_directly_import(imported)
        if importer.partition(".")[0] != imported.partition(".")[0]
    }

    assert broken == set()


def test_foreign_keys_follow_the_map() -> None:
    upward = {
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"  # noqa: SLF001 - Django's way to ask
        for model in apps.get_models()
        if model._meta.app_label in LEVEL  # noqa: SLF001 - as above
        for field in model._meta.get_fields()  # noqa: SLF001 - as above
        if field.concrete and field.related_model and _is_upward(model, field.related_model)
    }

    assert upward == set()


def _is_upward(model: type, related: type) -> bool:
    here, there = (found.__module__.partition(".")[0] for found in (model, related))
    return here != there and LEVEL.get(there, -1) >= LEVEL[here]


def _room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] in LEVEL else ""
