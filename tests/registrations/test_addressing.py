"""Another address: asked for by the link, confirmed by the one who reads it, and told to the old one."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Organisation
from backend.core.errors import Gone, NotFound
from events.models import EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import (
    ask_new_address,
    cancel_all,
    confirm_new_address,
    decide,
    set_capacity,
    set_line_terms,
    set_mode,
)
from registrations.actions.addressing import forget_asked_addresses
from registrations.models import Attendee, CalendarEntry, EmailChange, Quota, Registration
from registrations.queries import attendee_by_token, new_address_by_token, waiting_address
from tests import factories
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    entry,
    registration,
    reminded,
    sign_up,
    states,
    told,
)

NEW = "aino.uusi@example.org"


def _mails(address: str) -> list[str]:
    rows = Message.objects.filter(recipient=address).exclude(state="cancelled").exclude(kind="reminder")
    return list(rows.order_by("pk").values_list("kind", flat=True))


def _moved(at: datetime, address: str = NEW) -> Attendee:
    return confirm_new_address(change=ask_new_address(attendee=attendee(AINO), email=address, at=at), at=at)


def test_nothing_changes_before_the_new_address_has_answered(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    asked = ask_new_address(attendee=attendee(AINO), email=f" {NEW} ", at=noon)

    message = Message.objects.get(kind="new_address")
    assert (message.recipient, message.not_after) == (NEW, noon + timedelta(hours=24))
    assert message.links["confirm"] == {
        "purpose": "new-address",
        "seed": asked.link_seed,
        "path": "/e/{token}/",
    }
    assert attendee(AINO).email == AINO.email
    assert waiting_address(attendee(AINO), at=noon) == asked


def test_a_confirmed_address_gets_the_invitation_anew_with_the_same_entry(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    before = CalendarEntry.objects.get()
    all_sent()

    moved = _moved(noon)

    assert (moved.email, moved.email_key) == (NEW, NEW)
    message = Message.objects.get(recipient=NEW, kind="confirmation")
    invited = entry(message)
    assert (invited["METHOD"], invited["UID"], invited["SEQUENCE"]) == ("REQUEST", before.uid, "0")
    assert f"mailto:{NEW}" in message.calendar.replace("\r\n ", "")
    assert _mails(NEW) == ["new_address", "confirmation"]
    assert _mails(AINO.email) == ["confirmation", "address_changed"]
    assert reminded(mornings) == [NEW]
    assert Message.objects.get(kind="address_changed").context["by_organiser"] is False


def test_the_old_links_open_nothing_any_more(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    old = attendee(AINO)

    moved = _moved(noon)

    with pytest.raises(NotFound):
        attendee_by_token(old.token, at=noon)
    assert attendee_by_token(moved.token, at=noon) == old
    assert len({old.feed_hash, old.ticket_hash, moved.feed_hash, moved.ticket_hash}) == 4
    assert Message.objects.get(recipient=NEW, kind="confirmation").links["manage"]["seed"] == moved.link_seed


def test_what_has_not_left_for_the_old_address_never_goes_there(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, AINO, 0, at=noon, key="again")

    _moved(noon)

    assert told(AINO) == [
        ("confirmation", "cancelled"),
        ("manage_link", "cancelled"),
        ("address_changed", "queued"),
    ]


def test_pressing_twice_changes_nothing_more(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    asked = ask_new_address(attendee=attendee(AINO), email=NEW, at=noon)
    first = confirm_new_address(change=asked, at=noon)
    count = Message.objects.count()

    again = confirm_new_address(
        change=new_address_by_token(asked.token, at=noon + timedelta(days=3)), at=noon
    )

    assert (again.link_hash, Message.objects.count()) == (first.link_hash, count)


def test_asking_again_ends_the_earlier_link(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    first = ask_new_address(attendee=attendee(AINO), email="vaara@example.org", at=noon)

    second = ask_new_address(attendee=attendee(AINO), email=NEW, at=noon)

    with pytest.raises(Gone):
        new_address_by_token(first.token, at=noon)
    with pytest.raises(Gone):
        confirm_new_address(change=first, at=noon)
    assert new_address_by_token(second.token, at=noon) == second
    assert [row.state for row in Message.objects.filter(kind="new_address").order_by("pk")] == [
        "cancelled",
        "queued",
    ]


def test_the_link_runs_out_after_a_day(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    asked = ask_new_address(attendee=attendee(AINO), email=NEW, at=noon)

    with pytest.raises(Gone):
        confirm_new_address(change=asked, at=noon + timedelta(hours=24))

    assert attendee(AINO).email == AINO.email
    assert waiting_address(attendee(AINO), at=noon + timedelta(hours=24)) is None
    with pytest.raises(NotFound):
        new_address_by_token("nobody's", at=noon)


@pytest.mark.parametrize(
    "typed", ["", "aino", "a b@example.org", "x" * 300 + "@example.org", "a\x00@example.org"]
)
def test_what_is_no_address_is_refused_beside_its_field(
    mornings: EventSeries, noon: datetime, typed: str
) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    with pytest.raises(rules.Invalid) as refused:
        ask_new_address(attendee=attendee(AINO), email=typed, at=noon)

    assert list(refused.value.fields) == ["email"]
    assert not EmailChange.objects.exists()


def test_the_address_of_now_is_no_new_one_but_another_spelling_is(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    with pytest.raises(rules.Invalid):
        ask_new_address(attendee=attendee(AINO), email=AINO.email, at=noon)

    moved = _moved(noon, "Aino@example.org")

    assert (moved.email, moved.email_key) == ("Aino@example.org", AINO.email)


def test_somebody_elses_address_is_answered_alike_and_only_its_owner_learns_of_it(
    mornings: EventSeries, noon: datetime
) -> None:
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)

    asked = ask_new_address(attendee=attendee(AINO), email="VEERA@example.org", at=noon)

    assert (asked.email, asked.expires_at) == ("VEERA@example.org", noon + timedelta(hours=24))
    message = Message.objects.get(kind="address_in_use")
    assert (message.recipient, message.language) == (VEERA.email, "sv")
    assert not Message.objects.filter(kind="new_address").exists()
    assert waiting_address(attendee(AINO), at=noon) == asked


def test_an_address_taken_meanwhile_is_refused_when_the_button_is_pressed(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    asked = ask_new_address(attendee=attendee(AINO), email=OLLI.email, at=noon)
    sign_up(mornings, OLLI, 0, at=noon)
    count = Message.objects.count()

    with pytest.raises(rules.AddressTaken, match=r"aamukahvit@example\.org"):
        confirm_new_address(change=asked, at=noon)

    assert (attendee(AINO).email, Message.objects.count()) == (AINO.email, count)
    assert EmailChange.objects.get().confirmed_at is None


def test_the_same_address_in_another_series_is_free(
    mornings: EventSeries, demos: Organisation, noon: datetime
) -> None:
    other = factories.four_mornings(organisation=demos, slug="toiset")
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(other, OLLI, 0, at=noon)

    assert _moved(noon, OLLI.email).series == mornings


def test_everybody_is_told_where_they_stand(mornings: EventSeries, noon: datetime) -> None:
    """A place, a place in line, an offer, an application, a shortlist, a reserve: each in its own mail."""
    waiting, offering, applying, listing = (day(mornings, number) for number in range(4))
    for event in (waiting, offering, listing):
        set_capacity(event=event, capacity=0, at=noon, actor=None)
    set_line_terms(
        event=offering,
        promotion="offer",
        offer_hours=24,
        offer_in_working_hours=False,
        offer_cutoff_hours=2,
        at=noon,
        actor=None,
    )
    for event in (applying, listing):
        set_mode(event=event, mode=Quota.Mode.APPLICATION, group=None, at=noon, actor=None)
    sign_up(mornings, AINO, 0, 1, 2, 3, at=noon)
    set_capacity(event=offering, capacity=1, at=noon, actor=None)
    decide(
        event=listing, registrations=[registration(AINO, listing).pk], to="shortlisted", at=noon, actor=None
    )
    assert states(AINO) == ["waiting", "offered", "received", "shortlisted"]
    all_sent()

    moved = _moved(noon)

    assert _mails(NEW) == ["new_address", "waiting", "application_received", "offer", "shortlisted"]
    offer = Message.objects.get(recipient=NEW, kind="offer")
    assert offer.links["answer"]["seed"] == moved.link_seed
    all_sent()
    decide(event=listing, registrations=[registration_of(moved, 3).pk], to="waiting", at=noon, actor=None)
    all_sent()
    again = ask_new_address(attendee=moved, email="kolmas@example.org", at=noon)
    confirm_new_address(change=again, at=noon)
    assert _mails("kolmas@example.org")[-1] == "reserve"


def registration_of(one: Attendee, number: int) -> Registration:
    return Registration.objects.get(attendee=one, event=day(one.series, number))


def test_whoever_has_no_places_gets_the_new_link(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    cancel_all(attendee=attendee(AINO), at=noon)
    all_sent()

    moved = _moved(noon)

    assert _mails(NEW) == ["new_address", "manage_link"]
    assert Message.objects.get(kind="manage_link").links["manage"]["seed"] == moved.link_seed


def test_an_event_that_is_over_is_not_confirmed_again(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    all_sent()

    _moved(day(mornings).ends_at)

    assert _mails(NEW) == ["new_address", "manage_link"]


def test_asked_addresses_are_forgotten_after_a_week(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    ask_new_address(attendee=attendee(AINO), email=NEW, at=noon)

    assert forget_asked_addresses(at=noon + timedelta(days=7)) == 0
    assert forget_asked_addresses(at=noon + timedelta(days=8)) == 1
