"""U31: the HTML of every page, read by a validator of other people. Needs Node, and no browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from backend.demo.people import REVIEWER
from tests.architecture.sources import ROOT
from tests.browser import places
from tests.browser.conftest import Service
from tests.browser.week import Lived, signed_in
from tests.journeys.visitor import Visitor

NODE = ROOT / "tests" / "node"
VALIDATOR = NODE / "node_modules" / ".bin" / "html-validate"

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not VALIDATOR.exists(),
    reason="Node or html-validate is not here: the HTML of the pages was not validated",
)


def _said_of(folder: Path) -> list[str]:
    command = [str(VALIDATOR), "--config", str(NODE / "html.json"), "--formatter", "json", str(folder)]
    answer = folder / "answer.json"  # a pipe would lose what comes after 64 kB
    with answer.open("w") as out:
        run = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode in {0, 1}, run.stderr
    return sorted(
        f"{Path(file['filePath']).stem}:{said['line']} {said['ruleId']}: {said['message']}"
        for file in json.loads(answer.read_text())
        for said in file["messages"]
    )


def _keep(folder: Path, name: str, html: str) -> None:
    plain = "".join(letter if letter.isalnum() else "-" for letter in name)
    (folder / f"{plain}.html").write_text(html)


@needs_node
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_public_pages_and_those_behind_a_link(
    service: Service, lived: Lived, tmp_path: Path, language: str
) -> None:
    pages = places.public(
        language, series=lived.week.slug, event=lived.week.mornings[0], practice=places.DEMO_PRACTICE
    )
    visitor = Visitor(service.url)
    for name, path in (pages | places.personal(language, lived)).items():
        _keep(tmp_path, name, visitor.open(path).body)
    form = visitor.open(pages["register"])
    button = next(text for text, name, _value in form.forms[-1].buttons if not name)
    refused = visitor.press(form, button, name="", email="no address", events=[])
    assert refused.status == 422
    _keep(tmp_path, "register with errors", refused.body)

    said = _said_of(tmp_path)
    assert not said, "\n".join(["", *said])


@needs_node
def test_the_desk(service: Service, lived: Lived, tmp_path: Path) -> None:
    _keep(tmp_path, "sign in", Visitor(service.url).open("/accounts/login/").body)
    for visitor, paths in (
        (lived.week.desk, lived.desk),
        (signed_in(service.url, REVIEWER), lived.reviews),
    ):
        for path in paths:
            _keep(tmp_path, path, visitor.open(path).body)

    said = _said_of(tmp_path)
    assert not said, "\n".join(["", *said])
