"""One wording becomes text and HTML; what people typed stays only text in both."""

from datetime import datetime
from html.parser import HTMLParser

import pytest

from backend.core.i18n import LANGUAGES, Language
from backend.core.links import token_for
from notifications import outbox, rendering
from notifications.markdown import Document, Inert, inert
from tests.notifications import letters

MANAGE = f"https://vipu.example.org/r/{token_for('manage', 'a-seed')}/"
PROGRAMME = "https://example.org/fi/tapahtumat/aamu_1/"
TEXT = f"""\
Hei Aino Esimerkki,

sinulle on paikka aamukahvilla Lähiluonto.

- Milloin: tiistaina 13.4.2027 klo 8.30–10.00
- Missä: Verkossa

Muuta tai peru:
{MANAGE}

Muut aamusi:

- ke 14.4. Osallisuus
- to 15.4. Digitalisaatio

Voit myös katsoa ohjelman <{PROGRAMME}> etukäteen.

—

Saat tämän viestin, koska ilmoittauduit. Kysyttävää? Vastaa tähän viestiin tai kirjoita osoitteeseen \
aamukahvit@example.org.
"""


class Seen(HTMLParser):
    """What a mail program would find in the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.languages: list[str] = []
        self.words: list[str] = []
        self.unstyled: list[str] = []
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self._hidden += tag in {"style", "title"}
        if href := found.get("href"):
            self.links.append(href)
        if language := found.get("lang"):
            self.languages.append(language)
        if tag in {"p", "a", "ul", "li", "td"} and not found.get("style"):
            self.unstyled.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def test_the_text_half_says_it_all() -> None:
    rendered = rendering.sample("test_invitation", "fi")

    assert rendered.subject == "Olet mukana: Lähiluonto"
    assert rendered.text == TEXT


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_halves_carry_the_same_links_and_words(language: Language) -> None:
    rendered = rendering.sample(letters.INVITATION, language)
    seen = Seen(rendered.html)

    assert seen.links == [
        MANAGE,
        MANAGE,
        PROGRAMME,
    ]  # the button, the address below it, and the link in the text
    assert all(link in rendered.text for link in seen.links)
    for line in rendered.text.replace("—", "").splitlines():
        words = line.removeprefix("- ").partition(" <")[0].removesuffix(":")
        assert " ".join(words.split()) in seen.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_half_is_light_styled_inline_and_names_its_language(language: Language) -> None:
    rendered = rendering.sample(letters.INVITATION, language)
    seen = Seen(rendered.html)

    assert len(rendered.html.encode()) <= 25_000
    assert seen.languages == [language]
    assert seen.unstyled == []
    assert seen.tags.isdisjoint({"img", "script", "link", "iframe", "form"})
    assert "prefers-color-scheme: dark" in rendered.html
    assert "max-width: 600px" in rendered.html


GENERAL_FOOT = {
    "fi": "Saat tämän viestin, koska osoitteesi on annettu Vipu-palvelussa. Kysyttävää? ",
    "sv": "Du får det här meddelandet eftersom din adress har angetts i tjänsten Vipu. Har du frågor? ",
    "en": "You get this message because your address was given in the Vipu service. Questions? ",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wording_without_a_reason_of_its_own_gets_the_general_one(language: Language) -> None:
    foot = rendering.sample(letters.NOTE, language).text.partition("\n—\n\n")[2]

    assert foot.startswith(GENERAL_FOOT[language])
    assert foot.endswith(" vipu@example.org.\n")


def test_the_line_after_the_subject_is_the_first_paragraph() -> None:
    html = rendering.render(letters.note(words="Nähdään aamulla & tuokaa kahvia.")).html

    assert ">Nähdään aamulla &amp; tuokaa kahvia.</div>" in html


def test_a_queued_message_and_its_draft_read_the_same(noon: datetime, db: None) -> None:
    assert rendering.render(outbox.queue(letters.invitation(), at=noon)) == rendering.render(
        letters.invitation()
    )


HOSTILE = [
    "<b>Aino</b><script>alert(1)</script><img src=x>",
    "[palkinto](https://evil.example)",
    "![kuva](https://evil.example/x.png)",
    "<https://evil.example>",
    "[a]: https://evil.example\n\n[a]",
    "# Otsikko\n\n- yksi\n1. kaksi\n> kolme\n\n    neljä\n\n---\n\n```\nviisi\n```",
    "**lihava** _kursiivi_ `koodi` ~~yli~~ | a | b |",
    "{{7*7}} {% now 'Y' %} {event.__class__} ${7*7}",
    "&lt;b&gt; &amp; &#60;",
    "a\\",
    "rivi\r\nBcc: kaikki@example.org",
    "Aino\u202eekremise\u202c\u200b\x00\x1b[31m",
]


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_type_is_inert(typed: str, language: Language) -> None:
    facts = dict.fromkeys(("name", "title", "when", "where"), typed)
    draft = letters.about(letters.invitation(language=language), **facts, others=[typed, typed])
    plain, rendered = rendering.sample(letters.INVITATION, language), rendering.render(draft)
    usual, seen = Seen(plain.html), Seen(rendered.html)

    assert set(seen.links) == set(usual.links)
    assert seen.tags - {"br"} <= usual.tags
    assert "\n" not in rendered.subject
    assert "49" not in rendered.text.replace(MANAGE, "")
    assert not any(ord(c) < 32 and c != "\n" for c in rendered.text + rendered.subject)
    assert "\u202e" not in rendered.text + rendered.html
    shown = [" ".join(line.split()) for line in typed.split("\n") if line.strip()]
    for line in shown if typed.isprintable() else []:
        assert line in rendered.text
        assert line in seen.text


def test_paragraphs_that_people_write_stay_paragraphs() -> None:
    words = "Hyvä väki,\nnähdään huomenna.\n\n\n\nTerveisin Olli"

    rendered = rendering.render(letters.note(words=words))

    assert rendered.text.startswith("Hyvä väki,\nnähdään huomenna.\n\nTerveisin Olli\n\n—")
    assert "Hyvä väki,<br />\nnähdään huomenna.</p>" in rendered.html


def test_an_inert_value_still_compares_as_what_it_was() -> None:
    value = inert({"state": "bounced_soft", "list": ["a_b"], "number": 3, "yes": True})

    assert value == {"state": "bounced_soft", "list": ["a_b"], "number": 3, "yes": True}
    assert "bounced_soft" == Inert.of("bounced_soft")  # noqa: SIM300 - both ways round
    assert Inert.of("a_b") != Inert.of("a-b")
    assert {Inert.of("a_b")} == {"a_b"}


def test_javascript_is_no_link() -> None:
    draft = letters.about(letters.invitation(), programme_url="javascript:alert(1)")

    assert all(link.startswith("https://") for link in Seen(rendering.render(draft).html).links)


def test_lists_quotes_and_tables_read_well_as_text() -> None:
    source = """\
## Muutos

1. yksi
2. kaksi
   - alla
     jatkuu

| | nyt |
|---|---|
| Alkaa | klo 9.00 |

> näin
> hän sanoi

***

```
koodi
```
"""

    assert Document.parse(source).text().split("\n\n") == [
        "Muutos",
        "1. yksi\n2. kaksi\n  - alla jatkuu",
        "nyt\nAlkaa: klo 9.00",
        "> näin hän sanoi",
        "—",
        "koodi\n",
    ]


def test_an_address_in_angle_brackets_is_refused_since_a_token_may_hold_an_underscore() -> None:
    with pytest.raises(ValueError, match="write links as"):
        rendering._wording("letters/bad", "fi")  # noqa: SLF001 - the reader of wordings has no public name
