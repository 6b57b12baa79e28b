"""What templates need to speak three languages honestly: dates, marked-up texts, links to the other two."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse, translate_url
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from backend.core import dates
from backend.core.dates import HELSINKI
from backend.core.i18n import LANGUAGE_CHOICES, Shown, Text, current

register = template.Library()

# drawn on a 24 × 24 grid with a 2 px line; the word is always beside them
_ICONS = {
    "nature": "M12 21v-8m0 3c-4 0-7-2.500-7-7 4 0 7 2.500 7 7zm0-4c0-4 2.500-7.500 7-8 0 5-2.500 8-7 8z",
    "participation": "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zm8 0a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
    "M2.500 20c0-3.500 2-6 5.500-6s5.500 2.500 5.500 6m1-5.500c4-1.500 7 1 7 5.500",
    "digital": "M4 20V10m5.300 10V4m5.400 16v-7M20 20V7",
    "building": "M4 21V10l8-6 8 6v11zm5.500 0v-6h5v6",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v5m8-5v5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A link of the header, with the place where the reader is now marked."""

    address: str
    label: str
    current: bool
    code: str = ""


def _shown(value: object) -> Shown:
    if isinstance(value, Text):
        return value.shown(current())
    return Shown("" if value is None else str(value), current())


@register.filter
def words(value: object) -> SafeString:
    """Write a text; when it is in another language than the page, say which."""
    text, language = _shown(value)
    if language == current():
        return format_html("{}", text)
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def tongue(value: object) -> str:
    """Give the language a text will be shown in, for a ``lang`` attribute of its container."""
    return _shown(value).language


@register.filter
def prose(value: object) -> SafeString:
    """Write a longer text as paragraphs, and lines that begin with a dash as a list."""
    text, language = _shown(value)
    mark: SafeString | str = "" if language == current() else format_html(' lang="{}"', language)
    parts = list(_blocks(text))
    return format_html_join("", "{}", ((_block(lines, mark),) for lines in parts))


def _blocks(text: str) -> Iterator[list[str]]:
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if lines:
            yield lines


def _block(lines: list[str], mark: SafeString | str) -> SafeString:
    if len(lines) > 1 or lines[0].startswith(("- ", "• ")):
        items = format_html_join("", "<li>{}</li>", ((line.lstrip("-• "),) for line in lines))
        return format_html("<ul{}>{}</ul>", mark, items)
    return format_html("<p{}>{}</p>", mark, lines[0])


@register.simple_tag
def day(moment: datetime, zone: str = HELSINKI, *, year: bool = True) -> str:
    """Write the weekday and the day: ti 13.4.2027."""
    return dates.day(moment, language=current(), zone=zone, year=year)


@register.simple_tag
def clock(moment: datetime, zone: str = HELSINKI) -> str:
    """Write the hour: 8.30."""
    return dates.clock(moment, zone=zone)


@register.simple_tag
def at_moment(moment: datetime, zone: str = HELSINKI) -> str:
    """Write the day and the hour: ti 13.4.2027 klo 8.30."""
    return dates.moment(moment, language=current(), zone=zone)


@register.simple_tag
def hours(starts_at: datetime, ends_at: datetime, zone: str = HELSINKI) -> str:
    """Write from which hour to which: klo 8.30–10.00."""
    return f"{dates.at_clock(starts_at, language=current(), zone=zone)}–{dates.clock(ends_at, zone=zone)}"


@register.simple_tag
def period(starts_at: datetime, ends_at: datetime, zone: str = HELSINKI) -> str:
    """Write the day and the hours: ti 13.4.2027 klo 8.30–10.00."""
    return dates.period(starts_at, ends_at, language=current(), zone=zone)


@register.simple_tag
def iso(moment: datetime, zone: str = HELSINKI) -> str:
    """Write a moment for machines, on the event's own clock."""
    return dates.local(moment, zone=zone).isoformat()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw the sign of a theme; hidden from assistive technology, since the word stands beside it."""
    path = _ICONS.get(name, _ICONS["calendar"])
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="{}"/></svg>',
        name,
        path,
    )


@register.filter
def data_block(value: Any) -> SafeString:  # noqa: ANN401 - whatever schema.org wants
    """Write structured data for search engines; nothing in it can end the block."""
    text = json.dumps(value, ensure_ascii=False)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308 - escaped above


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[PageLink]:
    """List this same page in the three languages."""
    request: HttpRequest | None = context.get("request")
    return [
        PageLink(address=_in_language(request, code), label=name, current=code == current(), code=code)
        for code, name in LANGUAGE_CHOICES
    ]


def _in_language(request: HttpRequest | None, code: str) -> str:
    if request is None or request.resolver_match is None:
        return f"/{code}/"
    if request.path_info.startswith(tuple(f"/{known}/" for known, _name in LANGUAGE_CHOICES)):
        return translate_url(request.get_full_path(), code)
    query = request.GET.copy()
    query["lang"] = code
    return f"?{urlencode(list(query.items()))}"


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[PageLink]:
    """List the four doors of the site, the same everywhere."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    here = match.url_name if match and match.app_name == "public" else ""
    doors = (
        ("events", _("Events"), {"events", "series", "event", "register", "receipt"}),
        ("practices", _("Practices"), {"practices", "practice", "criteria"}),
        ("stories", _("Stories"), {"stories", "alliances"}),
        ("about", _("About"), {"about"}),
    )
    return [
        PageLink(address=reverse(f"public:{name}"), label=label, current=here in within)
        for name, label, within in doors
    ]
