"""The whole line, as people walk it: registering, changing, the programme, the survey, the catalogue.

Speaks HTTP and reads mails, knows nothing of the code. Runs against any service with demonstration data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from tests.journeys.postbox import Mail, Postbox
from tests.journeys.visitor import Page, Visitor

SERIES = "aamukahvit-2027"
TUESDAY, WEDNESDAY, THURSDAY = (f"{SERIES}-04-{day}" for day in (13, 14, 15))
AINO, VEERA, LEENA = "aino.matka@example.org", "veera.matka@example.org", "leena.matka@example.org"
ORGANISER, REVIEWER, PASSWORD = "olli.esimerkki@example.org", "veera.esimerkki@example.org", "vipu-demo-2027"
PRACTICE = "Lainattavat talvikengät"


@dataclass(frozen=True, slots=True)
class Line:
    """One service and its mailbox."""

    root: str
    postbox: Postbox

    def walk(self) -> None:
        """Walk from the front page to the published practice."""
        confirmation = self.aino_registers()
        self.the_mornings_fill_up_and_leena_waits()
        self.aino_registers_again_and_nothing_changes()
        self.leena_gets_the_place_that_veera_gives_up()
        organiser = self.signed_in(ORGANISER)
        self.the_programme_changes_and_the_calendar_follows(organiser, confirmation)
        draft = self.the_survey_goes_out_and_aino_tells_of_a_practice(organiser)
        self.the_practice_is_written_judged_and_published(draft)
        self.the_organiser_sees_that_everything_arrived(organiser)

    def register(self, name: str, address: str, *events: str) -> Page:
        """Register on the Finnish form and come to the receipt."""
        someone = Visitor(self.root)
        front = someone.check(someone.open("/fi/"), language="fi")
        series = someone.follow(front, "Ohjelma")
        form = someone.follow(series, "Ilmoittaudu")
        return someone.check(
            someone.press(form, "Ilmoittaudu", events=list(events), name=name, email=address)
        )

    def aino_registers(self) -> Mail:
        """Two mornings in one form; two mails, each with its own invitation."""
        receipt = self.register("Aino Esimerkki", AINO, TUESDAY, WEDNESDAY)
        assert AINO not in receipt.body, "the receipt shows no personal data"
        tuesday, wednesday = self.postbox.wait(AINO, count=2)
        assert tuesday.method == wednesday.method == "REQUEST"
        assert tuesday.entry["UID"] != wednesday.entry["UID"]
        assert (
            tuesday.entry["DTSTART"].dt.astimezone(ZoneInfo("UTC")).isoformat() == "2027-04-13T05:30:00+00:00"
        )
        assert tuesday.link("/r/") == wednesday.link("/r/")
        return tuesday

    def the_mornings_fill_up_and_leena_waits(self) -> None:
        """Wednesday has two places left: Aino took one, Veera takes the last, Leena waits."""
        self.register("Veera Esimerkki", VEERA, WEDNESDAY)
        self.postbox.wait(VEERA, count=1)
        receipt = self.register("Leena Esimerkki", LEENA, WEDNESDAY, THURSDAY)
        assert "Jonossa" in receipt.text
        mails = self.postbox.wait(LEENA, count=2)
        assert sorted(bool(mail.calendar) for mail in mails) == [False, True]

    def aino_registers_again_and_nothing_changes(self) -> None:
        """A known address gets the same page as a new one, and a mail with the link."""
        self.register("Aino Esimerkki", AINO, TUESDAY, THURSDAY)
        *_before, link = self.postbox.wait(AINO, count=3)
        own = Visitor(self.root).open(link.link("/r/").split("muuta/")[0])
        assert own.text.count("Sinulla on paikka") == len((TUESDAY, WEDNESDAY))

    def leena_gets_the_place_that_veera_gives_up(self) -> None:
        """Two clicks from the mail give the place up; the next in line is told at once."""
        veera = Visitor(self.root)
        own = veera.open(self.postbox.of(VEERA)[0].link("/r/"))
        ask = veera.follow(own, "Peru tämä")
        before = self.postbox.of(VEERA)
        assert len(before) == 1, "opening a page changes nothing"
        veera.check(veera.press(ask, "Peru tämä"))
        _confirmation, cancelled = self.postbox.wait(VEERA, count=2)
        assert (cancelled.method, cancelled.entry["SEQUENCE"]) == ("CANCEL", 1)
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
        """The organiser adds an item, releases it, and moves the morning; the entry is updated, not doubled."""
        event = organiser.follow(organiser.open("/desk/"), "Lähiluonnon saavutettavuus")
        editor = organiser.follow(event, "Ohjelma")
        form = organiser.follow(editor, "Lisää osuus")
        speakers = "Maija Esimerkki | asiantuntija | Esimerkkikunta"
        title = "Yhteinen kävely puistossa"
        editor = organiser.check(
            organiser.press(form, "Tallenna", title_fi=title, minutes="10", speakers=speakers)
        )
        assert title not in self.public(TUESDAY).text, "a draft is not public"
        release = organiser.follow(editor, "Julkaise")
        organiser.check(organiser.press(release, "Julkaise", notify="on"))
        assert title in self.public(TUESDAY).text
        programme = self.postbox.wait(AINO, count=4)[-1]
        assert programme.entry["UID"] == before.entry["UID"]
        assert programme.entry["SEQUENCE"] == before.entry["SEQUENCE"], "texts do not raise the sequence"

        ended = timezone.localtime() - timedelta(hours=3)
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
        event = organiser.follow(organiser.open("/desk/"), "Lähiluonnon saavutettavuus")
        page = organiser.follow(event, "Kysely")
        organiser.check(organiser.press(page, "Lähetä"))
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
        assert "jo vastattu" in aino.open(survey.link("/s/")).text
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
        assert page.status == 200
        for words in (PRACTICE, "Jämsä", "Lähiluonnon saavutettavuus", "täyttyy"):
            assert words in page.text, f"{words} is not on {page.url}: {page.text}"
        assert AINO not in page.body
        assert PRACTICE in Visitor(self.root).open("/fi/kaytannot/?q=TALVIKENGÄT").text

    def complete(self, aino: Visitor, address: str) -> None:
        """Fill in the five parts of the draft and send it."""
        draft = aino.check(aino.open(address), language="fi")
        for link in [link for link in draft.links if "/d/" in link.href and "esikatselu" not in link.href]:
            part = aino.open(link.href)
            form = part.form("Tallenna")
            texts: dict[str, str | list[str]] = {
                name: f"Kirjasto lainasi kenkiä talvella ({name})."
                for name, value in form.fields
                if not value.strip() and name in form.typed
            }
            if any(name == "dimensions" for name, _value, _label in form.boxes):
                texts["dimensions"] = ["ecological", "social"]
            for name, value, _label in form.boxes:
                if name != "dimensions":
                    texts[name] = value
            aino.check(aino.press(part, "Tallenna", **texts))
        aino.check(aino.press(aino.open(address), "Lähetä arvioitavaksi"))

    def judge(self, reviewer: Visitor, *, decision: str, message: str) -> None:
        """Assess the five criteria with reasons and decide."""
        review = reviewer.follow(reviewer.open("/desk/reviews/"), PRACTICE)
        form = review.form("Jatka")
        given: dict[str, str | list[str]] = {"decision": decision, "message": message}
        for name, _value, _label in form.boxes:
            if name.endswith("level"):
                given[name] = "met"
        for name in form.typed:
            if name.endswith("reason"):
                given[name] = "Näkyy kirjaston tilastosta."
        confirm = reviewer.press(review, "Jatka", **given)
        button = next(text for text, _n, value in confirm.forms[-1].buttons if value != "back")
        reviewer.check(reviewer.press(confirm, button))

    def the_organiser_sees_that_everything_arrived(self, organiser: Visitor) -> None:
        """The person's page tells every message and where it stands."""
        series = organiser.follow(organiser.open("/desk/"), "Ilmoittautumiset")
        found = organiser.open(f"{series.url.split('?')[0]}?q={AINO}")
        person = organiser.follow(found, "Aino Esimerkki")
        assert person.text.count("vastaanottajan") + person.text.count("hyväksy") > 0, person.text

    def public(self, event: str) -> Page:
        """Give the public page of an event."""
        return Visitor(self.root).open(f"/fi/tapahtumat/{SERIES}/{event}/")
