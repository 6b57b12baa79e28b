"""A mail server of our own that counts what it accepts, and fails at the point it is told to."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

type Points = Mapping[str, str]


@dataclass(slots=True)
class Sink:
    """Speaks SMTP on a free port. ``points`` maps a step to a reply, or to ``drop``, ``stall`` or a callback.

    Steps: connect, ehlo, mail, rcpt, data, body (the content has begun), dot (it has ended), reply
    (accepted, before the answer is sent), again (the next MAIL on the same connection).

    ``scripts`` gives a recipient's tries, one after the other, their own step and reply from RCPT on;
    a recipient whose script is over is served as usual.
    """

    points: dict[str, str | Callable[[], None]] = field(default_factory=dict)
    scripts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    accepted: Counter[str] = field(default_factory=Counter)
    mails: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None
    _stopping: asyncio.Event | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __enter__(self) -> Self:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve(ready)])
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._stopping is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)
        self._loop.close()

    def mailers(self, *, timeout: float) -> dict[str, Any]:
        """Settings that lead here."""
        options = {"host": "127.0.0.1", "port": self.port, "timeout": timeout}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}

    async def _serve(self, ready: threading.Event) -> None:
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._welcome, "127.0.0.1", self.port, limit=2**22)
        ready.set()
        await self._stopping.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        with suppress(ConnectionError, EOFError, asyncio.CancelledError, _Dropped):
            await self._talk(reader, writer)
        self._tasks.discard(task)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._say(writer, "connect", "220 sink")
        recipient, script = "", ("", "")
        while line := (await reader.readline()).decode(errors="replace").strip():
            command = line[:4].upper()
            if command in {"EHLO", "HELO"}:
                await self._say(writer, "ehlo", "250-sink\r\n250-SIZE 1000000\r\n250 HELP")
            elif command == "MAIL":
                await self._say(writer, "mail", "250 OK")
            elif command == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                script = self._next_of(recipient)
                await self._say(writer, "rcpt", "250 OK", script)
            elif command == "DATA":
                if await self._say(writer, "data", "354 go ahead", script):
                    await self._content(reader, writer, recipient=recipient, script=script)
            elif command == "QUIT":
                await self._say(writer, "quit", "221 bye")
                return
            else:
                await self._say(writer, "other", "250 OK")

    def _next_of(self, recipient: str) -> tuple[str, str]:
        """Take what this recipient's next try meets: a step and a reply."""
        tries = self.scripts.get(recipient)
        return tries.pop(0) if tries else ("", "")

    async def _content(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        recipient: str,
        script: tuple[str, str],
    ) -> None:
        point = self._told("body", script)
        if point == "drop":
            await reader.read(64)
            raise _Dropped
        content = await reader.readuntil(b"\r\n.\r\n")
        refusal = self._told("dot", script)
        if not (isinstance(refusal, str) and (refusal[:1] in {"4", "5"} or refusal == "drop")):
            self.accepted[recipient] += 1
            self.mails.append(content.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."))
        if refusal:
            await self._say(writer, "dot", "", script)
        else:
            await self._say(writer, "reply", "250 accepted", script)

    def _told(self, step: str, script: tuple[str, str]) -> str | Callable[[], None]:
        """Tell what is to happen at a step: to everybody, or to this recipient."""
        return self.points.get(step) or (script[1] if script[0] == step else "")

    async def _say(
        self, writer: asyncio.StreamWriter, step: str, reply: str, script: tuple[str, str] = ("", "")
    ) -> bool:
        """Answer, or fail as told; True when the usual answer was given."""
        told = self._told(step, script)
        if callable(told):
            await asyncio.to_thread(told)
            told = ""
        if told == "drop":
            raise _Dropped
        if told == "stall":
            await asyncio.sleep(3600)
        writer.write(f"{told or reply}\r\n".encode())
        await writer.drain()
        return not told


class _Dropped(Exception):  # noqa: N818 - not an error of ours
    """The connection ends here."""
