"""The mailboxes in which answers arrive: one by IMAP, one a folder for trials; both are read the same way."""

import imaplib
import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from django.conf import settings

logger = logging.getLogger("vipu.notifications")
PATIENCE = 20  # seconds for each answer of the server
ROUND = 50  # letters in one go; the rest a minute later


class InboxError(Exception):
    """A mailbox cannot be read now; the message names the kind of error and nothing of the mailbox."""


class Inbox(Protocol):
    """A mailbox. Asking for the next letter says that the one before has been kept."""

    @property
    def source(self) -> str:
        """What the kept rows say they came by."""

    def letters(self, *, limit: int) -> Iterator[bytes]:
        """Give the unread letters, none longer than ``limit``, and mark each as read once it is kept."""


def inboxes() -> list[Inbox]:
    """List the mailboxes that are connected."""
    found: list[Inbox] = []
    if settings.REPLY_MAIL_URL:
        found.append(ImapInbox.of(settings.REPLY_MAIL_URL))
    if settings.REPLIES_DIR:
        found.append(FolderInbox(Path(settings.REPLIES_DIR)))
    return found


def fits(size: int, *, limit: int, source: str) -> bool:
    """Tell whether a letter is kept; one that is larger than any answer ever was is named in the log."""
    if size > limit:
        logger.warning("a mail of %s bytes from %s was not kept", size, source)
    return size <= limit


@dataclass(frozen=True, slots=True)
class ImapInbox:
    """A mailbox on a server."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    encrypted: bool = True
    source: str = "imap"

    @classmethod
    def of(cls, url: str) -> Self:
        """Read ``imaps://user:password@host/INBOX``."""
        parts = urlsplit(url)
        encrypted = parts.scheme == "imaps"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (993 if encrypted else 143),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.lstrip("/")) or "INBOX",
            encrypted=encrypted,
        )

    def letters(self, *, limit: int) -> Iterator[bytes]:
        """Give the unseen letters; each is marked seen once the next one is asked for."""
        try:
            with self._open() as box:
                for number in _words(box.uid("SEARCH", "UNSEEN"))[:ROUND]:
                    if fits(_size(box, number), limit=limit, source=self.source):
                        yield _body(box, number)
                    box.uid("STORE", number, "+FLAGS", r"(\Seen)")
        except (OSError, imaplib.IMAP4.error) as error:
            raise InboxError(type(error).__name__) from error

    def check(self) -> None:
        """Sign in and leave again, to see whether that works."""
        try:
            with self._open():
                pass
        except (OSError, imaplib.IMAP4.error) as error:
            raise InboxError(type(error).__name__) from error

    def _open(self) -> imaplib.IMAP4:
        kind = imaplib.IMAP4_SSL if self.encrypted else imaplib.IMAP4
        box = kind(self.host, self.port, timeout=PATIENCE)
        try:
            box.login(self.user, self.password)
            _select(box, self.folder)
        except BaseException:
            box.shutdown()
            raise
        return box


def _select(box: imaplib.IMAP4, folder: str) -> None:
    if box.select(f'"{folder}"')[0] != "OK":
        raise imaplib.IMAP4.error("no such folder")


def _words(answer: tuple[str, list[bytes | None]]) -> list[str]:
    return (answer[1][0] or b"").decode().split()


def _size(box: imaplib.IMAP4, number: str) -> int:
    """Ask how long a letter is before it is fetched; one that does not say is fetched."""
    _ok, data = box.uid("FETCH", number, "(RFC822.SIZE)")
    told = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in data if isinstance(part, bytes)))
    return int(told[1]) if told else 0


def _body(box: imaplib.IMAP4, number: str) -> bytes:
    """Fetch a letter without marking it as seen."""
    _ok, data = box.uid("FETCH", number, "(BODY.PEEK[])")
    return next((bytes(part[1]) for part in data if isinstance(part, tuple)), b"")


@dataclass(frozen=True, slots=True)
class FolderInbox:
    """A folder: whoever drops an ``.eml`` file into it has sent us a mail. What was read lies in ``read``."""

    folder: Path
    source: str = "folder"

    def letters(self, *, limit: int) -> Iterator[bytes]:
        """Give the files in the order of their names; each is put away once the next one is asked for."""
        for path in sorted(self.folder.glob("*.eml"))[:ROUND]:
            if fits(path.stat().st_size, limit=limit, source=self.source):
                yield path.read_bytes()
            done = self.folder / "read"
            done.mkdir(exist_ok=True)
            shutil.move(path, done / path.name)
