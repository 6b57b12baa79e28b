"""What other systems are told of a series: each state of each registration, once, in the same transaction."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, Organisation, User
from backend.core.i18n import Text
from events.actions import add_session, cancel_event, edit_event, move_event, release_programme
from events.models import EventSeries, Session
from notifications.endpoints.facts import all_kinds
from notifications.models import Endpoint, EndpointDelivery, Message
from notifications.signals import MessageCameBack, message_came_back
from registrations import actions, rules
from registrations.actions.endpoints import add_endpoint
from registrations.models import Quota, Registration
from tests import factories
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, registration, sign_up, somebody

pytestmark = pytest.mark.django_db
API = "/api/v1/organiser/webhooks/"
URL = "https://crm.example.org/vipu"


@pytest.fixture
def olli(demos: Organisation) -> User:
    return factories.organiser(demos, email="jarjestaja@example.org")


@pytest.fixture
def listening(mornings: EventSeries, olli: User, noon: datetime) -> EventSeries:
    listen(mornings, olli, at=noon)
    return mornings


def listen(series: EventSeries, actor: User, *, at: datetime, with_people: bool = False) -> Endpoint:
    return add_endpoint(
        series=series,
        name="CRM",
        url=URL,
        kinds=all_kinds(),
        with_people=with_people,
        at=at,
        actor=actor,
    ).endpoint


def kinds() -> list[str]:
    """Take what was told since the last look, in order."""
    rows = EndpointDelivery.objects.order_by("pk")
    found = [kind.removeprefix("registration.") for kind in rows.values_list("kind", flat=True)]
    rows.delete()
    return found


def test_whoever_registers_waits_comes_up_and_cancels_is_told(listening: EventSeries, noon: datetime) -> None:
    for person in (AINO, VEERA, OLLI):
        sign_up(listening, person, 0, at=noon)
    assert kinds() == ["confirmed", "confirmed", "waiting"]
    row = registration(AINO, day(listening))
    actions.cancel(registration=row, by=Registration.CancelledBy.ORGANISER, at=noon)
    assert kinds() == ["cancelled", "confirmed"]


def test_an_offer_is_told_and_what_becomes_of_it(listening: EventSeries, noon: datetime) -> None:
    Quota.objects.update(promotion=Quota.Promotion.OFFER)
    for person in (AINO, VEERA, OLLI, somebody(9)):
        sign_up(listening, person, 0, at=noon)
    kinds()
    by = Registration.CancelledBy.ORGANISER
    actions.cancel(registration=registration(AINO, day(listening)), by=by, at=noon)
    assert kinds() == ["cancelled", "offered"]
    actions.decline(attendee=attendee(OLLI), event=day(listening), at=noon)
    assert kinds() == ["declined", "offered"]
    actions.accept(attendee=attendee(somebody(9)), event=day(listening), at=noon)
    assert kinds() == ["confirmed"]


def test_a_place_given_to_a_colleague_is_two_pieces_of_news(listening: EventSeries, noon: datetime) -> None:
    sign_up(listening, AINO, 0, at=noon)
    kinds()
    actions.give_place(attendee=attendee(AINO), event=day(listening), to=OLLI, at=noon)
    told = list(EndpointDelivery.objects.order_by("pk").values_list("kind", "payload__data__cancelled_by"))
    assert told == [("registration.cancelled", "transfer"), ("registration.confirmed", "")]


def test_an_applicant_is_news_once_decided(listening: EventSeries, noon: datetime) -> None:
    Quota.objects.update(mode=Quota.Mode.APPLICATION)
    sign_up(listening, AINO, 0, at=noon)
    assert kinds() == []
    keys = [registration(AINO, day(listening)).pk]
    actions.decide(event=day(listening), registrations=keys, to="confirmed", at=noon, actor=None)
    assert kinds() == ["confirmed"]


def test_an_event_that_moves_changes_or_is_called_off_is_told(
    listening: EventSeries, olli: User, noon: datetime
) -> None:
    event = day(listening)
    start = event.starts_at + timedelta(hours=1)
    move_event(event=event, starts_at=start, ends_at=start + timedelta(hours=1), at=noon, actor=olli)
    moved = EndpointDelivery.objects.get().payload["data"]
    assert (moved["moved"], moved["event"]["starts_at"]) == (True, "2027-04-13T06:30:00Z")
    assert kinds() == ["event.changed"]
    edit_event(event=event, join_url="https://video.example.org/9", at=noon, actor=olli)
    assert kinds() == []  # the link is for those who come
    talk = Session.Kind.TALK
    add_session(event=event, kind=talk, title=Text("Osuus"), minutes=9, speakers=[], at=noon, actor=olli)
    release_programme(event=event, notify=False, at=noon, actor=olli)
    assert kinds() == ["programme.released"]
    sign_up(listening, AINO, 0, at=noon)
    kinds()
    cancel_event(event=event, reason=Text("Sairaus"), at=noon, actor=olli)
    assert sorted(kinds()) == ["cancelled", "event.cancelled"]


def test_names_are_told_only_where_the_organiser_chose_it(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    listen(mornings, olli, at=noon)
    listen(mornings, olli, at=noon, with_people=True)
    sign_up(mornings, AINO, 0, at=noon)
    plain, personal = EndpointDelivery.objects.order_by("pk")
    assert "Aino" not in str(plain.payload)
    assert "aino@" not in str(plain.payload)
    assert personal.payload["data"]["person"]["email"] == AINO.email
    assert personal.subject == f"attendee:{attendee(AINO).pk}"


def test_where_nobody_listens_a_registration_costs_one_look_more(
    mornings: EventSeries, noon: datetime
) -> None:
    with CaptureQueriesContext(connection) as asked:
        sign_up(mornings, AINO, 0, 1, 2, 3, at=noon)
    looks = [one for one in asked if "endpoint" in one["sql"]]
    assert len(looks) == 1
    assert not EndpointDelivery.objects.exists()


def test_a_registration_that_is_refused_is_told_to_nobody(listening: EventSeries, noon: datetime) -> None:
    Quota.objects.update(has_waiting_list=False, capacity=0, hard_cap=0)
    with pytest.raises(rules.FullyBooked):
        sign_up(listening, AINO, 0, at=noon)
    assert kinds() == []


def test_a_message_that_comes_back_is_told_of_its_event_or_series(
    listening: EventSeries, noon: datetime
) -> None:
    sign_up(listening, AINO, 0, at=noon)
    kinds()
    message = Message.objects.filter(audience__startswith="event:").earliest("pk")
    fact = MessageCameBack(message.pk, state="bounced_hard", at=noon)
    message_came_back.send(sender=Message, fact=fact)
    assert EndpointDelivery.objects.get().payload["data"]["state"] == "bounced_hard"
    assert AINO.email not in str(EndpointDelivery.objects.get().payload)
    Message.objects.filter(pk=message.pk).update(audience=f"series:{listening.pk}")
    message_came_back.send(sender=Message, fact=fact)
    assert kinds() == ["message.bounced", "message.bounced"]
    Message.objects.filter(pk=message.pk).update(audience="event:999")
    message_came_back.send(sender=Message, fact=fact)
    assert kinds() == []


class TestTheApi:
    """Programs add webhooks and look after them."""

    @pytest.fixture(autouse=True)
    def _now(self, noon: datetime) -> Iterator[None]:
        with time_machine.travel(noon, tick=False):
            yield

    @pytest.fixture
    def client(self, olli: User) -> Client:
        client = Client()
        client.force_login(olli)
        return client

    def body(self, series: EventSeries, **more: object) -> dict[str, object]:
        return {"series": series.slug, "name": "CRM", "url": URL, "kinds": ["event.changed"], **more}

    def test_one_is_added_tried_changed_and_removed(self, client: Client, mornings: EventSeries) -> None:
        made = client.post(API, self.body(mornings), content_type="application/json")
        assert made.status_code == 201
        assert made.json()["secret"].startswith("whsec_")
        own = f"{API}{made.json()['endpoint']['id']}/"
        assert "secret" not in client.get(own).json()
        listed = client.get(API, {"series": mornings.slug}).json()
        assert [one["name"] for one in listed["webhooks"]] == ["CRM"]
        assert "registration.confirmed" in listed["kinds"]
        assert client.post(f"{own}secret/").json()["secret"] != made.json()["secret"]
        ping = client.post(f"{own}ping/")
        assert (ping.status_code, ping.json()["kind"]) == (202, "endpoint.ping")
        EndpointDelivery.objects.update(state="failed")
        log = client.get(f"{own}deliveries/").json()["results"]
        assert [one["state"] for one in log] == ["failed"]
        again = client.post(f"{own}replay/", {"delivery": log[0]["id"]}, content_type="application/json")
        assert again.json() == {"replayed": 1}
        nothing = client.post(f"{own}replay/", {}, content_type="application/json")
        assert (nothing.status_code, nothing.json()["code"]) == (422, "endpoint-refused")
        off = client.patch(own, {"active": False}, content_type="application/json")
        assert (off.json()["active"], off.json()["off"]) == (False, "person")
        assert client.patch(own, {"active": True}, content_type="application/json").json()["active"]
        assert client.delete(own).status_code == 204
        assert client.get(own).status_code == 404
        deeds = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
        assert deeds == [
            f"endpoint.{what}" for what in ("made", "rolled", "replayed", "off", "on", "removed")
        ]

    def test_an_address_within_our_walls_is_refused_beside_its_field(
        self, client: Client, mornings: EventSeries
    ) -> None:
        bad = self.body(mornings, url="https://169.254.169.254/latest/")
        answer = client.post(API, bad, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "endpoint-address")
        assert list(answer.json()["errors"]) == ["url"]

    def test_another_organisations_webhooks_do_not_exist(
        self, mornings: EventSeries, olli: User, noon: datetime
    ) -> None:
        endpoint = listen(mornings, olli, at=noon)
        stranger = Client()
        stranger.force_login(
            factories.organiser(factories.organisation("toinen"), email="toinen@example.org")
        )
        assert stranger.get(f"{API}{endpoint.pk}/").status_code == 404
        assert stranger.get(API, {"series": mornings.slug}).status_code == 404
        assert stranger.get(f"{API}999/").status_code == 404
