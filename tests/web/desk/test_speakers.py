"""The speakers of an event at the desk: their addresses, their invitations and their answers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from backend.core.i18n import Text
from events import actions
from events.models import Event, Session, SessionSpeaker, Speaker, SpeakerEntry
from notifications.models import Message
from tests import factories
from tests.web.desk.seen import page, preview, problems, save


@pytest.fixture
def released(morning: Event, olli: User) -> Event:
    at = morning.starts_at - timedelta(days=40)
    actions.add_session(
        event=morning,
        kind=Session.Kind.TALK,
        title=Text("Luontopolku", "Naturstig", "Nature trail"),
        starts_at=morning.starts_at,
        ends_at=morning.starts_at + timedelta(minutes=20),
        speakers=[actions.SpeakerPart(name="Maija Esimerkki")],
        at=at,
        actor=olli,
    )
    actions.release_programme(event=morning, notify=False, at=at, actor=olli)
    return morning


def test_a_speaker_gets_an_address_and_then_an_invitation(desk: Client, released: Event) -> None:
    maija = Speaker.objects.get()
    assert "no address" in page(desk, "speakers", released.pk)
    assert "Invite the speakers" not in page(desk, "speakers", released.pk)

    said = save(desk, "speaker-contact", released.pk, maija.pk, email="maija@example.org", language="sv")
    assert said == "The address of the speaker is saved."
    assert preview(desk, "speakers-invite", released.pk)[0] == "1 invitation to a speaker's own part leaves."
    assert save(desk, "speakers-invite", released.pk) == "1 invitation is on its way."

    assert Message.objects.get().recipient == "maija@example.org"
    assert "invited, no answer yet" in page(desk, "speakers", released.pk)
    SpeakerEntry.objects.update(attends="DECLINED", comment="Olen matkoilla", proposed_start=released.ends_at)
    shown = page(desk, "speakers", released.pk)
    assert "declined in the calendar Proposed time: Tue 13 April 2027, 10.00 Olen matkoilla" in shown


def test_an_address_that_is_none_is_refused_and_a_stranger_is_not_found(
    desk: Client, released: Event
) -> None:
    address = reverse("desk:speaker-contact", args=[released.pk, Speaker.objects.get().pk])

    assert problems(desk.post(address, {"email": "maija", "language": ""})) == {
        "id_email": "Check the email address."
    }
    assert desk.get(reverse("desk:speaker-contact", args=[released.pk, 0])).status_code == 404


def test_the_address_stands_on_no_public_page(client: Client, desk: Client, released: Event) -> None:
    save(desk, "speaker-contact", released.pk, Speaker.objects.get().pk, email="maija@example.org")
    series = released.series.slug
    pages = [
        f"/en/events/{series}/{released.slug}/",
        f"/en/events/{series}/",
        "/api/v1/speakers/",
        f"/series/{series}.ics",
        f"/events/{released.slug}.ics",
    ]

    answers = [client.get(path) for path in pages]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert not any("maija@example.org" in answer.content.decode() for answer in answers)
    assert "Maija Esimerkki" in answers[0].content.decode()


def test_a_speaker_of_two_organisations_is_neither_shown_nor_written_to_at_an_address_of_the_other(
    desk: Client, released: Event
) -> None:
    Speaker.objects.update(email="maija@example.org", language="sv")
    maija = Speaker.objects.get()
    theirs = factories.four_mornings(organisation=factories.organisation("toinen"), slug="toinen-2027")
    session = Session.objects.create(event=theirs.events.all()[0], position=1, title_fi="Toisaalla")
    assert "maija@example.org" in page(desk, "speakers", released.pk)
    SessionSpeaker.objects.create(session=session, speaker=maija)

    shown = page(desk, "speakers", released.pk)

    assert "Another organisation presents this speaker too, so no address is shown" in shown
    assert "Change the address" not in shown
    form = desk.get(reverse("desk:speaker-contact", args=[released.pk, maija.pk])).content.decode()
    assert "maija@example.org" not in shown + form
    assert save(desk, "speakers-invite", released.pk) == "0 invitations are on their way."
    assert not Message.objects.exists()
