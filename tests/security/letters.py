"""Every kind of mail that the service sends, brought about by real deeds."""

from datetime import datetime, time, timedelta

from backend.core.i18n import Text
from events.actions import edit_event, edit_session, release_programme
from events.actions.speaking import invite_speakers
from events.models import Event
from notifications.models import Message
from notifications.reply_address import reply_address
from registrations.actions import (
    ask_new_address,
    cancel,
    confirm_new_address,
    decide,
    give_place,
    invite,
    keep_place,
    merge,
    register,
    send_manage_link,
    set_capacity,
    set_line_terms,
    set_mode,
    take_reply,
    tend,
)
from registrations.actions.automatic import plan_due
from registrations.actions.campaign_words import Words
from registrations.actions.campaigns import pin, send, write_campaign
from registrations.actions.digesting import send_digests
from registrations.invitations import reply_seed
from registrations.models import Attendee, MemberGroup, Quota, Registration
from registrations.rules import Invited, Person
from registrations.rules.segments import Segment
from tests.events.answers import Answer, plain
from tests.security.world import House


def every_kind(house: House, *, at: datetime) -> dict[str, Message]:
    """Let the rest happen after what the house has seen already, and give one mail of each kind."""
    organiser = house.users["organiser"]
    set_capacity(event=house.event, capacity=2, at=at, actor=organiser)
    for name in ("dora", "elli"):
        _come(house, house.event, name, at=at)
    set_capacity(event=house.event, capacity=3, at=at, actor=organiser)
    Message.objects.exclude(kind="reminder").update(state=Message.State.ACCEPTED)
    edit_event(
        event=house.event, title=Text("Uusi otsikko", "Ny rubrik", "New title"), at=at, actor=organiser
    )
    dora = Attendee.objects.get(series=house.series, email="dora@example.org")
    cancel(registration=dora.registrations.get(), by=Registration.CancelledBy.ATTENDEE, at=at)
    send_manage_link(email=house.attendees["a"].email, at=at)
    applied, offered = house.series.events.select_related("series")[2:4]
    _choose_among_applicants(house, applied, at=at)
    _offer(house, offered, at=at)
    _give_places(house, at=at)
    _change_addresses(house, offered, at=at)
    _join_two(house, at=at)
    _answer_in_calendar(house, house.event, at=at)
    _invite_the_speaker(house, at=at)
    _let_members_in(house, offered, at=at)
    _trouble(house, at=at)
    _write_to_all(house, at=at)
    plan_due(at=house.event.starts_at - timedelta(hours=20))
    return {message.kind: message for message in Message.objects.order_by("-pk")}


def _write_to_all(house: House, *, at: datetime) -> None:
    """Send everybody a note in the organiser's own words."""
    words = Words(
        subject=Text("Ovi on auki", "Dörren är öppen", "The door is open"),
        body=Text("Tervetuloa, {name}.", "Välkommen, {name}.", "Welcome, {name}."),
    )
    organiser = house.users["organiser"]
    campaign = write_campaign(
        series=house.series, segment=Segment(), words=words, send_at=None, at=at, actor=organiser
    )
    listed = pin(campaign=campaign, at=at, actor=organiser)
    send(campaign=listed, number=listed.people, at=at, actor=organiser)


def _invite_the_speaker(house: House, *, at: datetime) -> None:
    """Let a speaker be invited, and their part be taken out of the programme."""
    organiser = house.users["organiser"]
    invite_speakers(event=house.event, at=at, actor=organiser)
    Message.objects.filter(kind="speaker_invitation").update(state=Message.State.ACCEPTED)
    for session in house.event.sessions.all():
        edit_session(session=session, speakers=[], at=at, actor=organiser)
    release_programme(event=house.event, notify=False, at=at, actor=organiser)


def _answer_in_calendar(house: House, event: Event, *, at: datetime) -> None:
    """Let a calendar say no twice; the first time the person keeps the place by the button."""
    row = _come(house, event, "taina", at=at)
    for minute in range(2):
        now = at + timedelta(minutes=minute)
        answer = Answer(
            uid=row.calendar_entry.uid,
            to=reply_address(reply_seed(row)),
            attendee=row.attendee.email,
            partstat="DECLINED",
            stamp=now,
        )
        take_reply(raw=plain(answer), recipient="", at=now)
        if not minute:
            keep_place(attendee=row.attendee, event=event, at=now)


def _change_addresses(house: House, event: Event, *, at: datetime) -> None:
    """Let somebody move to another address, and somebody ask for one that is another person's."""
    moving = _come(house, event, "oona", at=at).attendee
    confirm_new_address(change=ask_new_address(attendee=moving, email="toinen@example.org", at=at), at=at)
    ask_new_address(attendee=house.attendees["a"], email=house.attendees["b"].email, at=at)


def _join_two(house: House, *, at: datetime) -> None:
    """Let somebody register with two addresses, and join the two."""
    organiser = house.users["organiser"]
    set_capacity(event=house.event, capacity=20, at=at, actor=organiser)
    twins = [_come(house, house.event, name, at=at).attendee for name in ("pinja", "pinja.esimerkki")]
    Message.objects.filter(recipient=twins[1].email).update(state=Message.State.ACCEPTED)
    merge(kept=twins[0], other=twins[1], reason="", at=at, actor=organiser)


def _come(house: House, event: Event, name: str, *, at: datetime) -> Registration:
    person = Person(name=f"{name.title()} Esimerkki", email=f"{name}@example.org")
    register(
        series=house.series, person=person, events=[event.slug], idempotency_key=f"{name} {event}", at=at
    )
    return Registration.objects.filter(attendee__email=person.email, event=event).latest("pk")


def _choose_among_applicants(house: House, event: Event, *, at: datetime) -> None:
    """Receive four applications, choose one for the one place there is, and tell the others."""
    organiser, states = house.users["organiser"], Registration.State
    set_capacity(event=event, capacity=1, at=at, actor=organiser)
    set_mode(event=event, mode=Quota.Mode.APPLICATION, group=None, at=at, actor=organiser)
    rows = [_come(house, event, name, at=at).pk for name in ("fanni", "gita", "heli", "iida")]
    decisions = (states.SHORTLISTED, states.CONFIRMED, states.WAITING, states.NOT_CHOSEN)
    for row, to in zip(rows, decisions, strict=True):
        decide(event=event, registrations=[row], to=to, at=at, actor=organiser)


def _offer(house: House, event: Event, *, at: datetime) -> None:
    """Offer a place to somebody who does not answer, and then to the next."""
    organiser = house.users["organiser"]
    set_capacity(event=event, capacity=1, at=at, actor=organiser)
    for name in ("jaana", "kerttu", "lumi"):
        _come(house, event, name, at=at)
    set_line_terms(
        event=event,
        promotion=Quota.Promotion.OFFER,
        offer_hours=4,
        offer_in_working_hours=False,
        offer_cutoff_hours=2,
        at=at,
        actor=organiser,
    )
    set_capacity(event=event, capacity=2, at=at, actor=organiser)
    tend(at=at + timedelta(hours=5))


def _give_places(house: House, *, at: datetime) -> None:
    """Give a place to somebody new, and one to somebody who has a place already."""
    for giver, receiver in (("b", "olivia"), ("a", "olivia")):
        to = Person(name=f"{receiver.title()} Esimerkki", email=f"{receiver}@example.org")
        give_place(attendee=house.attendees[giver], event=house.event, to=to, at=at)


def _let_members_in(house: House, event: Event, *, at: datetime) -> None:
    """Invite somebody by name; turn away somebody who is no member."""
    organiser = house.users["organiser"]
    guest = Invited(name="Minna Esimerkki", email="minna@example.org")
    invite(event=event, people=[guest], language="fi", at=at, actor=organiser)
    group = MemberGroup.objects.get(organisation=house.organisation)
    set_mode(event=event, mode=Quota.Mode.MEMBERS, group=group, at=at, actor=organiser)
    person = Person(name="Noora Esimerkki", email="noora@example.org")
    register(series=house.series, person=person, events=[event.slug], idempotency_key=person.email, at=at)


def _trouble(house: House, *, at: datetime) -> None:
    """Let a message come back, so that the organisers are told in the morning."""
    one = Message.objects.filter(audience=f"event:{house.event.pk}").earliest("pk")
    morning = datetime.combine(at.date() + timedelta(days=1), time(6, 30), tzinfo=at.tzinfo)  # 8.30 here
    Message.objects.filter(pk=one.pk).update(state=Message.State.BOUNCED_HARD, state_changed_at=at)
    send_digests(at=morning)
