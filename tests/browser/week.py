"""Four mornings made at the desk, and people who come to them: each test has a week of its own."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from backend.demo.people import ORGANISER, PASSWORD, REVIEWER
from tests.journeys.line import Line
from tests.journeys.postbox import Mail, Postbox
from tests.journeys.visitor import Page, Visitor

if TYPE_CHECKING:
    from tests.browser.conftest import Service

TUESDAY = 1
PATIENCE = 40
THEMES = ("Lähiluonnon saavutettavuus", "Osallisuus", "Kestävyyden digitalisaatio", "Kestävä rakentaminen")


def signed_in(url: str, address: str = ORGANISER) -> Visitor:
    """Sit down at the desk, in Finnish."""
    visitor = Visitor(url)
    door = visitor.open("/desk/")
    home = visitor.check(visitor.press(door, "Kirjaudu", login=address, password=PASSWORD))
    return home_in_finnish(visitor, home)


def home_in_finnish(visitor: Visitor, home: Page) -> Visitor:
    """Another test may have left this person's desk in another language."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', home.body)
    assert token
    fields = [("csrfmiddlewaretoken", token[1]), ("language", "fi"), ("next", "/desk/")]
    visitor.check(visitor.open("/desk/language/", fields, referer=home.url), language="fi")
    return visitor


@dataclass(slots=True)
class Week:
    """A published series of four mornings that nobody else uses."""

    service: Service
    title: str
    desk: Visitor = field(init=False)
    desk_page: str = ""  # the series at the desk
    page: str = ""  # the series in public, in Finnish
    mornings: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        return self.page.strip("/").rpartition("/")[2]

    @property
    def form(self) -> str:
        """The address of the Finnish form."""
        return f"{self.page}ilmoittaudu/"

    @property
    def postbox(self) -> Postbox:
        return Postbox(self.service.mailbox)

    def set_up(self) -> Week:
        """Make and publish it, as an organiser does."""
        self.desk = signed_in(self.service.url)
        form = self.desk.follow(self.desk.open("/desk/"), "Uusi sarja mallista")
        preview = self.desk.press(
            form,
            "Näytä päivät",
            template="morning_coffee",
            title=self.title,
            first_day=_a_tuesday().isoformat(),
        )
        series = self.desk.check(self.desk.press(preview, "Luo luonnos"))
        self.desk_page = series.url.removeprefix(self.service.url)
        self.desk.check(self.desk.press(self.desk.follow(series, "Julkaise sarja"), "Julkaise"))
        visitor = Visitor(self.service.url)
        public = visitor.follow(visitor.open("/fi/tapahtumat/"), self.title)
        self.page = public.url.removeprefix(self.service.url)
        below = [link.href.removeprefix(self.page).strip("/") for link in public.links]
        self.mornings = tuple(
            dict.fromkeys(slug for slug in below if slug[-2:].isdigit() and "/" not in slug)
        )
        assert len(self.mornings) == 4, below
        return self

    def register(self, name: str, address: str, *mornings: int) -> Page:
        """Let a person come to these mornings (0 is Tuesday); return the receipt."""
        someone = Visitor(self.service.url)
        form = someone.open(self.form)
        chosen = [self.mornings[number] for number in mornings]
        return someone.check(someone.press(form, "Ilmoittaudu", events=chosen, name=name, email=address))

    def mails(self, address: str, count: int) -> list[Mail]:
        """Wait for the mails of a person."""
        return self.postbox.wait(address, count=count)

    def event_page(self, number: int) -> Page:
        """Open a morning at the desk."""
        return self.desk.follow(self.desk.open(self.desk_page), THEMES[number])

    def limit(self, number: int, capacity: int) -> None:
        """Change how many places a morning has."""
        places = self.desk.follow(self.event_page(number), "Muuta paikkojen määrää")
        confirm = self.desk.check(self.desk.press(places, "Jatka", capacity=str(capacity)))
        self.desk.check(self.desk.press(confirm, "Tallenna"))

    def invite_to_a_place(self, number: int) -> None:
        """Let a morning be held on the spot, not only online."""
        form = self.desk.follow(self.event_page(number), "Muokkaa tietoja")
        confirm = self.desk.press(form, "Jatka", mode="on_site", place_fi="Esimerkkitalo")
        self.desk.check(self.desk.press(confirm, "Tallenna"))

    def programme(self, number: int, *titles: str) -> None:
        """Write and release the programme of a morning."""
        for title in titles:
            self.write(number, title)
        editor = self.desk.follow(self.event_page(number), "Ohjelma")
        confirm = self.desk.press(self.desk.follow(editor, "Julkaise"), "Jatka")
        self.desk.check(self.desk.press(confirm, "Julkaise"))

    def write(self, number: int, title: str) -> None:
        """Add an item to the programme, not yet released."""
        form = self.desk.follow(self.desk.follow(self.event_page(number), "Ohjelma"), "Lisää osuus")
        speakers = "Maija Esimerkki | asiantuntija | Esimerkkikunta"
        self.desk.check(self.desk.press(form, "Tallenna", title_fi=title, minutes="10", speakers=speakers))

    def hold(self, number: int) -> None:
        """Move a morning so that it ended an hour ago."""
        ended = timezone.localtime() - timedelta(hours=1)
        started = ended - timedelta(minutes=90)
        confirm = self.desk.press(
            self.desk.follow(self.event_page(number), "Siirrä"),
            "Jatka",
            day=f"{started:%Y-%m-%d}",
            starts=f"{started:%H:%M}",
            ends=f"{ended:%H:%M}",
            last_day="" if started.date() == ended.date() else f"{ended:%Y-%m-%d}",
        )
        self.desk.check(self.desk.press(confirm, "Siirrä"))

    def send_survey(self, number: int) -> None:
        """Ask those who were there, now."""
        page = self.desk.follow(self.event_page(number), "Kysely")
        self.desk.check(self.desk.press(self.desk.follow(page, "Lähetä kysely nyt"), "Lähetä"))

    def tell_of_a_practice(self, survey: Mail, title: str) -> None:
        """Answer the survey with a practice to share."""
        visitor = Visitor(self.service.url)
        answers = {
            "usefulness": "4",
            "practice-title": title,
            "practice-summary": "Kirjasto lainaa liukuesteitä ja talvikenkiä.",
            "practice-municipality": "Jämsä",
            "practice-may_contact": "on",
        }
        visitor.check(visitor.press(visitor.open(survey.link("/s/")), "Lähetä vastaukset", **answers))

    def complete_draft(self, path: str) -> None:
        """Fill in the five parts and send them to the reviewers."""
        Line(self.service.url, self.postbox, first_day=_a_tuesday()).complete(Visitor(self.service.url), path)


def _a_tuesday() -> date:
    ahead = timezone.localdate() + timedelta(days=450)  # after the mornings of the demonstration
    return ahead + timedelta(days=(TUESDAY - ahead.weekday()) % 7)


@dataclass(frozen=True, slots=True)
class Lived:
    """A week in which everything has happened once, and the addresses of all that can be seen of it."""

    week: Week
    receipt: str
    own: str  # two mornings: one held, one ahead
    survey: str  # not yet answered
    answered: str
    draft: str
    letter: str
    desk: tuple[str, ...]
    reviews: tuple[str, ...]


def live_through(service: Service) -> Lived:
    """Let a week happen: a place on the list, a programme, a morning held, a survey, a draft, a review."""
    week = Week(service, "Katsottavat aamukahvit").set_up()
    week.limit(1, 2)
    people = {name: f"{name.lower()}.katsottu@example.org" for name in ("Aino", "Veera", "Leena")}
    receipt = week.register("Aino Esimerkki", people["Aino"], 0, 1, 3)
    week.register("Veera Esimerkki", people["Veera"], 0, 1)
    week.register("Leena Esimerkki", people["Leena"], 0, 1)
    for address, count in zip(people.values(), (3, 2, 2), strict=True):
        week.mails(address, count)
    week.programme(0, "Yhteinen kävely puistossa", "Kysymyksiä ja keskustelua")
    week.programme(2, "Mittarit arjessa", "Yhteinen keskustelu")
    week.write(2, "Vielä julkaisematta")
    week.hold(0)
    week.send_survey(0)
    surveys = {name: _survey(week, address) for name, address in people.items()}
    week.tell_of_a_practice(surveys["Veera"], "Lainattavat talvikengät")
    week.tell_of_a_practice(surveys["Leena"], "Koulun yhteinen piha")
    week.complete_draft(_draft(week, people["Leena"]))
    letter = service.mails_to(people["Aino"])[0].stem
    return Lived(
        week=week,
        receipt=receipt.url.removeprefix(service.url),
        own=week.postbox.of(people["Aino"])[0].link("/r/"),
        survey=surveys["Aino"].link("/s/"),
        answered=surveys["Veera"].link("/s/"),
        draft=_draft(week, people["Veera"]),
        letter=f"/mailbox/{letter}/",
        desk=_pages_of_the_desk(week),
        reviews=_pages_of_the_reviewer(service),
    )


def _survey(week: Week, address: str) -> Mail:
    return mail_with(week.postbox, address, "/s/")


def _draft(week: Week, address: str) -> str:
    return mail_with(week.postbox, address, "/d/").link("/d/")


def mail_with(postbox: Postbox, address: str, start: str) -> Mail:
    """Wait for the mail that carries a link of this kind."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for mail in reversed(postbox.of(address)):
            if start in mail.text:
                return mail
        time.sleep(0.2)
    raise AssertionError(f"no mail with {start} to {address} in {PATIENCE} s")


def _pages_of_the_desk(week: Week) -> tuple[str, ...]:
    """Walk every link of the desk from a coming morning on, one page of each kind; add the answers."""
    ahead, held = (week.event_page(number).url.removeprefix(week.service.url) for number in (2, 0))
    found = _crawl(week.desk, start=(ahead, week.desk_page, "/desk/"))
    return (*found, f"{held}survey/")


def _pages_of_the_reviewer(service: Service) -> tuple[str, ...]:
    found = _crawl(signed_in(service.url, REVIEWER), start=("/desk/reviews/",))
    return tuple(path for path in found if path.startswith("/desk/reviews/"))


def _crawl(visitor: Visitor, *, start: tuple[str, ...]) -> tuple[str, ...]:
    """Follow every link below the desk and the account; of pages of one kind, see the first."""
    kinds: dict[str, str] = {}
    ahead = list(start)
    while ahead:
        path = ahead.pop(0)
        kind = re.sub(r"\d+|(?<=/wordings/)\w+", "N", path.partition("?")[0])
        if kind in kinds:
            continue
        page = visitor.open(path)
        if page.status != 200 or "text/html" not in page.headers.get("Content-Type", ""):
            continue
        kinds[kind] = page.url.removeprefix(visitor.root)
        hrefs = [link.href.partition("#")[0] for link in page.links]
        ahead += [href for href in hrefs if href.startswith(("/desk/", "/accounts/"))]
    return tuple(sorted(kinds.values()))
