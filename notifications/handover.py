"""Hands one mail to the transport and says what is certain: yes, not now, never, or nobody can know."""

import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr, parsedate_to_datetime
from enum import StrEnum
from smtplib import SMTP, SMTPException
from types import TracebackType
from typing import Final, Self

from anymail.exceptions import AnymailAPIError, AnymailError
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from notifications import mime
from notifications.capabilities import transport
from notifications.mime import Letter
from notifications.models import Message
from notifications.rendering import Rendered
from notifications.wire import plain_mailbox

# The whole server wants to be left alone: RFC 3463 3.4 (4.3.2), and the words of Gmail and Exchange Online
_TOO_FAST = re.compile(rb"4\.(3\.2|7\.28|7\.500)\b")
_TOO_MANY_AT_ONCE = 432  # Exchange Online, when it has as many of our connections as it takes
GO_AHEAD, OK, WILL_FORWARD, PERMANENT_FROM, CLOSING = 354, 250, 251, 500, 421
TOO_MANY, UNAVAILABLE, WRONG_KEY = 429, 503, frozenset({401, 403})
LOST = "lost"
_NO_CONNECTION = (ConnectTimeout, NewConnectionError, ConnectTimeoutError)
# Errors of Amazon's client, which need not be installed, and of its service (SES API v2, SendEmail)
_NO_KEY = frozenset({"NoCredentialsError", "PartialCredentialsError"})
_ACCOUNT_STANDS_STILL = frozenset(
    {"AccountSuspendedException", "LimitExceededException", "SendingPausedException"}
)
_LONGEST_NUMBER = 9
_YES, _NO = range(200, 300), range(400, 600)


class Outcome(StrEnum):
    """What is known about one try."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome, with the code it was concluded from; never a text, which may repeat an address."""

    outcome: Outcome
    code: str = ""
    provider_id: str = ""
    pause: timedelta | None = None  # so long nothing at all should be sent this way


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A letter that can go: for SMTP with its envelope and its bytes."""

    letter: Letter
    sender: str = ""
    recipient: str = ""
    content: bytes = b""


PATIENCE: Final = timedelta(seconds=30)  # where a provider asks for some and does not say how much
TOO_LATE: Final = Answer(Outcome.TEMPORARY, "lease-over")


class LineDownError(Exception):
    """No connection to the transport: nothing was handed over, and it was no message's fault."""


def clock() -> float:
    """Read a clock that runs on while this process is frozen and while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Line:
    """One connection to the transport, kept for a batch."""

    def __init__(self) -> None:
        """Take the way of the settings; raises LineDownError where a package for it is missing."""
        try:
            self._backend: BaseEmailBackend = mailers.default
        except ImproperlyConfigured as error:
            raise LineDownError(type(error).__name__) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(
            OSError, SMTPException
        ):  # what was accepted is recorded; a rude good-bye changes nothing
            self._backend.close()

    @property
    def is_open(self) -> bool:
        """Tell whether the next message needs no new connection."""
        return not isinstance(self._backend, SmtpBackend) or bool(self._smtp and self._smtp.sock)

    def open(self) -> None:
        """Connect, or connect again; raises LineDownError."""
        if self._smtp and not self._smtp.sock:
            self._forget()
        try:
            self._backend.open()
            if self._smtp:
                self._smtp.ehlo_or_helo_if_needed()
        except Exception as error:  # whatever a provider's client raises here, nothing was handed over
            raise LineDownError(type(error).__name__) from error

    def ready(self, message: Message, rendered: Rendered) -> Callable[[float], Answer]:
        """Make the mail; the step that is given back hands it over, unless it is too late by then."""
        packed = self.pack(mime.build(message, rendered, transport=transport()))
        return lambda before: self.hand_over(packed, before=before)

    def pack(self, letter: Letter) -> Packed:
        """Make the letter ready, so that whatever is wrong with it is found before anything is marked."""
        content = letter.wire()
        if not isinstance(self._backend, SmtpBackend):
            return Packed(letter=letter)
        [recipient] = letter.to
        return Packed(
            letter=letter,
            sender=_prepared(self._backend, letter.from_email),
            recipient=_prepared(self._backend, recipient),
            content=content,
        )

    def hand_over(self, packed: Packed, *, before: float) -> Answer:
        """Hand the letter over, unless ``before`` (see ``clock``) has passed at the point of no return."""
        if self._smtp:
            return _by_smtp(self._smtp, packed, before=before)
        return _by_backend(self._backend, packed.letter, before=before)

    @property
    def _smtp(self) -> SMTP | None:
        return self._backend.connection if isinstance(self._backend, SmtpBackend) else None

    def _forget(self) -> None:
        """Drop a connection the server has closed, so that the next open makes a new one."""
        if isinstance(self._backend, SmtpBackend):
            self._backend.connection = None


def _prepared(backend: SmtpBackend, mailbox: str) -> str:
    """Give the address for the envelope; only what is unusual needs Django's careful reading."""
    if plain_mailbox(mailbox):
        return mailbox
    address = parseaddr(mailbox)[1]
    return address if plain_mailbox(address) else str(backend.prep_address(mailbox))


def _by_smtp(smtp: SMTP, packed: Packed, *, before: float) -> Answer:
    """Walk through one SMTP transaction; only after the final dot can an answer be missing for good."""
    try:
        refused = _envelope(smtp, packed)
    except (OSError, SMTPException) as error:
        return _broken(smtp, Answer(Outcome.TEMPORARY, f"{LOST}-{type(error).__name__}"))
    if refused:
        return _refused(smtp, *refused)
    if clock() >= before:
        return _broken(smtp, TOO_LATE)  # closing inside DATA makes the server forget the message
    return _content(smtp, packed.content)


def _content(smtp: SMTP, content: bytes) -> Answer:
    """Send the words and the final dot: from here on, silence means that nobody can know."""
    try:
        smtp.send(_quoted(content))
        code, words = smtp.getreply()
    except (OSError, SMTPException) as error:
        return _broken(smtp, Answer(Outcome.UNKNOWN, f"{LOST}-{type(error).__name__}"))
    if code in _YES:
        return Answer(Outcome.ACCEPTED, str(code))
    if code in _NO:
        return _refused(smtp, code, words)
    return _broken(smtp, Answer(Outcome.UNKNOWN, str(code)))  # not an answer to what was asked


def _envelope(smtp: SMTP, packed: Packed) -> tuple[int, bytes] | None:
    """Say from whom and to whom, and ask to go ahead; gives the first refusal, if there is one."""
    size = f" size={len(packed.content)}" if smtp.has_extn("size") else ""
    code, words = smtp.docmd("mail", f"from:<{packed.sender}>{size}")
    if code != OK:
        return code, words
    code, words = smtp.docmd("rcpt", f"to:<{packed.recipient}>")
    if code not in {OK, WILL_FORWARD}:
        return code, words
    code, words = smtp.docmd("data")
    return None if code == GO_AHEAD else (code, words)


def _refused(smtp: SMTP, code: int, words: bytes) -> Answer:
    """Read a definite no; what is no SMTP code at all means: not now, and not on this connection."""
    outcome = Outcome.PERMANENT if PERMANENT_FROM <= code < _NO.stop else Outcome.TEMPORARY
    too_fast = outcome is Outcome.TEMPORARY and (code == _TOO_MANY_AT_ONCE or _TOO_FAST.match(words))
    answer = Answer(outcome, str(code), pause=PATIENCE if too_fast else None)
    if code == CLOSING or code not in _NO:
        return _broken(smtp, answer)
    try:
        smtp.rset()
    except (OSError, SMTPException):
        return _broken(smtp, answer)
    return answer


def _broken(smtp: SMTP, answer: Answer) -> Answer:
    smtp.close()
    return answer


def _quoted(content: bytes) -> bytes:
    """Double the leading dots and end with the dot alone on its line (RFC 5321 4.5.2)."""
    body = content.replace(b"\r\n.", b"\r\n..")
    body = b"." + body if body.startswith(b".") else body
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _by_backend(backend: BaseEmailBackend, letter: Letter, *, before: float) -> Answer:
    """Hand over through a back end that answers for the whole message at once."""
    if clock() >= before:
        return TOO_LATE
    try:
        sent = backend.send_messages([letter])
    except AnymailAPIError as error:
        return _api_answer(error)
    except (AnymailError, ValueError, TypeError) as error:  # refused before anything left this machine
        return Answer(Outcome.PERMANENT, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - whatever else happens, nobody can tell how far it got
        return Answer(Outcome.UNKNOWN, type(error).__name__)
    status = getattr(letter, "anymail_status", None)
    identity = str(getattr(status, "message_id", None) or "")[:200]
    return Answer(Outcome.ACCEPTED if sent else Outcome.UNKNOWN, "", identity)


def _api_answer(error: AnymailAPIError) -> Answer:
    """Judge a provider's answer: 4xx is a no; a server error may hide a yes."""
    status, account = _status(error), _account_code(error)
    if status in {TOO_MANY, UNAVAILABLE} or account:
        pause = retry_after(_headers(error), now=datetime.now(UTC))
        return Answer(Outcome.TEMPORARY, account or str(status), pause=pause or PATIENCE)
    if status in WRONG_KEY:  # of the whole way, and no message's fault: as a wrong password is by SMTP
        return Answer(Outcome.TEMPORARY, str(status))
    if status and status < PERMANENT_FROM:
        return Answer(Outcome.PERMANENT, str(status))
    if not status and _never_reached(error):
        return Answer(Outcome.TEMPORARY, f"{LOST}-{_cause(error)}")
    return Answer(Outcome.UNKNOWN, str(status) if status else _cause(error))


def _cause(error: AnymailAPIError) -> str:
    return type(error.__cause__ or error).__name__


def _never_reached(error: BaseException) -> bool:
    """Tell whether there was no connection, or no key to open it with: then nothing can have been sent."""
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, _NO_CONNECTION) or type(link).__name__ in _NO_KEY:
            return True
        link = link.__cause__ or link.__context__
    return False


def _account_code(error: AnymailAPIError) -> str:
    """Find what Amazon says about the account and not about the message, though with the same status."""
    response = error.response
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    return code if code in _ACCOUNT_STANDS_STILL else ""


def _status(error: AnymailAPIError) -> int:
    """Find the HTTP status; Amazon's client keeps it inside its parsed response."""
    if error.status_code:
        return int(error.status_code)
    response = error.response
    return (
        int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if isinstance(response, dict)
        else 0
    )


def _headers(error: AnymailAPIError) -> Mapping[str, str]:
    """Find the answer's headers; Amazon's client keeps them in lower case inside its parsed response."""
    response = error.response
    if isinstance(response, dict):
        kept: Mapping[str, str] = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        return kept
    return getattr(response, "headers", None) or {}


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Read how long a provider wants to be left alone: in seconds, or until a moment (RFC 9110 10.2.3)."""
    written = next((value.strip() for name, value in headers.items() if name.lower() == "retry-after"), "")
    if written.isdecimal() and len(written) < _LONGEST_NUMBER:
        return timedelta(seconds=int(written)) or None
    with suppress(ValueError, TypeError):
        return max(parsedate_to_datetime(written) - now, timedelta(0)) or None
    return None
