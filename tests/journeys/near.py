"""The same visitor, close by: pages are asked of the application itself, and time and mail move when told.

Everything still goes through addresses, forms and mails. Only the clock, the round that ends offers and the
delivery of mail are moved by hand, so that a journey of several hours takes a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, override
from urllib.parse import urlencode, urljoin, urlsplit

from django.test import Client
from django.utils import timezone

from notifications.delivery import drain
from notifications.kinds import Lane
from registrations.tasks import tend
from tests.journeys.visitor import Page, Visitor

if TYPE_CHECKING:
    import time_machine

    from tests.journeys.postbox import Mail, Postbox

ROOT = "http://testserver"
_KIND = "application/x-www-form-urlencoded"


class NearVisitor(Visitor):
    """A browser without JavaScript that keeps cookies, follows redirects and sends the tokens of forms."""

    def __init__(self, language: str = "fi") -> None:
        super().__init__(ROOT)
        self._client = Client(enforce_csrf_checks=True, headers={"accept-language": language})

    @override
    def open(self, address: str, data: list[tuple[str, str]] | None = None, *, referer: str = "") -> Page:
        url = urljoin(ROOT + "/", address)
        headers = {"referer": referer, "origin": ROOT} if referer else {}
        if data is None:
            answer = self._client.get(_path(url))
        else:
            answer = self._client.post(_path(url), urlencode(data), _KIND, headers=headers)
        while answer.has_header("Location"):
            url = urljoin(url, answer["Location"])
            answer = self._client.get(_path(url))
        return self._page(answer.status_code, url, answer.getvalue(), dict(answer.headers))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@dataclass(slots=True)
class Trip:
    """One series with its people, as they and the organiser walk through it."""

    series: str  # the slug of the series
    event: str  # the slug of the morning all of it is about
    postbox: Postbox
    clock: time_machine.Traveller
    desk: NearVisitor = field(default_factory=NearVisitor)

    def sign_in(self, address: str, password: str) -> None:
        """Let the organiser sign in at the desk."""
        form = self.desk.open("/desk/")
        self.desk.check(self.desk.press(form, "Kirjaudu sisään", login=address, password=password))

    def at_desk(self, *ways: str) -> Page:
        """Open the morning at the desk and follow these links one after the other."""
        page = self.desk.open("/desk/")
        for words in ways:
            page = self.desk.check(self.desk.follow(page, words))
        return page

    def register(self, name: str, address: str, *, link: str = "", code: str = "", status: int = 200) -> Page:
        """Fill in the Finnish form, reached by a link that was given or from the page of the series."""
        someone = NearVisitor()
        form = someone.check(someone.open(link or f"/fi/tapahtumat/{self.series}/ilmoittaudu/"))
        typed: dict[str, str | list[str]] = {"name": name, "email": address}
        if code:
            typed["code"] = code
        if not link:
            typed["events"] = [self.event]
        return someone.check(someone.press(form, "Ilmoittaudu", **typed), status=status)

    def mails(self, address: str) -> list[Mail]:
        """Deliver what is due, one mail after the other, and give everything that has come to an address."""
        for lane in Lane:
            while drain(lane=lane, owner="journey", limit=1, at=timezone.now()):
                self.clock.shift(timedelta(milliseconds=1))
        return self.postbox.of(address)

    def subjects(self, address: str) -> list[str]:
        """Give how the subjects of somebody's mails begin, oldest first."""
        return [mail.subject.partition(":")[0] for mail in self.mails(address)]

    def wait(self, **time: float) -> None:
        """Let time pass, and let the round of every half minute find what ran out."""
        self.mails("")
        self.clock.shift(timedelta(**time))
        tend()

    def own_page(self, address: str) -> Page:
        """Open somebody's own page by the link in their newest mail that has one."""
        link = self.mails(address)[-1].link("/r/")
        return NearVisitor().open("/".join(link.split("/")[:3]) + "/")

    def public(self) -> Page:
        """Open the page of the series as anybody does."""
        return NearVisitor().open(f"/fi/tapahtumat/{self.series}/")

    def places(self) -> dict[str, object]:
        """Tell what the open API says of the morning: how it stands, what is left, how many wait."""
        answer = Client().get(f"/api/v1/series/{self.series}/availability/").json()
        row: dict[str, object] = next(one for one in answer["events"] if one["event"] == self.event)
        return {name: row[name] for name in ("state", "places_left", "waiting", "mode")}
