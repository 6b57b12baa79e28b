"""Makes the mail a person reads out of a wording and the facts of the day; both halves come from one file."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from django.conf import settings
from django.template import Context, Engine, Template
from django.utils import translation
from django.utils.html import escape

from backend.core.i18n import Language, as_language
from backend.core.text import one_line, shortened
from notifications import kinds, preferences
from notifications.drafts import Draft
from notifications.frame import frame
from notifications.kinds import Kind, placeholders_of
from notifications.links import links_of
from notifications.markdown import Document, Inert, inert, plain_line
from notifications.models import Message, Wording
from notifications.sender import address_of
from notifications.slots import Pieces, filled, pieces, slot, taken_out
from notifications.sms.wording import text_of
from notifications.wordings import Unfillable, Words, must_lead_to
from notifications.wordings import filling as own
from notifications.wordings.parsing import parsed

logger = logging.getLogger("vipu.notifications")
SUBJECT_LENGTH = 60  # what a phone shows; wordings say the fact and the day first, a title last
PREHEADER_LENGTH = 110
HEADLINE_LENGTH = 200  # of a text message, which has no subject line, in the ledger


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished message: its subject line, and the same words as text and as HTML.

    ``wording_id`` names the organiser's own words in which it is; None: Vipu's.
    """

    subject: str
    text: str
    html: str
    wording_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Wording:
    subject: Template
    body: Template
    why: Template  # why the reader gets this message, for its foot


@dataclass(frozen=True, slots=True)
class _Made:
    """A message with slots for what is personal."""

    subject: Pieces
    first_words: Pieces
    text: Pieces
    html: Pieces

    def for_reader(self, values: Mapping[str, str]) -> Rendered:
        """Fill the slots; lines are cut to their length only now."""
        subject = shortened(one_line(filled(self.subject, values)), limit=SUBJECT_LENGTH)
        preheader = shortened(filled(self.first_words, values), limit=PREHEADER_LENGTH)
        shown = {**values, _SUBJECT: subject, _PREHEADER: preheader}
        return Rendered(
            subject=subject,
            text=filled(self.text, values),
            html=filled(self.html, {name: escape(value) for name, value in shown.items()}),
        )


_SUBJECT, _PREHEADER = slot("subject"), slot("preheader")
_PREFERENCES = "preferences"


def render(message: Message | Draft, *, words: Words | None = None) -> Rendered:
    """Make the finished message in the language of its reader, in the organiser's own words where there are.

    ``words`` are those of a whole batch. A message that cannot say what they want said is sent in Vipu's.
    """
    if message.channel == Message.Channel.SMS:
        text = text_of(message.kind, language=message.language, context=message.context)
        return Rendered(subject=shortened(text, limit=HEADLINE_LENGTH), text=text, html="")
    wording = (words or Words.of([message])).for_message(message)
    if wording is not None:
        try:
            return in_own_words(message, wording)
        except Unfillable as lacking:
            name = f"{message.kind} {message.pk}" if isinstance(message, Message) else message.kind
            logger.warning("wording %s does not fit message %s: %s", wording.pk, name, lacking)
    if kinds.get(message.kind).needs_own_words and isinstance(message, Message):
        raise LookupError(message.kind)  # there is nothing that we could say instead
    return _rendered(message, None)


def in_own_words(message: Message | Draft, wording: Wording) -> Rendered:
    """Make the message with these words, published or not; raises Unfillable."""
    subject, body = (getattr(wording, f"{name}_{message.language}") for name in ("subject", "body"))
    return replace(_rendered(message, (subject, body)), wording_id=wording.pk)


def _rendered(message: Message | Draft, words: tuple[str, str] | None) -> Rendered:
    facts, values = taken_out(message.context)
    links = links_of(message)
    if kinds.topic_of(message.kind):
        links[_PREFERENCES] = preferences.address(message)
    made = _made(
        message.kind,
        as_language(message.language),
        json.dumps(facts, sort_keys=True),
        frozenset(links),
        contact_of(message),
        words,
    )
    return made.for_reader(values | {slot(f"link{name}"): address for name, address in links.items()})


@lru_cache(maxsize=256)
def _made(
    kind: str,
    language: Language,
    facts: str,
    links: frozenset[str],
    contact: str,
    words: tuple[str, str] | None,
) -> _Made:
    """Make a message for all readers who share these facts and have these links."""
    wording = _wording(kinds.get(kind).template, language)
    known, addresses = json.loads(facts), {name: slot(f"link{name}") for name in links}
    context = Context(
        {
            **{name: inert(value) for name, value in known.items()},
            "language": language,
            "links": addresses,
        },
        autoescape=False,  # values are escaped for Markdown, which escapes for HTML
    )
    with translation.override(language):
        if words:
            their = own.Facts(context=known, links=addresses, language=language)
            subject, body = _own_words(kinds.get(kind), words, facts=their)
        else:
            subject = plain_line(wording.subject.render(context))
            body = Document.parse(wording.body.render(context))
        foot = {"why": wording.why.render(context), "contact": Inert.of(contact), "preferences": ""}
        if _PREFERENCES in links:
            foot["preferences"] = slot(f"link{_PREFERENCES}")
        footer = Document.parse(_footer(language).render(Context(foot, autoescape=False)))
    styles = frame().styles
    html = frame().filled(
        language=language,
        subject=_SUBJECT,
        preheader=_PREHEADER,
        body=body.html(styles),
        footer=footer.html({**styles, "p": styles["p.small"]}, css_class="small"),
    )
    return _Made(
        subject=pieces(subject),
        first_words=pieces(body.first_words),
        text=pieces(f"{body.text()}\n—\n\n{footer.text()}"),
        html=pieces(html),
    )


def _own_words(kind: Kind, words: tuple[str, str], *, facts: own.Facts) -> tuple[str, Document]:
    """Fill an organiser's subject line and text."""
    read = parsed(*words, placeholders_of(kind))
    return own.subject(read, facts), own.document(read, facts, must_lead_to=must_lead_to(kind))


def sample(kind: Kind | str, language: Language) -> Rendered:
    """Show what a kind of message looks like, with made-up facts."""
    found = kind if isinstance(kind, Kind) else kinds.get(kind)
    return render(found.sample(language))


def contact_of(message: Message | Draft) -> str:
    """Give the address that answers to this message go to: a person's, where the facts name one."""
    contact = message.context.get("contact_email")
    return contact if isinstance(contact, str) and contact else address_of(settings.DEFAULT_FROM_EMAIL)


@cache
def _wording(template: str, language: str) -> _Wording:
    """Read a wording: the first line is the subject line, what follows a last ``---`` is why one gets it."""
    engine = Engine.get_default()
    source = engine.get_template(f"{template}.{language}.md").source
    if "<{{" in source:
        raise ValueError(f"{template}.{language}.md: write links as [text]({{{{ links.name }}}}), not in <>.")
    subject, _, rest = source.partition("\n")
    body, _, why = rest.partition("\n---\n")
    parts = (engine.from_string(part) for part in (subject, body, why.strip()))
    return _Wording(*parts)


@cache
def _footer(language: str) -> Template:
    return Engine.get_default().get_template(f"notifications/footer.{language}.md")
