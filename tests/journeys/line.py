"""The whole line, as people walk it: registering, changing, the programme, the survey, the catalogue.

Speaks HTTP and reads mails, knows nothing of the code. Runs against any service with demonstration data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils import timezone

from tests.journeys.postbox import Mail, Postbox
from tests.journeys.visitor import Page, Visitor

HELSINKI = ZoneInfo("Europe/Helsinki")
AINO, VEERA, LEENA = "aino.matka@example.org", "veera.matka@example.org", "leena.matka@example.org"
ORGANISER, REVIEWER, PASSWORD = "olli@example.org", "riitta@example.org", "made up for the journey"
THEME, TITLE = "Lähiluonnon saavutettavuus", "Matkan aamukahvit"
PRACTICE = "Lainattavat talvikengät"


@dataclass(slots=True)
class Line:
    """One service with an organiser and a reviewer and nothing else; and its mailbox."""

    root: str
    postbox: Postbox
    first_day: date
    series: str = ""
    mornings: tuple[str, ...] = ()

    def walk(self) -> None:
        """Walk from an empty service to the published practice."""
        self.the_organiser_sets_up_the_week()
        confirmation = self.aino_registers()
        self.the_mornings_fill_up_and_leena_waits()
        self.aino_registers_again_and_nothing_changes()
        self.veera_gives_her_place_up()
        organiser = self.signed_in(ORGANISER)
        self.leena_gets_the_chair_that_is_brought_in(organiser)
        self.the_programme_changes_and_the_calendar_follows(organiser, confirmation)
        draft = self.the_survey_goes_out_and_aino_tells_of_a_practice(organiser)
        self.the_practice_is_written_judged_and_published(draft)
        self.the_organiser_sees_that_everything_arrived(organiser)

    def the_organiser_sets_up_the_week(self) -> None:
        """A template, a name and a date make four mornings; Wednesday gets two places; all is published."""
        organiser = self.signed_in(ORGANISER)
        form = organiser.follow(organiser.open("/desk/"), "Uusi sarja mallista")
        preview = organiser.press(
            form, "Näytä päivät", template="morning_coffee", title=TITLE, first_day=self.first_day.isoformat()
        )
        series = organiser.check(organiser.press(preview, "Luo luonnos"))
        assert TITLE not in Visitor(self.root).open("/fi/").text, "a draft is not public"
        wednesday = organiser.follow(series, "Osallisuus")
        places = organiser.follow(wednesday, "Muuta paikkojen määrää")
        confirm = organiser.check(organiser.press(places, "Jatka", capacity="2"))
        organiser.check(organiser.press(confirm, "Tallenna"))
        publish = organiser.follow(organiser.open(series.url), "Julkaise sarja")
        organiser.check(organiser.press(publish, "Julkaise"))
        front = Visitor(self.root)
        page = front.follow(front.open("/fi/"), TITLE)
        assert "julkaistaan myöhemmin" in page.text
        self.series = page.url.removeprefix(self.root)
        hrefs = [link.href for link in page.links if link.href.startswith(self.series)]
        below = [href.removeprefix(self.series).strip("/") for href in hrefs]
        events = dict.fromkeys(slug for slug in below if slug[-2:].isdigit())
        self.mornings = tuple(events)
        assert len(self.mornings) == 4, self.mornings

    def register(self, name: str, address: str, *events: str) -> Page:
        """Register on the Finnish form and come to the receipt."""
        someone = Visitor(self.root)
        front = someone.check(someone.open("/fi/"), language="fi")
        series = someone.follow(front, TITLE)
        form = someone.follow(series, "Ilmoittaudu")
        return someone.check(
            someone.press(form, "Ilmoittaudu", events=list(events), name=name, email=address)
        )

    def aino_registers(self) -> Mail:
        """Two mornings in one form; two mails, each with its own invitation."""
        receipt = self.register("Aino Esimerkki", AINO, self.mornings[0], self.mornings[1])
        assert AINO not in receipt.body, "the receipt shows no personal data"
        tuesday, wednesday = self.postbox.wait(AINO, count=2)
        assert tuesday.method == wednesday.method == "REQUEST"
        assert tuesday.entry["UID"] != wednesday.entry["UID"]
        starts = tuesday.entry.start
        assert starts == datetime.combine(self.first_day, time(8, 30), HELSINKI)
        assert tuesday.link("/r/") == wednesday.link("/r/")
        return tuesday

    def the_mornings_fill_up_and_leena_waits(self) -> None:
        """Wednesday has two places left: Aino took one, Veera takes the last, Leena waits."""
        self.register("Veera Esimerkki", VEERA, self.mornings[1])
        self.postbox.wait(VEERA, count=1)
        receipt = self.register("Leena Esimerkki", LEENA, self.mornings[1], self.mornings[2])
        assert "onossa" in receipt.text, receipt.text
        mails = self.postbox.wait(LEENA, count=2)
        assert sorted(bool(mail.calendar) for mail in mails) == [False, True]

    def aino_registers_again_and_nothing_changes(self) -> None:
        """A known address gets the same page as a new one, and a mail with the link."""
        self.register("Aino Esimerkki", AINO, self.mornings[0], self.mornings[2])
        *_before, link = self.postbox.wait(AINO, count=3)
        own = Visitor(self.root).open(link.link("/r/").split("muuta/")[0])
        assert own.text.count("Sinulla on paikka") == len(self.mornings[:2])

    def veera_gives_her_place_up(self) -> None:
        """Two clicks from the mail; the place stays hers for ten minutes, should she press it by mistake."""
        veera = Visitor(self.root)
        own = veera.open(self.postbox.of(VEERA)[0].link("/r/"))
        ask = veera.follow(own, "Peru paikkani")
        before = self.postbox.of(VEERA)
        assert len(before) == 1, "opening a page changes nothing"
        veera.check(veera.press(ask, "Peru paikkani"))
        _confirmation, cancelled = self.postbox.wait(VEERA, count=2)
        assert (cancelled.method, cancelled.entry["SEQUENCE"]) == ("CANCEL", 1)
        assert len(self.postbox.of(LEENA)) == 2, "nobody has the place before the ten minutes are over"

    def leena_gets_the_chair_that_is_brought_in(self, organiser: Visitor) -> None:
        """A third place on Wednesday goes to the next in line at once."""
        wednesday = organiser.follow(organiser.follow(organiser.open("/desk/"), TITLE), "Osallisuus")
        places = organiser.follow(wednesday, "Muuta paikkojen määrää")
        confirm = organiser.check(organiser.press(places, "Jatka", capacity="3"))
        organiser.check(organiser.press(confirm, "Tallenna"))
        *_waiting, promoted = self.postbox.wait(LEENA, count=3)
        assert promoted.method == "REQUEST"

    def signed_in(self, address: str) -> Visitor:
        """Sign in at the desk."""
        visitor = Visitor(self.root)
        visitor.check(
            visitor.press(visitor.open("/desk/"), "Kirjaudu sisään", login=address, password=PASSWORD)
        )
        return visitor

    def the_programme_changes_and_the_calendar_follows(self, organiser: Visitor, before: Mail) -> None:
        """The organiser adds an item, releases it, moves the morning; the entry is updated."""
        event = organiser.follow(organiser.open("/desk/"), THEME)
        editor = organiser.follow(event, "Ohjelma")
        form = organiser.follow(editor, "Lisää osuus")
        speakers = "Maija Esimerkki | asiantuntija | Esimerkkikunta"
        title = "Yhteinen kävely puistossa"
        editor = organiser.check(
            organiser.press(form, "Tallenna", title_fi=title, minutes="10", speakers=speakers)
        )
        assert title not in self.public(self.mornings[0]).text, "a draft is not public"
        release = organiser.follow(editor, "Julkaise")
        confirm = organiser.check(organiser.press(release, "Jatka", notify="on"))
        organiser.check(organiser.press(confirm, "Julkaise"))
        public = self.public(self.mornings[0])
        assert title in public.text
        programme = self.postbox.wait(AINO, count=4)[-1]
        assert programme.entry["UID"] == before.entry["UID"]
        assert programme.entry["SEQUENCE"] == before.entry["SEQUENCE"], "texts do not raise the sequence"

        ended = timezone.localtime() - timedelta(hours=1)  # too recent for the survey that leaves by itself
        started = ended - timedelta(minutes=90)
        moving = organiser.follow(event, "Siirrä")
        confirm = organiser.press(
            moving,
            "Jatka",
            day=f"{started:%Y-%m-%d}",
            starts=f"{started:%H:%M}",
            ends=f"{ended:%H:%M}",
            last_day="" if started.date() == ended.date() else f"{ended:%Y-%m-%d}",
        )
        organiser.check(organiser.press(confirm, "Siirrä"))

    def the_survey_goes_out_and_aino_tells_of_a_practice(self, organiser: Visitor) -> Mail:
        """One link to one answer; the practice question opens a draft."""
        event = organiser.follow(organiser.open("/desk/"), THEME)
        page = organiser.follow(event, "Kysely")
        preview = organiser.follow(page, "Lähetä kysely nyt")
        organiser.check(organiser.press(preview, "Lähetä"))
        survey = self.postbox.wait(AINO, count=5)[-1]
        aino = Visitor(self.root)
        form = aino.check(aino.open(survey.link("/s/")), language="fi")
        thanks = aino.press(
            form,
            "Lähetä vastaukset",
            **{
                "usefulness": "4",
                "practice-title": PRACTICE,
                "practice-summary": "Kirjasto lainaa liukuesteitä ja talvikenkiä.",
                "practice-municipality": "Jämsä",
                "practice-may_contact": "on",
            },
        )
        assert "Kiitos" in aino.check(thanks).text
        assert "Kiitos" in aino.open(survey.link("/s/")).text, "the link does not ask twice"
        return self.postbox.wait(AINO, count=6)[-1]

    def the_practice_is_written_judged_and_published(self, receipt: Mail) -> None:
        """Aino completes the draft; the reviewer asks for more, then publishes it with reasons."""
        aino, address = Visitor(self.root), receipt.link("/d/")
        self.complete(aino, address)
        reviewer = self.signed_in(REVIEWER)
        self.judge(reviewer, decision="request_changes", message="Kerro vielä, mistä tulokset tiedetään.")
        asked = self.postbox.wait(AINO, count=7)[-1]
        assert "Kerro vielä" in asked.text
        aino.check(aino.press(aino.open(asked.link("/d/")), "Lähetä arvioitavaksi"))
        self.judge(reviewer, decision="publish", message="")
        published = self.postbox.wait(AINO, count=8)[-1]
        page = Visitor(self.root).open(published.link("/fi/kaytannot/"))
        assert page.status == HTTPStatus.OK
        for words in (PRACTICE, "Jämsä", THEME, "täyttyy"):
            assert words in page.text, f"{words} is not on {page.url}: {page.text}"
        assert AINO not in page.body
        assert PRACTICE in Visitor(self.root).open(f"/fi/kaytannot/?q={quote('TALVIKENGÄT')}").text

    def complete(self, aino: Visitor, address: str) -> None:
        """Fill in the five parts of the draft and send it."""
        draft = aino.check(aino.open(address), language="fi")
        for link in [link for link in draft.links if "/d/" in link.href and "esikatselu" not in link.href]:
            part = aino.open(link.href)
            form = part.form("Tallenna")
            texts: dict[str, str | list[str]] = {
                name: "2025–2026" if name == "years" else "Kirjasto lainasi kenkiä talvella."
                for name, value in form.fields
                if not value.strip() and name in form.typed
            }
            if any(name == "dimensions" for name, _value, _label in form.boxes):
                texts["dimensions"] = ["ecological", "social"]
            texts |= {name: value for name, value, _label in form.boxes if name != "dimensions"}
            aino.check(aino.press(part, "Tallenna", **texts))
        aino.check(aino.press(aino.open(address), "Lähetä arvioitavaksi"))

    def judge(self, reviewer: Visitor, *, decision: str, message: str) -> None:
        """Assess the five criteria with reasons and decide."""
        review = reviewer.follow(reviewer.open("/desk/reviews/"), PRACTICE)
        form = review.form("Jatka")
        given: dict[str, str | list[str]] = {"decision": decision, "message": message}
        for name, _value, _label in form.boxes:
            if "level" in name:
                given[name] = "met"
        for name in form.typed:
            if "reason" in name:
                given[name] = "Näkyy kirjaston tilastosta."
        confirm = reviewer.press(review, "Jatka", **given)
        button = next(text for text, _n, value in confirm.forms[-1].buttons if value != "back")
        reviewer.check(reviewer.press(confirm, button))

    def the_organiser_sees_that_everything_arrived(self, organiser: Visitor) -> None:
        """The person's page tells every message and where it stands."""
        series = organiser.follow(organiser.open("/desk/"), TITLE)
        everybody = organiser.follow(series, "Ilmoittautumiset")
        found = organiser.open(f"{everybody.url}?q={quote(AINO)}")
        person = organiser.check(organiser.follow(found, "Aino Esimerkki"))
        assert "Kysely" in person.text, person.text

    def public(self, event: str) -> Page:
        """Give the public page of an event."""
        page = Visitor(self.root).open(f"{self.series}{event}/")
        assert page.status == HTTPStatus.OK, page.url
        return page
