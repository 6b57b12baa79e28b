"""The one frame of every HTML mail; its styles are inlined once for each process, not for each mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape

import css_inline
from django.template import Context, Engine, Template
from django.utils.safestring import SafeString, mark_safe

_NAME = "notifications/mail.html"
_TAGS = ("h1", "h2", "h3", "p", "ul", "ol", "li", "a", "blockquote", "hr", "table", "th", "td")
_CLASSES = ("table.action", "td.button", "td.second", "a.label", "a.other", "p.address", "p.small")
_SPECIMEN = re.compile(r'<[^>]*\bid="specimen-([^"]+)"[^>]*>')
_STYLE = re.compile(r'\bstyle="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Frame:
    """The inlined frame, and the style that each tag of a body carries."""

    template: Template
    styles: Mapping[str, str]

    def filled(self, *, language: str, subject: str, preheader: str, body: str, footer: str) -> SafeString:
        """Put a message into the frame; body and footer are HTML that we made."""
        parts = {
            "language": language,
            "subject": subject,
            "preheader": preheader,
            "body": mark_safe(body),  # noqa: S308 - made from our wording and inert values, see markdown.py
            "footer": mark_safe(footer),  # noqa: S308 - as above
        }
        return self.template.render(Context(parts))


@cache
def frame() -> Frame:
    """Read the frame and inline its styles."""
    source = Engine.get_default().get_template(_NAME).source
    inliner = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
    specimens = inliner.inline(source.replace("{{ body }}", "".join(map(_specimen, (*_TAGS, *_CLASSES)))))
    styles = {
        found[1]: unescape(style[1])
        for found in _SPECIMEN.finditer(specimens)
        if (style := _STYLE.search(found[0]))
    }
    return Frame(template=Template(inliner.inline(source)), styles=styles)


def _specimen(name: str) -> str:
    """Write one element so that its inlined style can be found again; a cell exists only inside a table."""
    tag, _, css_class = name.partition(".")
    attribute = f' class="{css_class}"' if css_class else ""
    element = f'<{tag} id="specimen-{name}"{attribute}></{tag}>'
    return f"<table><tbody><tr>{element}</tr></tbody></table>" if tag in {"th", "td"} else element
