"""One POST to an address that an organiser named: pinned to a public number, short, and trusting nothing.

The name is looked up once and the connection goes to the number that was looked at, so a name that leads
elsewhere a moment later leads nowhere. Redirects are answers like others; no proxy of the environment is
asked. Everything together has five seconds and reads at most 64 KiB.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from http.client import HTTPException, HTTPResponse
from typing import Final, cast

from notifications.endpoints.addresses import Target, is_public, target_of

SECONDS: Final = 5.0
MOST_BYTES: Final = 64 * 1024
KEPT: Final = 1024
_AGENT: Final = "Vipu-Webhooks/1"
_lookups = ThreadPoolExecutor(max_workers=4, thread_name_prefix="lookup")  # a lookup knows no time limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: a status with the beginning of the words, or the problem that left us without."""

    status: int | None = None
    problem: str = ""  # address, lookup, timeout, certificate, connection, answer
    text: str = ""
    retry_after: int = 0
    milliseconds: int = 0

    @property
    def ok(self) -> bool:
        """Tell whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - the class of success


def look_up(host: str, port: int) -> list[str]:
    """Ask which numbers a name has."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def connect(number: str, port: int, timeout: float) -> socket.socket:
    """Open a connection to a number."""
    return socket.create_connection((number, port), timeout=timeout)


@cache
def _usual_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """The ways out: tests lead them to machines of their own, and nothing else may."""

    look_up: Callable[[str, int], Sequence[str]] = look_up
    connect: Callable[[str, int, float], socket.socket] = connect
    trust: ssl.SSLContext = field(default_factory=_usual_trust)
    seconds: float = SECONDS

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send it, and say what is known; never raises for anything the other side may do."""
        started = time.monotonic()
        until = started + self.seconds
        try:
            reply = self._exchange(target_of(url), headers=headers, body=body, until=until)
        except TimeoutError:
            reply = Reply(problem="timeout")
        except ssl.SSLError as error:
            late = "timed out" in str(error)
            reply = Reply(problem="timeout" if late else "certificate")
        except OSError:
            reply = Reply(problem="connection")
        except HTTPException:
            reply = Reply(problem="answer")
        except ValueError:  # last: some of the above are ValueErrors too
            reply = Reply(problem="address")
        return replace(reply, milliseconds=round((time.monotonic() - started) * 1000))

    def _exchange(self, target: Target, *, headers: Mapping[str, str], body: bytes, until: float) -> Reply:
        numbers = self._numbers(target, until=until)
        if not numbers:
            return Reply(problem="lookup")
        if not all(is_public(number) for number in numbers):
            return Reply(problem="address")
        plain = self.connect(numbers[0], target.port, _left(until))
        with plain:
            plain.settimeout(_left(until))
            with self.trust.wrap_socket(plain, server_hostname=target.host) as secured:
                secured.settimeout(_left(until))
                secured.sendall(_request(target, headers=headers, body=body) + body)
                return _read(secured, until=until)

    def _numbers(self, target: Target, *, until: float) -> Sequence[str]:
        asked = _lookups.submit(self.look_up, target.host, target.port)
        try:
            return asked.result(timeout=_left(until))
        except (socket.gaierror, UnicodeError):
            return []


def _request(target: Target, *, headers: Mapping[str, str], body: bytes) -> bytes:
    host = target.host if target.port == 443 else f"{target.host}:{target.port}"  # noqa: PLR2004 - the usual port goes without saying
    lines = {
        "Host": host,
        "User-Agent": _AGENT,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii")


def _read(secured: socket.socket, *, until: float) -> Reply:
    answer = HTTPResponse(cast("socket.socket", _Short(secured, until)), method="POST")
    answer.begin()
    try:
        words = answer.read(KEPT)
    except (OSError, HTTPException):
        words = b""  # the status says enough; a receiver may hang up in the middle of its words
    wait = answer.getheader("Retry-After", "")
    return Reply(
        status=answer.status,
        text=words.decode("utf-8", errors="replace").replace("\x00", ""),
        retry_after=int(wait) if wait.isdecimal() and len(wait) < 7 else 0,  # noqa: PLR2004 - eleven days at most
    )


class _Short(io.RawIOBase):
    """What a receiver says, cut off after so many bytes and at a moment, however slowly it drips."""

    def __init__(self, secured: socket.socket, until: float) -> None:
        super().__init__()
        self._secured, self._until, self._allowed = secured, until, MOST_BYTES

    def makefile(self, mode: str) -> io.BufferedReader:
        """Give what the reader of answers reads from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Say that one may read."""
        return True

    def readinto(self, buffer: "memoryview[int]", /) -> int:  # type: ignore[override]  # any buffer; ours is this one
        """Read some, while there is time."""
        if self._allowed <= 0:
            return 0
        self._secured.settimeout(_left(self._until))
        part = self._secured.recv(min(len(buffer), self._allowed))
        self._allowed -= len(part)
        buffer[: len(part)] = part
        return len(part)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
