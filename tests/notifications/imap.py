"""A mail server that speaks just enough IMAP for one mailbox, for tests of the mailbox of replies."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PASSWORD = "not a secret, only a test"


class _Talk(socketserver.StreamRequestHandler):
    server: "Server"

    def handle(self) -> None:
        self.say("* OK ready")
        for line in self.rfile:
            tag, _, order = line.decode().strip().partition(" ")
            if not self.answer(order):
                self.say(f"{tag} NO refused")
            else:
                self.say(f"{tag} OK done")
            if order.upper() == "LOGOUT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def answer(self, order: str) -> bool:
        box, upper = self.server, order.upper()
        box.orders.append(upper.partition(" ")[0] if upper.startswith("LOGIN") else upper)
        if upper == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif upper.startswith("LOGIN"):
            return PASSWORD in order
        elif upper.startswith("SELECT"):
            return '"INBOX"' in upper
        elif upper.startswith("UID SEARCH"):
            unseen = [str(uid) for uid in box.letters if uid not in box.seen]
            self.say(" ".join(["* SEARCH", *unseen]))
        elif found := re.match(r"UID FETCH (\d+) \((RFC822.SIZE|BODY)", upper):
            self.fetch(int(found[1]), whole=found[2] == "BODY")
        elif found := re.match(r"UID STORE (\d+)", upper):
            box.seen.add(int(found[1]))
        return True

    def fetch(self, uid: int, *, whole: bool) -> None:
        raw = self.server.letters[uid]
        if not whole:
            self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            return
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")


class Server(socketserver.ThreadingTCPServer):
    """One mailbox: its letters by number, which of them were seen, and what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.orders: list[str] = []

    def url(self, *, folder: str = "INBOX", password: str = PASSWORD) -> str:
        host, port = self.server_address[:2]
        return f"imap://ilmo%40example.org:{password.replace(' ', '%20')}@{host!s}:{port}/{folder}"


@contextmanager
def mailbox() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
