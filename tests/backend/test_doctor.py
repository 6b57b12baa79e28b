"""Each line of the doctor's report: what it says when all is well, and when it is not."""

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django.fixtures import Settings

from backend import pulse
from backend.demo import load
from backend.doctor import Level, Line, connections, contents, domain, examine, ledger, report
from backend.reference import load_reference
from backend.sms_url import Sms
from notifications import circuit
from notifications.models import Circuit, Message
from tests import factories
from tests.notifications.imap import mailbox

OK, WARN, BAD = Level.OK, Level.WARN, Level.BAD
SQLITE = connection.vendor == "sqlite"
only_sqlite = pytest.mark.skipif(not SQLITE, reason="asks SQLite")
only_postgresql = pytest.mark.skipif(SQLITE, reason="asks PostgreSQL")


PARTS = (
    "Profile:",
    "Database:",
    "Messages:",
    "Workers:",
    "Scheduler:",
    "Lists:",
    "People:",
    "Tasks:",
    "Mail:",
    "Replies:",
    "Guards:",
    "Languages:",
)


# --- The whole report -----------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _guards_are_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RATE_LIMITS = True
    monkeypatch.setattr(domain, "asker", lambda: lambda _name, _kind: [])  # no test asks a name server


@pytest.mark.django_db
def test_a_report_is_lines_that_a_person_can_read(noon: datetime) -> None:
    lines = report(noon)

    assert str(lines[0]).startswith("  ok    Profile: ")
    assert [part for part in PARTS if not any(line.text.startswith(part) for line in lines)] == []


@pytest.mark.django_db
def test_something_bad_makes_the_exit_code_one(settings: Settings) -> None:
    settings.RATE_LIMITS = False
    out = StringIO()

    assert examine(out) == 1
    assert "  BAD   RATE LIMITS ARE OFF" in out.getvalue()
    assert out.getvalue().endswith(" to be mended.\n")


@pytest.mark.django_db
def test_the_command_ends_with_the_same_exit_code(settings: Settings) -> None:
    settings.RATE_LIMITS = False
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=StringIO())

    assert ended.value.code == 1


@pytest.mark.django_db
def test_the_profile_is_named(noon: datetime, settings: Settings) -> None:
    settings.PRODUCTION = True
    assert report(noon)[0] == Line(OK, "Profile: production.")
    settings.PRODUCTION = False
    assert report(noon)[0].text.startswith("Profile: embedded.")


# --- Database -------------------------------------------------------------------------------------


@only_sqlite
@pytest.mark.django_db
def test_sqlite_is_set_so_that_nothing_accepted_is_lost(noon: datetime) -> None:
    assert list(connections.database(noon))[1:] == [
        Line(OK, "Database: WAL, synchronous FULL, IMMEDIATE transactions, foreign keys on."),
        Line(OK, "Database: its tables are up to date."),
    ]


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_careless_sqlite_is_bad(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        lines = list(connections.database(noon))
    finally:
        connection.close()  # the next connection is set up anew

    assert lines[1] == Line(
        BAD,
        "Database: synchronous is 1, foreign_keys is 0, transaction_mode is DEFERRED. "
        "Accepted registrations could be lost.",
    )


@only_postgresql
@pytest.mark.django_db
def test_postgresql_ends_a_stuck_transaction(noon: datetime) -> None:
    assert list(connections.database(noon))[1] == Line(
        OK, "Database: a stuck transaction is ended by itself."
    )


@only_postgresql
@pytest.mark.django_db
def test_a_postgresql_without_limits_is_bad(noon: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")

    assert list(connections.database(noon))[1] == Line(
        BAD, "Database: no limit for lock_timeout; one stuck transaction stops everybody."
    )


@pytest.mark.django_db
def test_tables_that_lag_behind_are_bad_and_are_not_asked(noon: datetime) -> None:
    MigrationRecorder(connection).record_unapplied("surveys", "0002_who_has_answered")
    lines = report(noon)

    assert Line(BAD, "Database: 1 changes of its tables have not been made. Run: vipu migrate") in lines
    assert not [line for line in lines if line.text.startswith(("Messages:", "Workers:", "Lists:"))]
    assert [line for line in lines if line.text.startswith("Guards:")]


@pytest.mark.django_db
def test_a_database_that_does_not_answer_stops_no_other_part(noon: datetime) -> None:
    def refuse(*_asked: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(refuse):
        lines = report(noon)

    assert Line(BAD, "The database does not answer: OperationalError.") in lines
    assert [line for line in lines if line.text.startswith("Mail:")]


# --- Broker, mail, guards -------------------------------------------------------------------------


def test_the_embedded_profile_needs_no_broker(noon: datetime, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "memory://"

    assert list(connections.broker(noon)) == [
        Line(OK, "Tasks: a worker and a scheduler run inside the web process, without a broker.")
    ]


def test_a_dead_broker_is_bad_and_told_soon(noon: datetime, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert list(connections.broker(noon)) == [
        Line(BAD, "Tasks: Redis does not answer (ConnectionError). Registrations still work; mail waits.")
    ]


@only_postgresql
@pytest.mark.django_db
def test_a_living_broker_is_well(noon: datetime) -> None:
    assert list(connections.broker(noon)) == [Line(OK, "Tasks: Redis answers.")]


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        (
            "django.core.mail.backends.smtp.EmailBackend",
            Line(OK, "Mail: SMTP: full calendar invitations (layout A)."),
        ),
        (
            "anymail.backends.amazon_ses.EmailBackend",
            Line(OK, "Mail: Amazon SES: full calendar invitations (layout A)."),
        ),
        (
            "anymail.backends.postmark.EmailBackend",
            Line(WARN, "Mail: postmark: calendar invitations as an attached file only (layout B)."),
        ),
    ],
)
def test_the_way_of_the_mail_tells_what_invitations_look_like(
    noon: datetime, settings: Settings, backend: str, expected: Line
) -> None:
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {}}}
    settings.DEFAULT_FROM_EMAIL = "Vipu <vipu@example.org>"

    assert list(connections.mail(noon)) == [
        expected,
        Line(OK, "Mail: people see and answer vipu@example.org."),
    ]


def test_a_mailbox_keeps_its_mail_here(noon: datetime, settings: Settings, tmp_path: Path) -> None:
    settings.MAILERS = {"default": {"BACKEND": "notifications.mailbox.MailboxBackend", "OPTIONS": {}}}
    settings.MAILBOX_DIR = tmp_path

    assert next(connections.mail(noon)) == Line(
        WARN, f"Mail: kept in {tmp_path}, nothing leaves this machine."
    )


def test_the_way_of_texts_is_told_and_tried(noon: datetime, settings: Settings) -> None:
    settings.SMS = Sms()
    assert list(connections.texts(noon)) == [
        Line(OK, "Text messages: none are sent. VIPU_SMS_URL names a way.")
    ]

    settings.SMS = Sms(backend="notifications.sms.providers.Console")
    assert list(connections.texts(noon)) == [
        Line(OK, "Text messages: handed to notifications.sms.providers.Console.")
    ]

    settings.SMS = Sms(backend="nowhere.Operator")
    assert list(connections.texts(noon)) == [
        Line(BAD, "Text messages: nowhere.Operator cannot be made (ModuleNotFoundError).")
    ]


def test_guards_that_are_down_are_told_loudly(noon: datetime, settings: Settings) -> None:
    settings.RATE_LIMITS, settings.PRODUCTION, settings.SESSION_COOKIE_SECURE = True, True, True
    assert list(connections.guards(noon)) == [Line(OK, "Guards: rate limits are on.")]

    settings.RATE_LIMITS, settings.SESSION_COOKIE_SECURE = False, False
    assert list(connections.guards(noon)) == [
        Line(BAD, "RATE LIMITS ARE OFF (VIPU_RATE_LIMITS=off). Only for load runs on this machine."),
        Line(BAD, "Guards: the public address is not https. Personal links and passwords travel readable."),
    ]


# --- The ledger -----------------------------------------------------------------------------------


def message(state: Message.State, *, at: datetime) -> Message:
    number = Message.objects.count()
    return Message.objects.create(
        dedupe_key=f"made-up-{number}",
        kind="confirmation",
        subject=f"registration:{number}",
        version=0,
        lane="urgent",
        recipient="aino@example.org",
        language="fi",
        context={},
        state=state,
        not_before=at,
        created_at=at,
        state_changed_at=at,
    )


@pytest.mark.django_db
def test_an_empty_ledger_is_well(noon: datetime) -> None:
    assert list(ledger.messages(noon)) == [Line(OK, "Messages: nothing waits to be sent.")]


@pytest.mark.django_db
def test_a_message_may_wait_for_five_minutes(noon: datetime) -> None:
    message(Message.State.QUEUED, at=noon)

    assert list(ledger.messages(noon + timedelta(seconds=90))) == [
        Line(OK, "Messages: the oldest due one has waited 90 s.")
    ]
    assert list(ledger.messages(noon + timedelta(minutes=6))) == [
        Line(BAD, "Messages: the oldest due one has waited 6 min.")
    ]
    assert list(ledger.messages(noon + timedelta(days=3))) == [
        Line(BAD, "Messages: the oldest due one has waited 3 d.")
    ]


@pytest.mark.django_db
def test_what_keeps_mail_back_is_told(noon: datetime) -> None:
    assert list(ledger.stops(noon)) == []
    soon = noon + timedelta(minutes=3)
    Circuit.objects.create(transport="SMTP", failures=6, not_before=soon, why="gaierror")
    assert list(ledger.stops(noon)) == [Line(WARN, "SMTP: left alone after gaierror; tried again in 3 min.")]
    assert list(ledger.stops(soon)) == []

    circuit.hold_all(at=noon)
    [held, _texts] = [line for line in ledger.stops(noon) if "held by a person" in line.text]
    assert held.level is WARN
    assert "vipu mail release" in held.text


@pytest.mark.django_db
def test_messages_in_trouble_are_counted(noon: datetime) -> None:
    for state in (Message.State.UNCERTAIN, Message.State.UNCERTAIN, Message.State.FAILED):
        message(state, at=noon)

    assert list(ledger.messages(noon))[1:] == [
        Line(
            WARN,
            "Messages: 2 uncertain, it is not known whether they were sent; a person decides. "
            "The desk shows which.",
        ),
        Line(WARN, "Messages: 1 failed, they could not be sent. The desk shows which."),
    ]


@pytest.mark.django_db
def test_workers_and_scheduler_tell_when_they_were_last_heard_of(noon: datetime) -> None:
    assert list(ledger.signs_of_life(noon)) == [
        Line(WARN, "Workers: never heard of. Mail leaves while a worker, the scheduler and Redis all run."),
        Line(WARN, "Scheduler: never heard of. Mail leaves while a worker, the scheduler and Redis all run."),
    ]
    pulse.record(worker="worker@aino", at=noon)
    assert list(ledger.signs_of_life(noon + timedelta(seconds=5))) == [
        Line(OK, "Workers: heard of 5 s ago."),
        Line(OK, "Scheduler: heard of 5 s ago."),
    ]
    assert list(ledger.signs_of_life(noon + timedelta(hours=2))) == [
        Line(BAD, "Workers: silent for 2 h. Mail leaves while a worker, the scheduler and Redis all run."),
        Line(BAD, "Scheduler: silent for 2 h. Mail leaves while a worker, the scheduler and Redis all run."),
    ]


# --- Lists and people -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_lists_every_installation_needs(noon: datetime) -> None:
    assert list(contents.lists(noon)) == [
        Line(BAD, "Lists: no municipalities and no themes and no criteria. Run: vipu migrate")
    ]
    load_reference(noon)
    assert list(contents.lists(noon)) == [
        Line(OK, "Lists: 308 municipalities, the themes and the criteria are there.")
    ]


@pytest.mark.django_db
def test_somebody_must_be_able_to_sign_in(noon: datetime) -> None:
    assert list(contents.people(noon)) == [
        Line(WARN, "People: nobody can sign in to the desk yet. Run: vipu user --help")
    ]
    factories.organiser(factories.organisation("demos"))
    assert list(contents.people(noon)) == []


@pytest.mark.django_db
def test_made_up_people_in_production_are_bad(noon: datetime, settings: Settings) -> None:
    settings.PRODUCTION = False
    load(noon)
    assert list(contents.people(noon)) == [
        Line(OK, "People: demonstration data is here; its people are made up.")
    ]
    settings.PRODUCTION = True
    assert list(contents.people(noon)) == [
        Line(BAD, "People: DEMONSTRATION DATA IS HERE, and everybody knows its password. Start anew.")
    ]


def test_whether_answers_of_calendars_are_read(settings: Settings, noon: datetime) -> None:
    def told() -> Line:
        [line] = connections.replies(noon)
        return line

    assert "an .eml file dropped into" in told().text
    settings.REPLIES_DIR = None
    assert told() == Line(BAD, "Replies: nobody reads them. Set VIPU_REPLY_MAIL_URL or VIPU_WEBHOOK_SECRET.")
    settings.WEBHOOK_SECRET = "postman:a-long-enough-secret"
    assert told() == Line(OK, "Replies: the provider hands over the mail of ilmo@localhost.")
    settings.REPLY_MAIL_URL = "imap://ilmo:x@127.0.0.1:1/INBOX"
    assert told().level is BAD
    with mailbox() as server:
        settings.REPLY_MAIL_URL = server.url()
        assert told() == Line(OK, "Replies: the mailbox of ilmo@localhost is read every minute.")
    settings.REPLY_ADDRESS = ""
    assert told().level is WARN
