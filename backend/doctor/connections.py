"""What this installation is connected to: database, broker, mail; and the guards that may be down."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis, RedisError

from backend.doctor.line import Line, bad, ok, warn
from notifications import sms
from notifications.capabilities import Layout, transport
from notifications.inboxes import ImapInbox, InboxError
from notifications.sender import address_of
from notifications.sms import providers

PATIENCE = 2  # seconds for the broker to answer
OLDEST_POSTGRESQL = (15,)


def database(at: datetime) -> Iterator[Line]:
    """Tell which database keeps everything, and whether it is set so that nothing accepted is ever lost."""
    version = connection.get_database_version()
    yield ok(f"Database: {connection.display_name} {'.'.join(map(str, version))}.")
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql(version)
    if missing := tables_missing():
        yield bad(f"Database: {missing} changes of its tables have not been made. Run: vipu migrate")
    else:
        yield ok("Database: its tables are up to date.")


def tables_missing() -> int:
    """Count the changes of the tables that have not been made."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _sqlite() -> Iterator[Line]:
    wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}  # 2 is FULL
    wrong = [f"{name} is {found}" for name, right in wanted.items() if (found := _pragma(name)) != right]
    begins = str(connection.settings_dict["OPTIONS"].get("transaction_mode"))
    if begins != "IMMEDIATE":
        wrong.append(f"transaction_mode is {begins}")
    if wrong:
        yield bad(f"Database: {', '.join(wrong)}. Accepted registrations could be lost.")
    else:
        yield ok("Database: WAL, synchronous FULL, IMMEDIATE transactions, foreign keys on.")


def _pragma(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return str(cursor.fetchone()[0])


def _postgresql(version: tuple[int, ...]) -> Iterator[Line]:
    if version < OLDEST_POSTGRESQL:
        yield bad(f"Database: PostgreSQL {OLDEST_POSTGRESQL[0]} or newer is needed.")
    unlimited = [name for name in ("lock_timeout", "statement_timeout") if _setting(name) == "0"]
    if unlimited:
        yield bad(f"Database: no limit for {' and '.join(unlimited)}; one stuck transaction stops everybody.")
    else:
        yield ok("Database: a stuck transaction is ended by itself.")


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def broker(at: datetime) -> Iterator[Line]:
    """Tell whether the workers can be woken. What they are to do stands in the database either way."""
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        yield ok("Tasks: a worker and a scheduler run inside the web process, without a broker.")
        return
    asked = Redis.from_url(
        settings.CELERY_BROKER_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=None
    )
    try:
        asked.ping()
    except (RedisError, OSError) as error:
        yield bad(
            f"Tasks: Redis does not answer ({type(error).__name__}). Registrations still work; mail waits."
        )
    else:
        yield ok("Tasks: Redis answers.")
    finally:
        asked.close()


def mail(at: datetime) -> Iterator[Line]:
    """Tell how mail leaves and what a calendar invitation looks like on that way."""
    way = transport()
    if way.name == "mailbox":
        yield warn(f"Mail: kept in {settings.MAILBOX_DIR}, nothing leaves this machine.")
    else:
        line = ok if way.layout is Layout.FULL else warn
        yield line(f"Mail: {way.describe()}.")
    yield ok(f"Mail: people see and answer {address_of(settings.DEFAULT_FROM_EMAIL)}.")


def texts(at: datetime) -> Iterator[Line]:
    """Tell how text messages leave, if they do."""
    if not sms.is_on():
        yield ok("Text messages: none are sent. VIPU_SMS_URL names a way.")
        return
    try:
        providers.connected()
    except Exception as error:  # noqa: BLE001 - whatever a provider's class does not like
        yield bad(f"Text messages: {settings.SMS.backend} cannot be made ({type(error).__name__}).")
    else:
        yield ok(f"Text messages: handed to {settings.SMS.backend}.")


def replies(at: datetime) -> Iterator[Line]:
    """Tell whether the answers of calendars are read, and whether the mailbox opens."""
    if not settings.REPLY_ADDRESS:
        yield warn("Replies: answers of calendars are not read. Set VIPU_REPLY_ADDRESS and a way in.")
        return
    if settings.REPLY_MAIL_URL:
        try:
            ImapInbox.of(settings.REPLY_MAIL_URL).check()
        except InboxError as error:
            yield bad(f"Replies: the mailbox of {settings.REPLY_ADDRESS} cannot be opened ({error}).")
        else:
            yield ok(f"Replies: the mailbox of {settings.REPLY_ADDRESS} is read every minute.")
    elif settings.WEBHOOK_SECRET:
        yield ok(f"Replies: the provider hands over the mail of {settings.REPLY_ADDRESS}.")
    elif settings.REPLIES_DIR:
        yield ok(f"Replies: an .eml file dropped into {settings.REPLIES_DIR} is read as one.")
    else:
        yield bad("Replies: nobody reads them. Set VIPU_REPLY_MAIL_URL or VIPU_WEBHOOK_SECRET.")


def guards(at: datetime) -> Iterator[Line]:
    """Tell loudly when a guard is down."""
    if settings.RATE_LIMITS:
        yield ok("Guards: rate limits are on.")
    else:
        yield bad("RATE LIMITS ARE OFF (VIPU_RATE_LIMITS=off). Only for load runs on this machine.")
    if settings.PRODUCTION and not settings.SESSION_COOKIE_SECURE:
        yield bad("Guards: the public address is not https. Personal links and passwords travel readable.")
