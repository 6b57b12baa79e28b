"""Every mail of the house as its reader gets it, in three languages, word for word and part for part.

After a wording has changed on purpose, and has been read in all three languages:
``pytest tests/notifications/test_golden_kinds.py --write-goldens``
"""

import email
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from backend.core.i18n import LANGUAGES, Language, Text
from notifications import kinds, mime, outbox, rendering
from notifications.capabilities import Layout, Transport
from notifications.drafts import Draft, Json, Link

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
FULL = Transport(name="SMTP", layout=Layout.FULL)
NOT_FROZEN = {"Date", "Content-Type"}  # the moment of sending, and a boundary made by chance
SUBJECT_LIMIT, LINK_LIMIT, HTML_LIMIT = 60, 3, 25_000
type Fact = Json | Text | list[dict[str, str | Text]]  # a text is said in the language of the mail
TALK = Text("Luontopolku kaikille", "En naturstig för alla", "A nature trail for everybody")
CHANGES: list[dict[str, str | Text]] = [
    {"kind": "added", "title": TALK, "time": "8.40", "old_time": ""},
    {"kind": "moved", "title": TALK, "time": "9.00", "old_time": "8.40"},
    {"kind": "changed", "title": TALK, "time": "9.00", "old_time": "9.00"},
    {"kind": "removed", "title": TALK, "time": "", "old_time": "9.00"},
]
STILL: dict[str, Fact] = {"moved": False, "start_moved": False}
ON_SITE: dict[str, Fact] = {"mode": "on_site", "place": "Esimerkkitalo, Esimerkkilä", "tells_link": False}
AT_THE_DOOR = {
    "manage": Link("manage", "sample", "/r/{token}/"),
    "ticket": Link("ticket", "sample", "/j/{token}/"),
}
EARLIER: dict[str, Fact] = {
    "old_day": Text("ma 12.4.", "må 12.4", "Mon 12 Apr"),
    "old_when": Text(
        "ma 12.4.2027 klo 8.30–10.00", "må 12.4.2027 kl. 8.30–10.00", "Mon 12 April 2027, 8.30–10.00"
    ),
}
THIRD = Text("3.", "nr 3", "3rd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A kind of mail, and what is different from its sample; each way of saying it is read once."""

    kind: str
    name: str = ""
    facts: Mapping[str, Fact]
    links: Mapping[str, Link] | None = None
    entry_of: str = ""  # the kind whose calendar entry, or lack of one, it has instead of its sample's

    def draft(self, language: Language) -> Draft:
        draft = kinds.get(self.kind).sample(language)
        links = draft.links if self.links is None else self.links
        entry = kinds.get(self.entry_of or self.kind).sample(language).calendar
        context = {**draft.context, **_said(self.facts, language)}
        return replace(draft, context=context, links=links, calendar=entry)

    def __str__(self) -> str:
        return f"{self.kind}-{self.name}" if self.name else self.kind


def _said(facts: Mapping[str, Fact | str], language: Language) -> dict[str, Json]:
    return {
        name: value.in_language(language)
        if isinstance(value, Text)
        else [_said(row, language) for row in value if isinstance(row, Mapping)]
        if isinstance(value, list)
        else value
        for name, value in facts.items()
    }


CASES = [
    *(Case(kind=kind.key, facts={}) for kind in kinds.all_kinds()),
    Case(
        kind="confirmation",
        name="bare",
        facts={"tells_link": False, "reminded": False, "programme": [], "others": [], "deadline": ""},
    ),
    Case(kind="confirmation", name="link_later", facts={"tells_link": False}),
    Case(kind="confirmation", name="colleague", facts={"registered_by": "Veera Esimerkki", "asks": True}),
    Case(kind="waiting", name="colleague", facts={"registered_by": "Veera Esimerkki", "asks": True}),
    Case(kind="place_received", name="asked", facts={"asks": True}),
    Case(kind="place_received", name="by_organiser", facts={"by_organiser": True}),
    Case(kind="confirmation", name="another_address", facts={"readdressed": True}),
    Case(kind="waiting", name="another_address", facts={"readdressed": True}),
    Case(kind="application_received", name="another_address", facts={"readdressed": True}),
    Case(kind="application_received", name="colleague", facts={"asks": True}),
    Case(kind="confirmation", name="on_site", facts={**ON_SITE, "finnish_time": False}, links=AT_THE_DOOR),
    Case(kind="promoted", name="late", facts={"changeable": False, "reminded": False, "tells_link": False}),
    Case(kind="reminder", name="on_site", facts={**ON_SITE, "changeable": False, "programme": []}),
    Case(kind="changed", name="another_day", facts=EARLIER),
    Case(kind="changed", name="programme", facts={**STILL, "released": 2, "programme_changes": CHANGES}),
    Case(kind="changed", name="first_programme", facts={**STILL, "released": 1}),
    Case(
        kind="changed",
        name="place_and_title",
        facts={**STILL, **ON_SITE, "place_changed": True, "title_changed": True, "changeable": False},
    ),
    Case(
        kind="changed",
        name="waiting",
        facts={"waiting": True, "position": THIRD, "tells_link": False},
        entry_of="waiting",
    ),
    Case(kind="speaker_invitation", name="changed", facts={"changed": True}),
    Case(kind="speaker_cancelled", name="called_off", facts={"called_off": True}),
    Case(kind="calendar_again", name="gone", facts={"gone": True}, entry_of="place_given"),
    Case(kind="cancelled_by_attendee", name="in_calendar", facts={"in_calendar": True, "held_until": ""}),
    Case(kind="cancelled_by_attendee", name="after_the_start", facts={"held_until": ""}),
    Case(
        kind="cancelled_by_attendee",
        name="waiting",
        facts={"waiting": True, "others": []},
        entry_of="waiting",
    ),
    Case(kind="cancelled_by_organiser", name="place", facts={"event_cancelled": False, "reason": ""}),
    Case(
        kind="cancelled_by_organiser",
        name="waiting",
        facts={"event_cancelled": False, "reason": "", "waiting": True},
        entry_of="waiting",
    ),
    Case(kind="place_given", name="by_organiser", facts={"own_deed": False, "others": []}),
    Case(
        kind="place_received",
        name="rewritten",  # the event moved before the first mail left
        facts={**ON_SITE, "giver": "", "changeable": False, "reminded": False, "programme": []},
        links=AT_THE_DOOR,
    ),
    Case(kind="manage_link", name="asked", facts={"again": False, "wanted": []}),
    Case(kind="merged", name="goes", facts={"stays": False, "places": []}, links={}),
    Case(kind="address_changed", name="corrected", facts={"by_organiser": True}),
    Case(kind="survey", name="afternoon", facts={"morning": False}),
    Case(
        kind="review_result",
        name="published",
        facts={"decision": "publish", "meets_criteria": True, "message": []},
        links={"page": Link("page", "", "/fi/kaytannot/lahimetsa/")},
    ),
    Case(
        kind="review_result",
        name="published_to_learn_from",
        facts={"decision": "publish", "message": []},
        links={"page": Link("page", "", "/fi/kaytannot/lahimetsa/")},
    ),
    Case(kind="review_result", name="declined", facts={"decision": "decline"}, links={}),
]
each_case = pytest.mark.parametrize("case", CASES, ids=str)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def frozen(settings: Settings) -> None:
    """Make links and identities the same every time."""
    settings.SECRET_KEY = "only for these tests: links and identities stay the same"


class Read(HTMLParser):
    """What a reader of the HTML half sees: the words, and where the links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str] = set()
        self.language = ""
        self._hidden = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.language = self.language or found.get("lang") or ""
        if tag in {"style", "title"} or found.get("class") == "preheader":
            self._hidden = tag
        if href := found.get("href"):
            self.links.add(href)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.extend(_words(data))


def _words(text: str) -> list[str]:
    """Read the words; the address of a link within a sentence is no word of it."""
    return re.findall(r"\w+", re.sub(r"<https?://[^>]+>", "", text))


def _mail(draft: Draft, *, at: datetime) -> EmailMessage:
    message = outbox.queue(draft, at=at)
    message.pk = 1  # the counter of the database is not ours to freeze
    told = draft if kinds.get(draft.kind).needs_own_words else message  # else it would need a wording
    letter = mime.build(message, rendering.render(told), transport=FULL)
    content = letter.wire()
    return email.message_from_bytes(content, policy=policy.default)


def _tree(part: MIMEPart, depth: int = 0) -> list[str]:
    """Draw the parts of a mail, each below the one it lies in."""
    if part.is_multipart():
        inner = [line for one in part.iter_parts() for line in _tree(one, depth + 1)]
        return ["  " * depth + part.get_content_type(), *inner]
    disposition = f" [{part['Content-Disposition']}]" if part["Content-Disposition"] else ""
    return ["  " * depth + str(part["Content-Type"]) + disposition]


def _half(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def _calendars(mail: EmailMessage) -> list[tuple[str, bytes]]:
    """Give the method and the bytes of each calendar part."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return [(str(part.get_param("method")), bytes(part.get_payload(decode=True))) for part in parts]


def _portrait(mail: EmailMessage) -> str:
    """Write down everything of a mail that its reader, or their calendar, can tell apart."""
    headers = [f"{name}: {mail[name]}" for name in mail if name not in NOT_FROZEN]
    parts = ["\n".join(headers), "\n".join(_tree(mail)), _half(mail, "plain").replace("\r\n", "\n").strip()]
    if calendars := _calendars(mail):
        parts.append(calendars[0][1].decode().replace("\r\n", "\n").strip())
    return "\n\n=====\n\n".join(parts) + "\n"


def _golden(name: str, text: str, *, request: pytest.FixtureRequest) -> str:
    """Give what is kept under this name; writes it first when that is asked for."""
    path = GOLDEN / name
    if request.config.getoption("--write-goldens", default=False):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return path.read_text()


@each_case
@each_language
def test_the_mail_is_the_one_that_was_read_and_agreed(
    case: Case, language: Language, noon: datetime, request: pytest.FixtureRequest
) -> None:
    portrait = _portrait(_mail(case.draft(language), at=noon))

    assert portrait == _golden(f"{case}.{language}.txt", portrait, request=request)


@each_case
@each_language
def test_both_halves_say_the_same_and_lead_to_the_same_places(
    case: Case, language: Language, noon: datetime
) -> None:
    mail = _mail(case.draft(language), at=noon)
    text, html = _half(mail, "plain"), _half(mail, "html")
    read = Read(html)

    assert read.words == _words(text)
    assert read.links == set(re.findall(r"https?://[^\s>]+", text))
    assert len(read.links) <= LINK_LIMIT
    assert read.language == language
    assert len(html.encode()) <= HTML_LIMIT
    assert len(mail["Subject"]) <= SUBJECT_LIMIT


@each_case
@each_language
def test_the_calendar_comes_twice_byte_for_byte_and_names_its_method(
    case: Case, language: Language, noon: datetime
) -> None:
    draft = case.draft(language)
    calendars = _calendars(_mail(draft, at=noon))

    if draft.calendar is None:
        assert calendars == []
    else:
        content = draft.calendar.ics.encode()
        assert calendars == [(draft.calendar.method, content)] * 2
        assert content.count(f"METHOD:{draft.calendar.method}\r\n".encode()) == 1
        assert content.count(b"\n") == content.count(b"\r\n")


@each_language
def test_the_frame_around_the_words_is_the_one_that_was_looked_at(
    language: Language, request: pytest.FixtureRequest
) -> None:
    html = rendering.sample("review_result", language).html

    assert html == _golden(f"review_result.{language}.html", html, request=request)


def test_nothing_is_kept_of_a_mail_that_is_no_more() -> None:
    portraits = {f"{case}.{language}.txt" for case in CASES for language in LANGUAGES}
    frames = {f"review_result.{language}.html" for language in LANGUAGES}

    assert {path.name for path in GOLDEN.iterdir()} == portraits | frames
