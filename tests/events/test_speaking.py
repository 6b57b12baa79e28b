"""Speakers get entries of their own parts, which follow every release, and their answers are kept."""

from datetime import datetime, timedelta

import icalendar
import pytest

from accounts.models import User
from backend.core.errors import Forbidden
from backend.core.i18n import Text
from backend.core.text import email_key
from events import actions, rules
from events.actions.speaking import invite_speakers, set_contact, take_speaker_reply
from events.models import Event, Session, Speaker, SpeakerEntry
from notifications import inbound
from notifications.models import InboundMail, Message
from notifications.reply_address import reply_address
from tests import factories
from tests.events.answers import Answer, plain

QUARTER = timedelta(minutes=15)
MAIJA = actions.SpeakerPart(name="Maija Esimerkki", title="tutkija")
PEKKA = actions.SpeakerPart(name="Pekka Exempel")


@pytest.fixture
def talk(morning: Event, olli: User, noon: datetime) -> Session:
    """Maija, who has an address, and Pekka, who has none, speak at 8.40; the programme is released."""
    session = actions.add_session(
        event=morning,
        kind=Session.Kind.TALK,
        title=Text("Luontopolku kaikille", "En naturstig för alla", "A nature trail for everybody"),
        starts_at=morning.starts_at + timedelta(minutes=10),
        ends_at=morning.starts_at + timedelta(minutes=25),
        speakers=[MAIJA, PEKKA],
        at=noon,
        actor=olli,
    )
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)
    contact(MAIJA.name, "maija@example.org", morning, olli, noon)
    return session


def contact(name: str, email: str, event: Event, actor: User, at: datetime, language: str = "sv") -> None:
    speaker = Speaker.objects.get(name=name)
    set_contact(speaker=speaker, email=email, language=language, event=event, at=at, actor=actor)


def letters() -> list[tuple[str, str, str]]:
    return list(Message.objects.order_by("pk").values_list("kind", "calendar_method", "state"))


def told(message: Message) -> icalendar.Component:
    [event] = icalendar.Calendar.from_ical(message.calendar).walk("VEVENT")
    return event


def send_all() -> None:
    Message.objects.filter(state="queued").update(state="accepted")


def test_each_speaker_with_an_address_is_asked_once(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    assert [invite_speakers(event=morning, at=noon, actor=olli) for _twice in range(2)] == [1, 0]

    message = Message.objects.get()
    event, entry = told(message), SpeakerEntry.objects.get()
    assert (message.recipient, message.language, message.audience) == (
        "maija@example.org",
        "sv",
        f"event:{morning.pk}",
    )
    assert (event["ATTENDEE"].params["PARTSTAT"], event["ATTENDEE"].params["RSVP"]) == (
        "NEEDS-ACTION",
        "TRUE",
    )
    assert (str(event["SUMMARY"]), event.decoded("DTSTART")) == ("En naturstig för alla", talk.starts_at)
    assert str(event["ORGANIZER"]) == f"mailto:{reply_address(entry.link_seed)}"
    contact(PEKKA.name, "pekka@example.org", morning, olli, noon, language="")
    assert invite_speakers(event=morning, at=noon, actor=olli) == 1
    assert Message.objects.latest("pk").language == "fi"  # of the event


def test_an_unreleased_change_moves_nobodys_calendar_and_the_release_does(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    send_all()
    later = talk.starts_at + QUARTER if talk.starts_at else noon
    actions.edit_session(session=talk, starts_at=later, ends_at=later + QUARTER, at=noon, actor=olli)
    assert len(letters()) == 1

    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    first, second = Message.objects.filter(kind="speaker_invitation").order_by("pk")
    assert (told(second)["SEQUENCE"], told(second).decoded("DTSTART")) == (1, later)
    assert told(first)["UID"] == told(second)["UID"]
    assert second.context["changed"] is True


def test_a_release_that_changes_nothing_for_a_speaker_tells_them_nothing(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    actions.add_session(
        event=morning, kind=Session.Kind.BREAK, title=Text("Kahvi"), minutes=10, at=noon, actor=olli
    )
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    assert letters() == [("speaker_invitation", "REQUEST", "queued")]


def test_moving_the_event_or_its_place_moves_the_entries(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    send_all()
    start = morning.starts_at + timedelta(days=1)
    actions.edit_event(
        event=morning, starts_at=start, ends_at=start + timedelta(hours=2), at=noon, actor=olli
    )
    place = Text("Kirjasto", "Biblioteket", "Library")
    actions.edit_event(event=morning, mode="on_site", place=place, at=noon, actor=olli)

    entry = SpeakerEntry.objects.get()
    assert (entry.starts_at, entry.place, entry.sequence) == (
        start + timedelta(minutes=10),
        "Biblioteket",
        2,
    )
    assert [state for _kind, _method, state in letters()] == ["accepted", "cancelled", "queued"]


@pytest.mark.parametrize("how", ["removed", "replaced", "called off"])
def test_a_part_that_is_no_more_leaves_the_calendar(
    talk: Session, morning: Event, olli: User, noon: datetime, how: str
) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    send_all()
    if how == "called off":
        actions.cancel_event(event=morning, reason=Text("Sairaus", "x", "x"), at=noon, actor=olli)
    else:
        if how == "removed":
            actions.remove_session(session=talk, at=noon, actor=olli)
        else:
            actions.edit_session(session=talk, speakers=[PEKKA], at=noon, actor=olli)
        actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    assert letters()[1:] == [("speaker_cancelled", "CANCEL", "queued")]
    gone = Message.objects.get(kind="speaker_cancelled")
    assert (told(gone)["STATUS"], told(gone)["SEQUENCE"]) == ("CANCELLED", 1)
    assert gone.context["called_off"] is (how == "called off")


def test_who_never_heard_of_the_part_is_not_told_that_it_is_gone(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    actions.remove_session(session=talk, at=noon, actor=olli)
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    assert letters() == [("speaker_invitation", "REQUEST", "cancelled")]


def test_a_speaker_may_come_back_under_a_new_name(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    send_all()
    for speakers in ([PEKKA], [MAIJA]):
        actions.edit_session(session=talk, speakers=speakers, at=noon, actor=olli)
        actions.release_programme(event=morning, notify=False, at=noon, actor=olli)
    assert invite_speakers(event=morning, at=noon, actor=olli) == 1

    assert len({entry.uid for entry in SpeakerEntry.objects.all()}) == 2


def said(entry: SpeakerEntry, at: datetime, **more: object) -> bytes:
    made: dict[str, object] = {
        "uid": entry.uid,
        "to": reply_address(entry.link_seed),
        "attendee": "maija@example.org",
        "stamp": at,
        "comment": "Tulen etänä",
    }
    return plain(Answer(**(made | more)))  # type: ignore[arg-type]  # the fields of an answer


def test_what_a_speaker_answers_is_kept(talk: Session, morning: Event, olli: User, noon: datetime) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    entry = SpeakerEntry.objects.get()
    inbound.keep(raw=said(entry, noon), source="imap", at=noon)
    inbound.work_off(at=noon)

    entry.refresh_from_db()
    assert (InboundMail.objects.get().outcome, entry.attends, entry.comment) == (
        "recorded",
        "ACCEPTED",
        "Tulen etänä",
    )
    no = said(entry, noon + QUARTER, partstat="DECLINED")
    assert take_speaker_reply(raw=no, recipient="", at=noon + QUARTER) == "recorded"
    entry.refresh_from_db()
    assert (entry.attends, len(letters())) == ("DECLINED", 1)  # an organiser reads it, no machine acts


@pytest.mark.parametrize(
    ("lie", "outcome"),
    [
        ({"to": "ilmo+aaaaaaaaaaaaaaaaaaaa@localhost"}, "unknown"),
        ({"sender": "pekka@example.org"}, "stranger"),
        ({"attendee": "pekka@example.org"}, "stranger"),
        ({"sequence": 1}, "stale"),
        ({"uid": "speaker.of.nobody"}, ""),
        ({"headers": {"Auto-Submitted": "auto-replied"}}, "automatic"),
    ],
)
def test_nobody_answers_for_a_speaker(
    talk: Session, morning: Event, olli: User, noon: datetime, lie: dict[str, object], outcome: str
) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    entry = SpeakerEntry.objects.get()
    raw = said(entry, noon, **lie)

    assert take_speaker_reply(raw=raw, recipient="", at=noon) == outcome

    entry.refresh_from_db()
    assert entry.attends == ""


def test_an_older_answer_does_not_outdo_a_newer_one(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    entry = SpeakerEntry.objects.get()
    newer, older = said(entry, noon + QUARTER), said(entry, noon, partstat="DECLINED")

    outcomes = [take_speaker_reply(raw=raw, recipient="", at=noon + QUARTER) for raw in (newer, older)]

    assert outcomes == ["recorded", "stale"]


def test_a_wrong_address_is_said_beside_its_field(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    with pytest.raises(rules.NeedsCorrecting) as refused:
        contact(MAIJA.name, "maija", morning, olli, noon, language="de")

    assert set(refused.value.fields) == {"email", "language"}
    assert email_key(Speaker.objects.get(name=MAIJA.name).email) == "maija@example.org"


def test_an_address_is_never_shared_with_another_organisation(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    """Whoever has lost their last part keeps their address, and a namesake of others is somebody else."""
    theirs = factories.four_mornings(organisation=factories.organisation("toinen"), slug="muut-2027")
    there = theirs.events.all()[0]
    actions.edit_session(session=talk, speakers=[PEKKA], at=noon, actor=olli)
    actions.add_session(
        event=there, title=Text("Yksi"), kind=Session.Kind.TALK, speakers=[MAIJA], at=noon, actor=None
    )
    assert list(Speaker.objects.filter(name=MAIJA.name).order_by("pk").values_list("email", flat=True)) == [
        "maija@example.org",
        "",
    ]

    theirs_now = there.sessions.get()
    theirs_now.parts.create(speaker=Speaker.objects.get(name=PEKKA.name), position=1)
    with pytest.raises(Forbidden):
        contact(PEKKA.name, "pekka@example.org", morning, olli, noon)
    assert Speaker.objects.get(name=PEKKA.name).email == ""


def test_nobody_is_invited_to_what_people_do_not_see(
    talk: Session, morning: Event, olli: User, noon: datetime
) -> None:
    with pytest.raises(rules.NothingToPublish):
        invite_speakers(event=morning, at=morning.ends_at, actor=olli)
    morning.programme_versions.all().delete()
    with pytest.raises(rules.NothingToPublish):
        invite_speakers(event=morning, at=noon, actor=olli)
    actions.cancel_event(event=morning, reason=Text("x", "x", "x"), at=noon, actor=olli)
    with pytest.raises(rules.AlreadyCancelled):
        invite_speakers(event=morning, at=noon, actor=olli)


def test_after_the_event_nothing_follows(talk: Session, morning: Event, olli: User, noon: datetime) -> None:
    invite_speakers(event=morning, at=noon, actor=olli)
    send_all()
    actions.remove_session(session=talk, at=morning.ends_at, actor=olli)
    actions.release_programme(event=morning, notify=False, at=morning.ends_at, actor=olli)

    assert len(letters()) == 1
