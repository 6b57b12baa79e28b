"""A mail made once for many says to each what it would say if it had been made for them alone."""

import html
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.i18n import LANGUAGES, Language
from notifications import kinds, rendering, slots
from notifications.drafts import Draft, Link

KINDS = [kind.key for kind in kinds.all_kinds()]


def made_alone(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> rendering.Rendered:
    """Make it with every fact in its place."""
    with monkeypatch.context() as patch:
        patch.setattr(slots, "_PERSONAL", ())
        return rendering.render(draft)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_the_same_either_way(
    kind: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = kinds.get(kind).sample(language)

    shared, alone = rendering.render(draft), made_alone(draft, monkeypatch)

    assert (shared.subject, shared.text) == (alone.subject, alone.text)
    assert html.unescape(shared.html) == html.unescape(alone.html)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_name_is_said_the_same_either_way(name: str) -> None:
    draft = kinds.get("confirmation").sample("fi")
    draft = replace(draft, context={**draft.context, "registered_by": name})

    with pytest.MonkeyPatch.context() as patch:
        alone = made_alone(draft, patch)
    shared = rendering.render(draft)

    assert (shared.subject, shared.text) == (alone.subject, alone.text)
    assert html.unescape(shared.html) == html.unescape(alone.html)


def test_two_readers_get_their_own_names_and_links() -> None:
    draft = kinds.get("place_received").sample("en")
    other = replace(
        draft,
        context={**draft.context, "giver": "Veera & Veera <Exempel>"},
        links={name: Link(link.purpose, "another", link.path) for name, link in draft.links.items()},
    )

    first, second = rendering.render(draft), rendering.render(other)

    assert "Veera & Veera <Exempel>" in second.text
    assert "Veera &amp; Veera &lt;Exempel&gt;" in second.html
    assert "Veera & Veera" not in first.text
    assert not {line for line in first.text.split() if "/r/" in line} & set(second.text.split())
    assert "Slot" not in first.text + first.html + second.text + second.html
