from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import AuditEvent, User
from backend.core.errors import Refusal
from backend.core.i18n import Text
from events import actions, rules
from events.models import Event, EventSeries
from events.queries import released_programme
from events.signals import EventCancelled, EventChanged, event_cancelled
from tests.events.conftest import Audited

OLD = (datetime(2027, 4, 13, 5, 30, tzinfo=UTC), datetime(2027, 4, 13, 7, 0, tzinfo=UTC))
NEW = (datetime(2027, 4, 20, 6, 0, tzinfo=UTC), datetime(2027, 4, 20, 7, 30, tzinfo=UTC))


def changed(event: Event, at: datetime, **what: bool) -> EventChanged:
    told = {"moved": False, "place_changed": False, "title_changed": False, "link_only": False} | what
    return EventChanged(event_id=event.pk, at=at, old_starts_at=OLD[0], old_ends_at=OLD[1], **told)


def test_moving_keeps_the_start_people_knew_and_tells_once(
    morning: Event, olli: User, noon: datetime, announced: list[Any], audited: Audited
) -> None:
    actions.move_event(event=morning, starts_at=NEW[0], ends_at=NEW[1], at=noon, actor=olli)

    morning.refresh_from_db()
    assert (morning.starts_at, morning.ends_at, morning.moved_from) == (*NEW, OLD[0])
    assert (morning.sequence, morning.changed_at) == (1, noon)
    assert announced == [changed(morning, noon, moved=True)]
    assert audited() == [
        ("event.edited", f"event:{morning.pk}", {"fields": ["ends_at", "moved_from", "starts_at"]})
    ]


def test_moved_and_renamed_and_elsewhere_in_one_save_is_told_once(
    morning: Event, olli: User, noon: datetime, announced: list[Any]
) -> None:
    actions.edit_event(
        event=morning,
        title=Text("Lähiluonto", "Närnatur", "Nearby nature"),
        place=Text("Kirjasto"),
        mode="hybrid",
        starts_at=NEW[0],
        ends_at=NEW[1],
        at=noon,
        actor=olli,
    )

    assert announced == [changed(morning, noon, moved=True, place_changed=True, title_changed=True)]
    assert morning.sequence == 1


def test_a_new_joining_link_is_a_new_place(
    morning: Event, olli: User, noon: datetime, announced: list[Any]
) -> None:
    actions.edit_event(event=morning, join_url="https://example.org/kokous", at=noon, actor=olli)

    assert announced == [changed(morning, noon, place_changed=True, link_only=True)]


def test_a_later_end_alone_is_a_move_that_keeps_the_known_start(
    morning: Event, olli: User, noon: datetime, announced: list[Any]
) -> None:
    actions.edit_event(event=morning, ends_at=OLD[1] + timedelta(minutes=30), at=noon, actor=olli)

    assert (morning.starts_at, morning.moved_from) == (OLD[0], None)
    assert announced == [changed(morning, noon, moved=True)]


def test_a_corrected_text_gets_a_new_stamp_and_disturbs_nobody(
    morning: Event, olli: User, noon: datetime, announced: list[Any]
) -> None:
    actions.edit_event(
        event=morning,
        description=Text("Kahvia ja lähiluontoa."),
        link_policy="day_before",
        language="sv",
        kind="webinar",
        accent="nature",
        at=noon,
        actor=olli,
    )

    morning.refresh_from_db()
    assert (morning.description.fi, morning.link_policy, morning.language, morning.kind, morning.accent) == (
        "Kahvia ja lähiluontoa.",
        "day_before",
        "sv",
        "webinar",
        "nature",
    )
    assert (announced, morning.sequence, morning.changed_at) == ([], 0, noon)


def test_saving_what_is_already_so_does_nothing(
    morning: Event, olli: User, noon: datetime, announced: list[Any], audited: Audited
) -> None:
    actions.edit_event(
        event=morning, title=morning.title, starts_at=OLD[0], ends_at=OLD[1], at=noon, actor=olli
    )

    assert (announced, audited(), morning.sequence) == ([], [], 0)


def test_nobody_knew_the_start_of_a_draft(morning: Event, olli: User, noon: datetime) -> None:
    Event.objects.update(state=Event.State.DRAFT)

    actions.move_event(event=morning, starts_at=NEW[0], ends_at=NEW[1], at=noon, actor=olli)

    assert morning.moved_from is None


def test_the_programme_and_what_people_see_of_it_move_along(
    morning: Event, olli: User, noon: datetime
) -> None:
    opening = actions.add_session(
        event=morning, title=Text("Avaus"), starts_at=OLD[0], ends_at=None, minutes=10, at=noon, actor=olli
    )
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)
    hidden = actions.add_session(event=morning, title=Text("Vielä salassa"), at=noon, actor=olli)

    actions.move_event(event=morning, starts_at=NEW[0], ends_at=NEW[1], at=noon, actor=olli)

    opening.refresh_from_db()
    hidden.refresh_from_db()
    released = released_programme(morning)
    assert released is not None
    assert (opening.starts_at, hidden.starts_at) == (NEW[0], None)
    assert [(item.title.fi, item.starts_at) for item in released.items] == [("Avaus", NEW[0])]
    assert [(change.kind, change.old_starts_at, change.starts_at) for change in released.changes] == [
        ("event_moved", OLD[0], NEW[0])
    ]
    assert released.number == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_at": OLD[0]}, "ends_at"),
        ({"starts_at": OLD[1]}, "ends_at"),
        ({"title": Text()}, "title.fi"),
        ({"place": Text("Kirj\x1basto")}, "place.fi"),
        ({"join_url": "kokous"}, "join_url"),
        ({"mode": "by_post"}, "mode"),
        ({"description": Text("x" * 4001)}, "description.fi"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_half_written(
    given: dict[str, Any], field: str, morning: Event, olli: User, noon: datetime, announced: list[Any]
) -> None:
    with pytest.raises(rules.NeedsCorrecting) as refused:
        actions.edit_event(event=morning, at=noon, actor=olli, **({"accent": "nature"} | given))

    assert list(refused.value.fields) == [field]
    assert announced == []
    assert Event.objects.get(pk=morning.pk).accent == ""


def test_cancelling_tells_why_and_whom_it_concerns(
    morning: Event, olli: User, noon: datetime, announced: list[Any], audited: Audited
) -> None:
    reason = Text("Puhuja on sairaana.", "Talaren är sjuk.", "The speaker is ill.")

    actions.cancel_event(event=morning, reason=reason, at=noon, actor=olli)

    morning.refresh_from_db()
    assert (morning.state, morning.cancel_reason, morning.sequence) == ("cancelled", reason, 1)
    assert announced == [EventCancelled(event_id=morning.pk, at=noon)]
    assert audited() == [("event.cancelled", f"event:{morning.pk}", {})]
    assert AuditEvent.objects.get().reason == "Puhuja on sairaana."


def test_a_cancelled_event_cannot_be_changed_or_cancelled_again(
    morning: Event, olli: User, noon: datetime, announced: list[Any]
) -> None:
    actions.cancel_event(event=morning, reason=Text(), at=noon, actor=olli)

    codes = []
    for attempt in (
        lambda: actions.cancel_event(event=morning, reason=Text(), at=noon, actor=olli),
        lambda: actions.edit_event(event=morning, title=Text("Toinen"), at=noon, actor=olli),
        lambda: actions.release_programme(event=morning, notify=True, at=noon, actor=olli),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        codes.append((refused.value.code, refused.value.status))

    assert codes == [("event-cancelled", 409)] * 3
    assert len(announced) == 1


def test_a_draft_is_not_called_off(morning: Event, olli: User, noon: datetime) -> None:
    Event.objects.update(state=Event.State.DRAFT)

    with pytest.raises(Refusal) as refused:
        actions.cancel_event(event=morning, reason=Text(), at=noon, actor=olli)

    assert refused.value.code == "event-not-published"


def test_a_deed_fails_when_a_listener_fails(
    morning: Event, mornings: EventSeries, olli: User, noon: datetime
) -> None:
    def fail(**_kwargs: object) -> None:
        raise RuntimeError

    event_cancelled.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            actions.cancel_event(event=morning, reason=Text(), at=noon, actor=olli)
    finally:
        event_cancelled.disconnect(fail)

    assert Event.objects.get(pk=morning.pk).state == "published"
    assert AuditEvent.objects.count() == 0
