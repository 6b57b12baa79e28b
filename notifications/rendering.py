"""Makes the mail a person reads out of a wording and the facts of the day; both halves come from one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template import Context, Engine, Template
from django.utils import translation

from backend.core.i18n import Language
from backend.core.links import token_for
from backend.core.text import shortened
from notifications import kinds
from notifications.drafts import Draft, Link
from notifications.frame import frame
from notifications.kinds import Kind
from notifications.markdown import Document, Inert, inert, plain_line
from notifications.models import Message
from notifications.sender import address_of

SUBJECT_LENGTH = 60  # what a phone shows; wordings say the fact and the day first, a title last
PREHEADER_LENGTH = 110


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished message: its subject line, and the same words as text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Wording:
    subject: Template
    body: Template
    why: Template  # why the reader gets this message, for its foot


def render(message: Message | Draft) -> Rendered:
    """Make the finished message in the language of its reader."""
    wording = _wording(kinds.get(message.kind).template, message.language)
    links = _links(message)
    context = Context(
        {
            **_inert_facts(message),
            "language": message.language,
            "links": {n: Inert.of(a) for n, a in links.items()},
        },
        autoescape=False,  # values are escaped for Markdown, which escapes for HTML
    )
    with translation.override(message.language):
        subject = shortened(plain_line(wording.subject.render(context)), limit=SUBJECT_LENGTH)
        body = Document.parse(wording.body.render(context))
        foot = {"why": wording.why.render(context), "contact": Inert.of(contact_of(message))}
        footer = Document.parse(_footer(message.language).render(Context(foot, autoescape=False)))
    styles = frame().styles
    html = frame().filled(
        language=message.language,
        subject=subject,
        preheader=shortened(body.first_words, limit=PREHEADER_LENGTH),
        body=body.html(styles),
        footer=footer.html({**styles, "p": styles["p.small"]}, css_class="small"),
    )
    return Rendered(subject=subject, text=f"{body.text()}\n—\n\n{footer.text()}", html=html)


def sample(kind: Kind | str, language: Language) -> Rendered:
    """Show what a kind of message looks like, with made-up facts."""
    found = kind if isinstance(kind, Kind) else kinds.get(kind)
    return render(found.sample(language))


def contact_of(message: Message | Draft) -> str:
    """Give the address that answers to this message go to: a person's, where the facts name one."""
    contact = message.context.get("contact_email")
    return contact if isinstance(contact, str) and contact else address_of(settings.DEFAULT_FROM_EMAIL)


def _inert_facts(message: Message | Draft) -> Mapping[str, object]:
    return {name: inert(value) for name, value in message.context.items()}


def _links(message: Message | Draft) -> dict[str, str]:
    """Derive the full address of every personal link; it exists in the mail only."""
    links = (
        {name: Link(**parts) for name, parts in message.links.items()}
        if isinstance(message, Message)
        else message.links
    )
    return {
        name: settings.PUBLIC_URL + link.path.replace("{token}", token_for(link.purpose, link.seed))
        for name, link in links.items()
    }


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
