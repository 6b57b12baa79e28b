"""U31: the HTML of every page, read by a validator of other people. Needs Node, and no browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.demo.people import REVIEWER
from tests.browser import places
from tests.browser.conftest import Service
from tests.browser.week import Lived, signed_in
from tests.journeys.visitor import Visitor
from tests.validator import needs_node, said_of


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

    said = said_of(tmp_path)
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

    said = said_of(tmp_path)
    assert not said, "\n".join(["", *said])
