"""The organiser says who may come, invites people, keeps groups, and chooses among those who applied."""

from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organisation
from bench import many
from events.models import EventSeries
from notifications.models import Message
from registrations import actions, invitations
from registrations.models import InvitationCode, MemberGroup, Quota, Registration
from tests import factories
from tests.registrations.forms import usual_form
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, registration, sign_up
from tests.web.desk.seen import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(demos: Organisation) -> Client:
    """Olli sits at the desk."""
    client = Client()
    client.force_login(factories.organiser(demos))
    return client


@pytest.fixture(autouse=True)
def _it_is_noon(noon: datetime) -> object:
    with time_machine.travel(noon, tick=False):
        yield


def applied(series: EventSeries, *, at: datetime) -> list[str]:
    actions.set_mode(event=day(series), mode=Quota.Mode.APPLICATION, group=None, at=at, actor=None)
    for person in (AINO, VEERA, OLLI):
        sign_up(series, person, 0, at=at)
    return [str(registration(person, day(series)).pk) for person in (AINO, VEERA, OLLI)]


def test_the_mode_is_set_and_the_public_pages_tell_it(desk: Client, mornings: EventSeries) -> None:
    event = day(mornings)
    address = f"/desk/events/{event.pk}/who/"

    assert "Ketkä pääsevät mukaan" in desk.get(address).content.decode()
    refused = desk.post(address, {"mode": "members", "group": "", "step": "save"})
    assert refused.status_code == 422
    saved = desk.post(address, {"mode": "invitation", "group": "", "step": "save"})

    assert (saved.status_code, Quota.objects.get(event=event).mode) == (303, "invitation")
    for page in (
        f"/fi/tapahtumat/{mornings.slug}/",
        f"/fi/tapahtumat/{mornings.slug}/ilmoittaudu/",
        f"/fi/tapahtumat/{mornings.slug}/{event.slug}/",
    ):
        assert "Vain kutsulla" in Client().get(page).content.decode()
    availability = Client().get(f"/api/v1/series/{mornings.slug}/availability/").json()
    assert [row["mode"] for row in availability["events"]] == ["invitation", "open", "open", "open"]


def test_codes_are_made_shown_and_taken_back(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    actions.set_mode(event=event, mode=Quota.Mode.INVITATION, group=None, at=noon, actor=None)
    address = f"/desk/events/{event.pk}/invitations/"

    assert desk.post(f"{address}codes/", {"number": "0", "step": "save"}).status_code == 422
    assert desk.post(f"{address}codes/", {"number": "2", "step": "save"}).status_code == 303
    first, second = InvitationCode.objects.order_by("pk")
    shown = desk.get(address).content.decode()
    assert f"koodi={first.token}" in shown
    assert f"koodi={second.token}" in shown
    desk.post(f"/desk/invitations/{first.pk}/revoke/")
    again = desk.post(f"/desk/invitations/{first.pk}/revoke/", follow=True)

    assert "jo käytetty tai peruttu" in again.content.decode()
    assert first.token not in desk.get(address).content.decode()


def test_people_are_invited_after_a_page_that_tells_it_and_register_by_their_link(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    event = day(mornings)
    actions.set_mode(event=event, mode=Quota.Mode.INVITATION, group=None, at=noon, actor=None)
    address = f"/desk/events/{event.pk}/invitations/people/"

    wrong = desk.post(address, {"people": "Aino\naino@example.org", "language": "fi", "step": "preview"})
    assert (wrong.status_code, "Rivi 1:" in wrong.content.decode()) == (422, True)
    typed = {"people": f"Aino Esimerkki <{AINO.email}>", "language": "fi"}
    preview = desk.post(address, typed | {"step": "preview"})
    assert "1 henkilö saa kutsun" in preview.content.decode()
    assert not InvitationCode.objects.exists()
    assert desk.post(address, typed | {"step": "save"}).status_code == 303
    assert Message.objects.get().kind == "invited"

    code = InvitationCode.objects.get()
    form = f"/fi/tapahtumat/{mornings.slug}/ilmoittaudu/"
    guest = Client()
    page = guest.get(form, {"aamut": event.slug, "koodi": code.token}).content.decode()
    assert f'value="{code.token}"' in page
    person = {"events": [event.slug], "name": AINO.name, "email": AINO.email, "key": "a"}
    without = guest.post(form, person)
    assert (without.status_code, "id_code" in without.content.decode()) == (422, True)
    assert guest.post(form, person | {"code": code.token}).status_code == 303
    assert registration(AINO, event).state == "confirmed"
    assert AINO.name in desk.get(f"/desk/events/{event.pk}/invitations/").content.decode()


def test_a_group_is_made_edited_and_chosen(desk: Client, mornings: EventSeries) -> None:
    wrong = desk.post("/desk/groups/new/", {"name": "Verkosto", "members": "ei mitään", "step": "save"})
    assert (wrong.status_code, "Rivi 1:" in wrong.content.decode()) == (422, True)
    made = desk.post("/desk/groups/new/", {"name": "Verkosto", "members": "example.org", "step": "save"})
    assert made.status_code == 303
    group = MemberGroup.objects.get()
    assert "Verkosto" in desk.get("/desk/groups/").content.decode()
    address = f"/desk/groups/{group.pk}/"
    assert "example.org" in desk.get(address).content.decode()
    desk.post(address, {"name": "Verkosto", "members": "example.fi\nexample.org", "step": "save"})
    event = day(mornings)
    chosen = {"mode": "members", "group": str(group.pk), "step": "save"}
    desk.post(f"/desk/events/{event.pk}/who/", chosen)

    assert group.members.count() == 2
    assert Quota.objects.get(event=event).group == group


def test_several_are_decided_at_once_after_a_page_that_names_them(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    aino, veera, olli = applied(mornings, at=noon)
    address = f"/desk/events/{day(mornings).pk}/selection/"

    assert "Aino Esimerkki" in desk.get(address).content.decode()
    nobody = desk.post(address, {"to": "confirmed", "step": "preview"})
    assert (nobody.status_code, "Rastita ainakin yksi" in nobody.content.decode()) == (422, True)
    preview = desk.post(address, {"people": [aino, veera], "to": "confirmed", "step": "preview"})
    assert "2 hakijaa saa paikan" in preview.content.decode()
    assert set(Registration.objects.values_list("state", flat=True)) == {"received"}

    for step in ("preview", "save"):
        too_many = desk.post(address, {"people": [aino, veera, olli], "to": "confirmed", "step": step})
        assert (too_many.status_code, "vapaita paikkoja on 2" in too_many.content.decode()) == (422, True)
        too_early = desk.post(address, {"people": [olli], "to": "waiting", "step": step})
        assert (too_early.status_code, "Vapaita paikkoja on 2." in too_early.content.decode()) == (422, True)
    desk.post(address, {"people": [aino, veera], "to": "confirmed", "step": "save"})
    desk.post(address, {"people": [olli], "to": "waiting", "step": "save"})

    states = [registration(person, day(mornings)).state for person in (AINO, VEERA, OLLI)]
    assert states == ["confirmed", "confirmed", "waiting"]
    kinds = set(Message.objects.exclude(kind="reminder").values_list("kind", "state"))
    assert ("chosen", "queued") in kinds
    assert ("reserve", "queued") in kinds


def test_no_decision_is_suggested_and_none_is_made_without_one(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    aino, *_others = applied(mornings, at=noon)
    address = f"/desk/events/{day(mornings).pk}/selection/"

    assert '<option value="" selected>Valitse päätös</option>' in desk.get(address).content.decode()
    empty = desk.post(address, {"people": [aino], "to": "", "step": "preview"})

    assert (empty.status_code, "Valitse päätös." in text(empty)) == (422, True)
    assert registration(AINO, day(mornings)).state == "received"


def test_ordinary_answers_stand_beside_the_applicant_and_sealed_ones_never(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    event = day(mornings)
    actions.set_mode(event=event, mode=Quota.Mode.APPLICATION, group=None, at=noon, actor=None)
    actions.register(
        series=mornings,
        person=AINO,
        events=[event.slug],
        answers={"how": "on-the-spot", "why": "Haluan oppia", "diet": ["vegan"]},
        idempotency_key="aino",
        at=noon,
    )
    address = f"/desk/events/{event.pk}/selection/"

    without = text(desk.get(address))
    Membership.objects.update(sees_protected=True)
    with_right = text(desk.get(address))

    assert "how fi on-the-spot fi" in without
    assert "Haluan oppia" in without
    assert "vegan" not in without + with_right
    assert ["Ruokavalio ja esteettömyys" in one for one in (without, with_right)] == [False, True]


def test_a_long_list_of_applicants_comes_in_pages_and_asks_no_more(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    event = day(mornings)
    address = f"/desk/events/{event.pk}/selection/"
    asked = []
    for people in (4, 236):
        many.fill(mornings, people=people, at=noon, first=people)
        actions.set_mode(event=event, mode=Quota.Mode.APPLICATION, group=None, at=noon, actor=None)
        Registration.objects.filter(event=event).update(state="received", waiting_number=None)
        with CaptureQueriesContext(connection) as questions:
            first = desk.get(address)
        asked.append(len(questions))
    last = Registration.objects.filter(event=event, state="received").latest("pk")

    invitations.make([last], at=noon)  # those made up in bulk have no calendar entries
    second = desk.get(address, {"page": "2"})
    on_the_first = f'value="{last.pk}"' in first.content.decode()
    on_the_second = f'value="{last.pk}"' in second.content.decode()
    assert (on_the_first, on_the_second) == (False, True)
    assert "tällä listan sivulla" in text(second)
    body = {"people": [str(last.pk)], "to": "not_chosen"}
    assert last.attendee.name in text(desk.post(f"{address}?page=2", body | {"step": "preview"}))
    decided = desk.post(f"{address}?page=2", body | {"step": "save"})
    last.refresh_from_db()

    assert (decided["Location"], last.state) == (f"{address}?page=2", "not_chosen")
    for wrong in ("x", "²", "9" * 30, "0", str(registration_elsewhere(mornings))):
        refused = desk.post(address, {"people": [wrong], "to": "not_chosen", "step": "save"})
        assert refused.status_code == 422
    assert asked[1] <= asked[0] + 1  # one line is read as a whole rather than person by person


def registration_elsewhere(series: EventSeries) -> int:
    return Registration.objects.exclude(event=day(series)).latest("pk").pk


def test_an_applicant_sees_where_the_application_stands(mornings: EventSeries, noon: datetime) -> None:
    applied(mornings, at=noon)
    page = Client().get(f"/r/{attendee(AINO).token}/").content.decode()

    assert "Hakemus vastaanotettu, päätös tulossa" in page


def test_the_receipt_says_what_an_application_is(mornings: EventSeries, noon: datetime) -> None:
    applied(mornings, at=noon)
    guest = Client()
    person = {"events": [day(mornings).slug], "name": "Uusi", "email": "uusi@example.org", "key": "u"}
    sent = guest.post(f"/fi/tapahtumat/{mornings.slug}/ilmoittaudu/", person)
    receipt = guest.get(sent.headers["Location"])

    assert "Hakemus: järjestäjä päättää myöhemmin" in receipt.content.decode()


def test_a_program_sets_the_mode_and_decides(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    address = f"/api/v1/organiser/events/{event.pk}"
    set_ = desk.put(f"{address}/mode/", {"mode": "application"}, content_type="application/json")
    assert (set_.status_code, set_.json()) == (200, {"mode": "application", "group": None})
    sign_up(mornings, AINO, 0, at=noon)
    key = registration(AINO, event).pk
    decision = {"registrations": [key], "to": "confirmed"}

    decided = desk.post(f"{address}/decisions/", decision, content_type="application/json")
    again = desk.post(f"{address}/decisions/", decision, content_type="application/json")

    assert [row["state"] for row in decided.json()] == ["confirmed"]
    assert (again.status_code, again.json()["code"]) == (422, "undecided")
