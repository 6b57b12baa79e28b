"""A person at a browser without JavaScript: opens pages, reads them, fills in forms, presses buttons."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from http import HTTPStatus
from typing import override


@dataclass
class Form:
    """One form of a page, as a browser would send it."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, label
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # text, name, value
    typed: set[str] = field(default_factory=set)


@dataclass
class Link:
    """One link of a page."""

    text: str
    href: str


class _Reader(HTMLParser):
    """Collects what a person can use on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self.words: list[str] = []
        self.language = ""
        self._form: Form | None = None
        self._button: list[str] | None = None
        self._link: tuple[str, list[str]] | None = None
        self._textarea: tuple[str, list[str]] | None = None
        self._select: str = ""
        self._silent = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag in {"script", "style"}:
            self._silent += 1
        elif tag == "html":
            self.language = a.get("lang", "")
        elif tag == "form":
            self._form = Form(action=a.get("action", ""), method=a.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "href" in a:
            self._link = (a["href"], [])
        elif self._form is not None:
            self._control(tag, a)

    def _control(self, tag: str, a: dict[str, str]) -> None:
        form = self._form
        assert form is not None
        name, value, kind = a.get("name", ""), a.get("value", ""), a.get("type", "text")
        if tag == "button":
            form.buttons.append(("", name, value))
            self._button = []
        elif tag == "input" and kind == "submit":
            form.buttons.append((value, name, value))
        elif tag == "input" and kind in {"checkbox", "radio"}:
            form.boxes.append((name, value or "on", a.get("id", "")))
            if "checked" in a:
                form.fields.append((name, value or "on"))
        elif tag == "input" and name:
            form.fields.append((name, value))
            form.typed.add(name)
        elif tag == "textarea":
            self._textarea = (name, [])
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in a:
            form.fields.append((self._select, value))

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "button" and self._form and self._button is not None:
            _text, name, value = self._form.buttons.pop()
            self._form.buttons.append((" ".join("".join(self._button).split()), name, value))
            self._button = None
        elif tag == "a" and self._link:
            self.links.append(Link(" ".join("".join(self._link[1]).split()), self._link[0]))
            self._link = None
        elif tag == "textarea" and self._form and self._textarea:
            self._form.fields.append((self._textarea[0], "".join(self._textarea[1])))
            self._form.typed.add(self._textarea[0])
            self._textarea = None
        elif tag == "select":
            self._select = ""

    @override
    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        for sink in (self._button, self._link and self._link[1], self._textarea and self._textarea[1]):
            if sink is not None:
                sink.append(data)
        self.words.append(data)


@dataclass
class Page:
    """A page as it was answered."""

    status: int
    url: str
    body: str
    headers: dict[str, str]

    def __post_init__(self) -> None:
        reader = _Reader()
        reader.feed(self.body)
        self.forms, self.links, self.language = reader.forms, reader.links, reader.language
        self.text = " ".join(" ".join(reader.words).split())

    def link(self, text: str) -> str:
        """Give the address behind the first link with these words."""
        found = [link.href for link in self.links if text in link.text]
        assert found, f"no link {text!r} on {self.url}; there are {[link.text for link in self.links]}"
        return found[0]

    def form(self, button: str) -> Form:
        """Give the form whose button has these words."""
        for form in self.forms:
            if any(button in text for text, _name, _value in form.buttons):
                return form
        there = [text for form in self.forms for text, _n, _v in form.buttons]
        raise AssertionError(f"no button {button!r} on {self.url}; there are {there}\n{self.text[:800]}")


class Visitor:
    """Keeps cookies as a browser does and follows redirects."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")

    @cached_property
    def _opener(self) -> urllib.request.OpenerDirector:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        return urllib.request.build_opener(cookies, urllib.request.ProxyHandler({}))

    def open(self, address: str, data: list[tuple[str, str]] | None = None, *, referer: str = "") -> Page:
        """Open an address; with data, post it as a form does."""
        url = urllib.parse.urljoin(self.root + "/", address)
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(url, data=body)  # noqa: S310 - our own server
        request.add_header("Accept-Language", "fi")
        if referer:
            request.add_header("Referer", referer)
            request.add_header("Origin", self.root)
        try:
            with self._opener.open(request, timeout=30) as answer:
                return self._page(answer.status, answer.url, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as error:
            with error:
                return self._page(error.code, error.url, error.read(), dict(error.headers))

    @staticmethod
    def _page(status: int, url: str, body: bytes, headers: dict[str, str]) -> Page:
        return Page(status=status, url=url, body=body.decode("utf-8", "replace"), headers=headers)

    def press(self, page: Page, button: str, /, **values: str | list[str]) -> Page:
        """Fill in the named fields of the form with this button and press it.

        A list ticks exactly those boxes of the name; an empty string empties the field.
        """
        form = page.form(button)
        data = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            names = {n for n, _v in form.fields} | {n for n, _v, _l in form.boxes} | form.typed
            assert name in names or name in page.body, (
                f"no field {name!r} in the form {button!r} of {page.url}"
            )
            data += [(name, item) for item in (value if isinstance(value, list) else [value])]
        pressed = next(b for b in form.buttons if button in b[0])
        if pressed[1]:
            data.append((pressed[1], pressed[2]))
        target = urllib.parse.urljoin(page.url, form.action or page.url)
        if form.method == "get":  # what is typed takes the place of a query; a fragment is never sent
            asked = urllib.parse.urlsplit(target)._replace(query=urllib.parse.urlencode(data), fragment="")
            return self.open(asked.geturl())
        return self.open(target, data, referer=page.url)

    def follow(self, page: Page, text: str) -> Page:
        """Follow the first link with these words."""
        return self.open(urllib.parse.urljoin(page.url, page.link(text)))

    def check(self, page: Page, *, status: int = HTTPStatus.OK, language: str = "") -> Page:
        """Say what is wrong when a page is not as expected."""
        assert page.status == status, f"{page.url} answered {page.status}: {page.text[:500]}"
        if language:
            assert page.language == language
        return page
