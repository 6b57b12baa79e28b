"""Clients that press the button again and again: each waits for its answer before it asks anew."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

type Body = dict[str, Any]
type Ask = Callable[[int], tuple[str, Body]]  # the number of the request → its path and body

_TIMEOUT = 30.0


@dataclass(slots=True)
class Measured:
    """What became of a run."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        """How many were answered as hoped."""
        return sum(count for status, count in self.statuses.items() if 200 <= status < 300)

    @property
    def errors(self) -> int:
        """How many saw an error page or nothing at all."""
        return sum(count for status, count in self.statuses.items() if status >= 500 or status == 0)

    @property
    def rate(self) -> float:
        """How many in a second."""
        return self.answered / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Give the time within which this share was answered, in milliseconds."""
        ordered = sorted(self.took)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def press(port: int, ask: Ask, *, clients: int, requests: int, seconds: float) -> Measured:
    """Let so many clients send so many requests in all, or until the time is over."""
    return asyncio.run(_press(port, ask, clients=clients, requests=requests, seconds=seconds))


async def _press(port: int, ask: Ask, *, clients: int, requests: int, seconds: float) -> Measured:
    measured = Measured()
    numbers = iter(range(requests))
    started = time.perf_counter()
    ends = started + seconds
    await asyncio.gather(*(_client(port, ask, numbers, measured, ends=ends) for _ in range(clients)))
    measured.seconds = time.perf_counter() - started
    return measured


async def _client(port: int, ask: Ask, numbers: Any, measured: Measured, *, ends: float) -> None:  # noqa: ANN401 - an iterator shared by all clients
    line: _Line | None = None
    for number in numbers:
        path, body = ask(number)
        started = time.perf_counter()
        try:
            line = line or await _Line.open(port)
            status, answer, stays = await asyncio.wait_for(line.post(path, body), _TIMEOUT)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            status, answer, stays = 0, b"", False
        measured.took.append(time.perf_counter() - started)
        measured.statuses[status] += 1
        for result in _results(answer):
            measured.outcomes[result] += 1
        if not stays:
            line = line and line.close()
        if time.perf_counter() > ends:
            break
    if line:
        line.close()


def _results(answer: bytes) -> list[str]:
    try:
        told = json.loads(answer)
    except ValueError:
        return []
    return [str(result["state"]) for result in told.get("results", [])] if isinstance(told, dict) else []


@dataclass(slots=True)
class _Line:
    """One connection to the server, kept as long as the server keeps it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> _Line:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, path: str, body: Body) -> tuple[int, bytes, bool]:
        """Send a body; give the status, the answer and whether the line stays open."""
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self.writer.write(head.encode() + content)
        await self.writer.drain()
        told = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in told[1:])
        }
        answer = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(told[0].split()[1]), answer, headers.get("connection", "").lower() != "close"

    def close(self) -> None:
        self.writer.close()
