"""What was told to whom, and whether it arrived; the same seen by the start-up checks and the admin."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.contrib import admin
from django.core.checks import run_checks
from django.test import RequestFactory
from django.utils import timezone, translation
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from notifications import checks, kinds, outbox, queries, tasks
from notifications.models import Heartbeat, Message, MessageEvent, Suppression
from tests.notifications import letters

pytestmark = pytest.mark.django_db


def test_the_newest_message_about_each_subject(noon: datetime) -> None:
    outbox.queue(letters.invitation(1), at=noon)
    newest = outbox.queue(letters.invitation(1, version=2), at=noon)
    other = outbox.queue(letters.invitation(2), at=noon)

    assert queries.latest_for(["registration:1", "registration:2", "registration:3"], at=noon) == {
        "registration:1": newest,
        "registration:2": other,
    }


def test_a_reminder_for_later_says_nothing_of_what_was_told_but_a_second_try_does(noon: datetime) -> None:
    told = outbox.queue(letters.invitation(1), at=noon)
    outbox.queue(replace(letters.note(1), subject="registration:1"), at=noon + timedelta(days=1))
    tried = outbox.queue(letters.invitation(2), at=noon + timedelta(minutes=2))
    Message.objects.filter(pk=tried.pk).update(state="retry_wait")

    newest = queries.latest_for(["registration:1", "registration:2"], at=noon)

    assert newest == {"registration:1": told, "registration:2": tried}


def test_the_timeline_reads_events_in_one_more_query(
    noon: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = outbox.queue(letters.invitation(1), at=noon)
    second = outbox.queue(letters.invitation(1, version=2), at=noon)
    MessageEvent.objects.create(message=first, at=noon, state="accepted", note="250")

    with django_assert_num_queries(2):
        lines = [(m, [(e.state, e.note) for e in m.events.all()]) for m in queries.timeline("registration:1")]

    assert lines == [(first, [("accepted", "250")]), (second, [])]


def test_counts_and_troubles_of_an_audience(noon: datetime) -> None:
    rows = outbox.queue_many([letters.note(n) for n in range(5)], at=noon)
    for row, state in zip(rows, ["accepted", "failed", "uncertain", "suppressed", "queued"], strict=True):
        Message.objects.filter(pk=row.pk).update(state=state)

    assert queries.counts_for("series:1") == {
        Message.State.ACCEPTED: 1,
        Message.State.FAILED: 1,
        Message.State.UNCERTAIN: 1,
        Message.State.SUPPRESSED: 1,
        Message.State.QUEUED: 1,
    }
    assert set(queries.troubled(audience="series:1")) == {rows[1], rows[2], rows[3]}
    assert set(queries.troubled()) == {rows[1], rows[2], rows[3]}
    assert queries.troubled(audience="series:2").count() == 0
    assert list(queries.for_audience("series:1")) == rows[::-1]
    assert queries.states_of([rows[0].pk, rows[4].pk]) == [rows[0], rows[4]]


def test_the_age_of_the_oldest_due_message(noon: datetime) -> None:
    assert queries.oldest_due(noon) is None
    outbox.queue(letters.note(1), at=noon - timedelta(minutes=3))
    outbox.queue(letters.invitation(1), at=noon + timedelta(minutes=3))

    assert queries.oldest_due(noon) == timedelta(minutes=3)
    assert queries.lanes_due(at=noon) == ["bulk"]


def test_the_start_names_the_transport_and_every_missing_wording(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "_kinds", {"test_note": letters.NOTE})
    assert [(check.id, check.msg) for check in run_checks(tags=["notifications"])] == [
        ("notifications.I001", "mailbox: full calendar invitations (layout A)")
    ]

    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.brevo.EmailBackend"}}
    monkeypatch.setattr(kinds, "_kinds", {"x": replace(letters.NOTE, key="x", template="letters/bad")})

    assert {(check.id, check.msg) for check in run_checks(tags=["notifications"])} == {
        (
            "notifications.W001",
            "brevo: calendar invitations as an attached file only (layout B, without the method parameter)",
        ),
        ("notifications.W003", "Nobody hears what brevo tells: no secret is set."),
        ("notifications.E001", "The message kind 'x' has no wording letters/bad.sv.md."),
        ("notifications.E001", "The message kind 'x' has no wording letters/bad.en.md."),
    }
    assert checks.missing_wordings() == [("x", "letters/bad.sv.md"), ("x", "letters/bad.en.md")]


@pytest.mark.parametrize("model", [Message, Suppression, Heartbeat])
def test_nobody_edits_the_ledger(model: type[Message], rf: RequestFactory) -> None:
    page = admin.site.get_model_admin(model)
    request = rf.get("/")

    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)


def test_a_worker_sends_what_waits_and_sweeps_what_broke_off() -> None:
    past = timezone.now() - timedelta(minutes=1)
    late = outbox.queue(replace(letters.note(), not_after=past), at=past)
    message = outbox.queue(letters.invitation(), at=past)

    tasks.drain(lane="urgent")
    tasks.sweep()

    assert [m.state for m in queries.states_of([late.pk, message.pk])] == ["expired", "accepted"]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fi", "ei tiedetä, lähtikö"),
        ("sv", "det är oklart om det skickades"),
        ("en", "not known whether it was sent"),
    ],
)
def test_what_became_of_a_message_is_told_in_the_readers_language(language: str, says: str) -> None:
    with translation.override(language):
        assert str(Message.State.UNCERTAIN.label) == says
