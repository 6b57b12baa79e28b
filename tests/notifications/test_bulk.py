"""Many rows in one statement are the rows that Django would have written one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backend.core import bulk
from notifications import outbox
from notifications.models import Message
from tests.notifications import letters

WORDS = 'Ääni "lainausmerkeissä", kenoviiva \\n, rivin\nvaihto, %s, 🙂 ja \u2028'


def _unsaved(message: Message, **other: object) -> dict[str, object]:
    values = dict(Message.objects.values().get(pk=message.pk))
    del values["id"]
    return values | other


@pytest.mark.django_db
def test_every_kind_of_value_comes_out_as_it_went_in(noon: datetime) -> None:
    draft = replace(letters.invitation(), context={"words": WORDS, "rows": [{"a": None}, True, 2, 0.5]})
    late = replace(draft, occasion="late", not_after=noon + timedelta(days=1, microseconds=7))
    for message in outbox.queue_many([draft, late], at=noon):
        [number] = bulk.insert(
            Message.objects, [_unsaved(message, dedupe_key="new")], unique="dedupe_key"
        ).values()

        kept = Message.objects.filter(pk=number)
        assert _unsaved(kept.get(), dedupe_key=message.dedupe_key) == _unsaved(message)
        kept.delete()


@pytest.mark.django_db
def test_a_row_that_is_there_stays_as_it_is_and_tells_its_number(noon: datetime) -> None:
    known = outbox.queue(letters.note(), at=noon)
    asked = [_unsaved(known, dedupe_key="new"), _unsaved(known, recipient="aino@example.org")]

    numbers = bulk.insert(Message.objects, asked, unique="dedupe_key")

    known.refresh_from_db()
    assert (numbers[known.dedupe_key], known.recipient) == (known.pk, letters.note().recipient)
    assert Message.objects.get(pk=numbers["new"]).dedupe_key == "new"


@pytest.mark.django_db
def test_without_anything_to_tell_them_apart_all_are_new(noon: datetime) -> None:
    known = outbox.queue(letters.note(), at=noon)

    assert bulk.insert(Message.objects, [_unsaved(known, dedupe_key=key) for key in "ab"]) == {}

    assert set(Message.objects.values_list("dedupe_key", flat=True)) == {known.dedupe_key, "a", "b"}
    assert bulk.insert(Message.objects, []) == {}


@pytest.mark.django_db
def test_what_a_row_does_not_name_has_its_default(noon: datetime) -> None:
    row = _unsaved(outbox.queue(letters.note(), at=noon), dedupe_key="new")
    del row["state"], row["attempts_made"], row["lease_until"], row["links"]

    [number] = bulk.insert(Message.objects, [row], unique="dedupe_key").values()

    kept = Message.objects.get(pk=number)
    assert (kept.state, kept.attempts_made, kept.lease_until, kept.links) == (
        Message.State.QUEUED,
        0,
        None,
        {},
    )


@pytest.mark.django_db
@pytest.mark.parametrize("odd", [datetime(2027, 3, 1, tzinfo=UTC), {1, 2}])
def test_facts_that_are_no_json_are_refused(odd: object, noon: datetime) -> None:
    row = _unsaved(outbox.queue(letters.note(), at=noon), dedupe_key="odd", context={"what": odd})

    with pytest.raises(TypeError):
        bulk.insert(Message.objects, [row])
