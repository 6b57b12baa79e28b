"""Two organisations, each with everything there is, and a word of its own in everything that is private.

A private word reads ``zq<what><number>``: ``zqjoin2`` is the joining link of the second organisation. Whoever
has no business with a thing must never find its word in an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from accounts.actions import make_key
from accounts.models import ApiToken, Membership, Municipality, Organisation, User
from backend.core.i18n import Text
from catalogue.actions import submit
from catalogue.models import Practice, PracticeVersion, Presentation, Theme
from events import actions as programme
from events.models import Event, EventSeries, Session, Speaker
from notifications.models import Endpoint
from notifications.wordings import save_draft
from registrations.actions import ask_new_address, cancel, make_codes, register, save_group
from registrations.actions.campaign_words import Words
from registrations.actions.campaigns import prepare
from registrations.actions.endpoints import add_endpoint
from registrations.actions.exporting import ask_for_export, make_export
from registrations.actions.importing import check_people
from registrations.actions.ruling import keep_words, make_rule, use_words
from registrations.models import (
    Attendee,
    AttendeeImport,
    CalendarReply,
    Campaign,
    EmailChange,
    Registration,
    RegistrationExport,
    Submission,
)
from registrations.rules import Person, RuleDraft, When
from registrations.rules.importing import Choices, Typed
from registrations.rules.segments import Segment
from surveys import actions as surveys
from surveys.models import Invitation
from tests import factories
from tests.catalogue import world as catalogue
from tests.registrations.forms import usual_form

ROLES = ("organiser", "viewer", "reviewer")
# What organisers and viewers may read, and what reviewers may.
LOOKED_AT = ("persona", "personb", "personc", "join", "draft", "answer", "lead", "reason")
REVIEWED = ("lead", "review")
PRIVATE = (*LOOKED_AT, *REVIEWED, "key")


@dataclass(slots=True, kw_only=True)
class House:
    """One organisation with its people, its events and everything that hangs on them."""

    number: int
    organisation: Organisation
    users: Mapping[str, User]
    series: EventSeries
    drafts: EventSeries
    event: Event
    held: Event
    draft: Event
    session: Session
    attendees: Mapping[str, Attendee] = field(default_factory=dict)
    asked: EmailChange = field(default_factory=EmailChange)
    receipt: str = ""
    invitation: Invitation = field(default_factory=Invitation)
    practice: Practice = field(default_factory=Practice)
    submitted: PracticeVersion = field(default_factory=PracticeVersion)
    published: Practice = field(default_factory=Practice)
    brought: AttendeeImport = field(default_factory=AttendeeImport)
    export: RegistrationExport = field(default_factory=RegistrationExport)
    endpoint: Endpoint = field(default_factory=Endpoint)
    campaign: Campaign = field(default_factory=Campaign)
    key: ApiToken = field(default_factory=ApiToken)
    secret: str = ""
    addresses: dict[tuple[str, str, bool], str] = field(default_factory=dict)  # those that were asked for

    def word(self, what: str) -> str:
        """Give the private word of one thing."""
        return f"zq{what}{self.number}"

    def words(self, *whats: str) -> frozenset[str]:
        """Give the private words of several things."""
        return frozenset(map(self.word, whats))

    @property
    def numbers(self) -> Mapping[str, str]:
        """Give the first of those who are written to by the message to many, and somebody's place."""
        recipient = self.campaign.recipients.filter(reason="").earliest("pk")
        return {"recipient": str(recipient.pk), "registration": str(self.registration().pk)}

    def registration(self, who: str = "a") -> Registration:
        """Give somebody's place at the event."""
        return Registration.objects.get(attendee=self.attendees[who], event=self.event)

    def signed_in(self, role: str) -> Client:
        """Give a browser in which one of the people sits."""
        client = Client()
        client.force_login(self.users[role])
        return client


def common_ground() -> None:
    """Make what both share: municipalities, themes, criteria."""
    Municipality.objects.create(
        code="182",
        name_fi="Jämsä",
        name_sv="Jämsä",
        region_fi="Esimerkki",
        region_sv="Exempel",
        languages="fi",
    )
    Theme.objects.create(key="healthy", position=1, name_fi="Hyvinvointi", name_sv="Hälsa", name_en="Health")
    catalogue.criteria()


def house(number: int, *, at: datetime) -> House:
    """Build one of them."""
    organisation = factories.organisation(slug=f"organisation-{number}")
    users = {
        role: factories.organiser(
            organisation, email=f"{role}{number}@example.org", role=Membership.Role(role)
        )
        for role in ROLES
    }
    series = factories.four_mornings(organisation=organisation, slug=f"open-{number}-2027", capacity=5)
    event, held = series.events.all()[:2]
    Event.objects.filter(pk=event.pk).update(
        join_url=f"https://example.org/zqjoin{number}", mode=Event.Mode.HYBRID
    )
    drafts = factories.four_mornings(organisation=organisation, slug=f"hidden-{number}-2027")
    _hide(drafts, number=number)
    event.refresh_from_db()
    built = House(
        number=number,
        organisation=organisation,
        users=users,
        series=series,
        drafts=drafts,
        event=event,
        held=held,
        draft=drafts.events.all()[0],
        session=_programme(event, number=number, at=at, actor=users["organiser"]),
    )
    usual_form(series)
    _people(built, at=at)
    _lists(built, at=at)
    _calendar_answer(built, at=at)
    new = f"uusi{number}@example.org"
    built.asked = ask_new_address(attendee=built.attendees["c"], email=new, at=at)
    _practices(built, at=at)
    _survey(built, at=at)
    _long_work(built, at=at)
    made = make_key(user=users["organiser"], organisation=organisation, name=f"zqkey{number}", days=30, at=at)
    built.key, built.secret = made.token, made.secret
    return built


def _long_work(built: House, *, at: datetime) -> None:
    """Let a list of people be checked, and a list of registrations be made."""
    built.brought = check_people(
        series=built.series,
        people=[Typed(row=1, name=f"zqpersona{built.number}", email=f"brought{built.number}@example.org")],
        choices=Choices(events=(built.event.slug,)),
        at=at,
        actor=built.users["organiser"],
    )
    built.export = ask_for_export(
        series=built.series,
        event=None,
        file_format="csv",
        columns=["name", "email"],
        at=at,
        actor=built.users["organiser"],
    )
    make_export(built.export.pk, at=at)
    built.endpoint = add_endpoint(
        series=built.series,
        name=built.word("webhook"),
        url="https://crm.example.org/vipu",
        kinds=["event.changed"],
        with_people=False,
        at=at,
        actor=built.users["organiser"],
    ).endpoint
    save_draft(
        scope=f"series:{built.series.pk}",
        kind="reminder",
        subject=Text(*[f"Huomenna {built.word('draft')}"] * 3),
        body=Text(*["{join}\n\n{manage}"] * 3),
        at=at,
    )
    built.campaign = prepare(
        series=built.series,
        segment=Segment(),
        words=Words(
            subject=Text(*[f"Viesti {built.word('draft')}"] * 3), body=Text("Hei!", "Hej!", "Hello!")
        ),
        send_at=None,
        at=at,
        actor=built.users["organiser"],
    )
    _own_text(built, at=at)


def _own_text(built: House, *, at: datetime) -> None:
    """Write a message that goes out by itself, and take it into use."""
    draft = RuleDraft(kind="note", name=built.word("draft"), anchor="end", when=When(minutes=60), late="send")
    rule = make_rule(series=built.series, draft=draft, at=at, actor=built.users["organiser"])
    words = Words(subject=Text("Kiitos", "Tack", "Thanks"), body=Text("Hei!", "Hej!", "Hello!"))
    use_words(rule=rule, words=words, at=at, actor=built.users["organiser"])
    keep_words(rule=rule, words=words, at=at)


def _calendar_answer(built: House, *, at: datetime) -> None:
    """Let somebody's calendar propose another time, which an organiser should look at."""
    CalendarReply.objects.create(
        registration=built.registration(),
        method="COUNTER",
        attends="TENTATIVE",
        outcome="proposal",
        sequence=0,
        stamped_at=at,
        received_at=at,
    )


def _lists(built: House, *, at: datetime) -> None:
    """Make an invitation to the event, and a group with one of its people."""
    actor = built.users["organiser"]
    make_codes(event=built.event, number=1, at=at, actor=actor)
    members = [f"{built.word('persona')}@example.org"]
    name = f"Verkosto {built.number}"
    save_group(organisation=built.organisation, name=name, members=members, at=at, actor=actor)


def _hide(drafts: EventSeries, *, number: int) -> None:
    words: dict[str, Any] = {f"title_{one}": f"Salainen zqdraft{number}" for one in ("fi", "sv", "en")}
    EventSeries.objects.filter(pk=drafts.pk).update(state=EventSeries.State.DRAFT, **words)
    drafts.events.update(state=Event.State.DRAFT, **words)
    drafts.refresh_from_db()


def _programme(event: Event, *, number: int, at: datetime, actor: User) -> Session:
    speaker = programme.SpeakerPart(name="Maija Esimerkki", title="tutkija", organisation="Esimerkkikunta")
    kind, minutes = Session.Kind.TALK, 10
    programme.add_session(
        event=event,
        kind=kind,
        title=Text("Julkinen osuus"),
        minutes=minutes,
        speakers=[speaker],
        at=at,
        actor=actor,
    )
    programme.release_programme(event=event, notify=False, at=at, actor=actor)
    Speaker.objects.filter(parts__session__event=event).update(
        email=f"zqpersona{number}@speakers.example.org"
    )
    hidden = programme.SpeakerPart(name=f"Zqdraft{number} Esimerkki", title="", organisation="")
    return programme.add_session(
        event=event,
        kind=kind,
        title=Text(f"Julkaisematon zqdraft{number}"),
        minutes=minutes,
        speakers=[hidden],
        at=at,
        actor=actor,
    )


def _people(built: House, *, at: datetime) -> None:
    attendees = {}
    for who in ("a", "b", "c"):
        word = built.word(f"person{who}")
        person = Person(
            name=f"{word} Esimerkki",
            email=f"{word}@example.org",
            organisation=f"{word} oy",
            wish=f"{word} toivoo",
        )
        submission = register(
            series=built.series,
            person=person,
            events=[built.event.slug, *([built.held.slug] if who != "c" else [])],
            idempotency_key=word,
            at=at,
        )
        attendees[who] = Attendee.objects.get(series=built.series, email=person.email)
        built.receipt = built.receipt or Submission.objects.get(pk=submission.pk).receipt
    built.attendees = attendees
    cancel(
        registration=built.registration("c"),
        by=Registration.CancelledBy.ORGANISER,
        at=at,
        actor=built.users["organiser"],
        reason=f"Syy: {built.word('reason')}",
    )


def _practices(built: House, *, at: datetime) -> None:
    built.published = catalogue.published(
        f"public-practice-{built.number}",
        at=at,
        title=Text("Julkinen käytäntö"),
        summary=Text("Yksi lause"),
        municipality="182",
    )
    hidden = built.drafts.events.all()[1].sessions.create(
        position=1, kind=Session.Kind.PRACTICE, title_fi=f"Piilossa {built.word('draft')}"
    )
    Presentation.objects.create(practice=built.published, session=hidden)
    Presentation.objects.create(practice=built.published, session=built.session)
    other = catalogue.lead(
        event=built.held,
        at=at,
        title=f"Toinen {built.word('lead')}",
        owner_name=f"{built.word('persona')} Esimerkki",
        owner_email=f"{built.word('persona')}@example.org",
    )
    texts = replace(catalogue.COMPLETE, title={"fi": f"Toinen {built.word('lead')}"})
    built.submitted = catalogue.sent(other, at=at, texts=texts)
    catalogue.decided(
        built.submitted,
        "request_changes",
        reviewer=built.users["reviewer"],
        at=at,
        assessments={},
        message=f"Kerro lisää, {built.word('review')}.",
    )
    submit(practice=other, at=at)
    built.submitted = other.versions.first() or built.submitted


def _survey(built: House, *, at: datetime) -> None:
    start = at - timedelta(days=2)
    built.held.starts_at, built.held.ends_at = start, start + timedelta(hours=1)
    built.held.save()
    rows = {
        who: Registration.objects.get(attendee=built.attendees[who], event=built.held) for who in ("a", "b")
    }
    surveys.open_survey(event=built.held, at=at, actor=built.users["organiser"])
    surveys.respond(
        invitation=Invitation.objects.get(registration=rows["b"]),
        answers={
            "usefulness": 5,
            "takeaway": built.word("answer"),
            "practice": {
                "title": f"Vinkki {built.word('lead')}",
                "summary": "Lyhyt kuvaus.",
                "municipality": "182",
                "may_contact": True,
            },
        },
        language="fi",
        at=at,
    )
    Registration.objects.filter(pk=rows["a"].pk).update(attended=True)
    built.invitation = Invitation.objects.get(registration=rows["a"])
    built.practice = Practice.objects.exclude(pk=built.submitted.practice_id).get(came_from=built.held)
