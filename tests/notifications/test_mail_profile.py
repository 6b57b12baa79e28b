"""T70: every mail is HTML that Outlook, Gmail and Apple Mail all understand, in light and in dark.

Mail programs are no browsers. What is allowed here is what the frame uses, and nothing else: whoever adds a
property looks up first what the three make of it (caniemail.com), and writes the fallback beside it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from django.template import Engine

from backend.core.i18n import LANGUAGES, Text
from notifications import kinds, rendering
from notifications.models import Wording
from notifications.wordings import problems_of
from notifications.wordings.actions import BODY_LIMIT
from tests.notifications.test_golden_kinds import CASES
from tests.validator import NODE, needs_node, said_of

CLIPPED = 102 * 1024  # Gmail shows no more than this of a mail, and hides the rest behind a link
WIDTH = 600
UNDERSTOOD = {
    *("color", "background-color", "text-align", "vertical-align", "width"),
    *("padding", "font-family", "font-size", "font-weight", "line-height", "text-decoration"),
    *("white-space", "border", "border-top", "border-left", "border-color", "border-collapse"),
    "margin",  # Outlook centres by the align attribute of the cell around the card instead
    "max-width",  # Outlook is given the width by the table in its comment instead
    "border-radius",  # Outlook shows corners
    "overflow-wrap",  # Outlook breaks a long address by itself
    *("display", "max-height", "overflow", "mso-hide"),  # hides the line that a list of mails shows
}
ATTRIBUTES = {
    *("style", "class", "role", "href", "width", "align", "bgcolor", "border", "cellpadding", "cellspacing"),
    *("lang", "charset", "name", "content", "data-css-inline", "scope", "start"),
}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "table", "thead", "tbody", "tr", "th", "td"),
    *("h1", "h2", "h3", "p", "br", "hr", "a", "span", "strong", "em", "ul", "ol", "li", "blockquote"),
}
EVERYTHING = """# First

Good morning **{name}**, *welcome*.\\
A new line, and [a page of the city](https://example.org/page).

## Second

- one
- two

### Third

3. three
4. four

> A quotation

---

| When | What |
|------|------|
| 8.30 | Coffee |

[A button](https://example.org/button)

{join}

{manage}
"""


def _own_words(body: str) -> Wording:
    names = {f"subject_{language}": "Tomorrow {event}" for language in LANGUAGES}
    return Wording(kind="reminder", **names, **{f"body_{language}": body for language in LANGUAGES})


@cache
def mails() -> Mapping[str, str]:
    """Make each mail of the house once, and one with everything that an organiser's own words can hold."""
    house = {
        f"{case}.{language}": rendering.render(case.draft(language)).html
        for case in CASES
        for language in LANGUAGES
    }
    reminder = kinds.get("reminder").sample("en")
    return {**house, "own.en": rendering.in_own_words(reminder, _own_words(EVERYTHING)).html}


class Styled(HTMLParser):
    """Every element with its attributes, and what the style sheets hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.sheets: list[str] = []
        self._in_sheet = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._in_sheet = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_sheet = False

    def handle_data(self, data: str) -> None:
        if self._in_sheet:
            self.sheets.append(data)

    @property
    def rules(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Give the rules of the sheets, each with its selector."""
        for sheet in self.sheets:
            for selectors, inner in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
                for selector in selectors.split(","):
                    yield selector.strip(), _declared(inner)


def _declared(style: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in style.split(";") if one.strip())
    return {name.strip(): value.strip() for name, _colon, value in pairs}


@cache
def read() -> Mapping[str, Styled]:
    """Read each mail once."""
    return {name: Styled(html) for name, html in mails().items()}


def _each_element() -> Iterator[tuple[str, str, dict[str, str]]]:
    return ((name, *element) for name, mail in read().items() for element in mail.elements)


def _styles() -> Iterator[tuple[str, dict[str, str]]]:
    for name, mail in read().items():
        yield from ((name, _declared(attributes.get("style", ""))) for _tag, attributes in mail.elements)
        yield from ((name, declared) for _selector, declared in mail.rules)


@needs_node
def test_a_validator_of_other_people_finds_nothing_in_any_mail(tmp_path: Path) -> None:
    for name, html in mails().items():
        (tmp_path / f"{name}.html").write_text(html)

    said = said_of(tmp_path, rules=NODE / "mail.json")

    assert not said, "\n".join(["", *said])


def test_every_property_is_one_that_all_three_understand_or_can_do_without() -> None:
    used = {(name, prop) for name, style in _styles() for prop in style}

    assert {prop for _name, prop in used} == UNDERSTOOD


def test_nothing_is_fetched_counted_or_run_when_a_mail_is_opened() -> None:
    values = {value for _name, style in _styles() for value in style.values()}
    tags = {tag for _name, tag, _attributes in _each_element()}
    attributes = {attribute for _name, _tag, attributes in _each_element() for attribute in attributes}

    assert not {value for value in values if re.search(r"url\(|expression\(|var\(|calc\(|@", value)}
    assert tags <= TAGS
    assert attributes <= ATTRIBUTES


def test_no_mail_is_wider_than_six_hundred_pixels() -> None:
    for name, style in _styles():
        for prop in ("width", "max-width"):
            value = style.get(prop, "")
            assert value in {"", "100%"} or int(value.removesuffix("px")) <= WIDTH, name
    for name, _tag, attributes in _each_element():
        assert attributes.get("width", "") in {"", "100%", str(WIDTH)}, name
    for name, html in mails().items():
        outlook = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", html)
        assert len(outlook) == 2, name
        assert f'width="{WIDTH}"' in outlook[0], "the one that knows no max-width is given a width"


def test_each_link_leads_somewhere_by_itself_over_https() -> None:
    links = {attributes["href"] for _name, tag, attributes in _each_element() if tag == "a"}

    assert links
    assert not {link for link in links if not re.match(r"https://[^/]+/", link)}


def test_in_the_dark_every_colour_has_its_counterpart() -> None:
    """A colour that stayed as it is in the light could be dark on dark."""
    kept = Engine.get_default().get_template("notifications/mail.html").source.split('inline="keep">')[1]
    for name, mail in read().items():
        assert mail.sheets[-1] == kept.split("</style>")[0], name
        for tag, attributes in mail.elements:
            style = _declared(attributes.get("style", ""))
            dark: dict[str, str] = {}
            for selector, declared in mail.rules:
                element, _dot, css_class = selector.partition(".")
                if element in {"", tag} and css_class in {"", attributes.get("class", "")}:
                    dark |= declared
            for prop in {"color", "background-color"} & style.keys():
                assert dark.get(prop, "").endswith("!important"), f"{name}: {prop} of {tag} {attributes}"


def test_no_mail_is_cut_off() -> None:
    assert max(len(html.encode()) for html in mails().values()) < CLIPPED


def test_words_that_would_be_cut_off_are_not_taken_into_use() -> None:
    """The longest text there may be, in the shortest paragraphs there are."""
    essential = "{join}\n\n{manage}\n\n"
    many = essential + "a\n\n" * ((BODY_LIMIT - len(essential)) // 3)
    long = essential + "word " * ((BODY_LIMIT - len(essential)) // 5)
    kind, subject = kinds.get("reminder"), Text("Huomenna", "I morgon", "Tomorrow")

    said = problems_of(kind, subject=subject, body=Text(long, many, long))

    assert list(said) == ["body.sv"]
    assert len(rendering.in_own_words(kind.sample("fi"), _own_words(long)).html.encode()) < CLIPPED


def test_one_button_is_the_one_that_most_readers_came_for() -> None:
    for name, mail in read().items():
        looks = [attributes.get("class") for tag, attributes in mail.elements if tag == "td"]
        buttons = [look for look in looks if look in {"button", "second"}]
        assert buttons == ["button", "second", "second"][: len(buttons)], name


def test_a_span_of_time_is_never_broken_over_two_lines() -> None:
    times = re.findall(r"(<span[^>]*>)?8\.30–10\.00", mails()["confirmation.fi"].split("<body")[1])

    assert times
    assert set(times) == {'<span style="white-space: nowrap">'}
