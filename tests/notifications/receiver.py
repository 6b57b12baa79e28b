"""Another system that takes news: a real server with TLS on loopback, which says what it is told to say."""

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.endpoints.wire import Wire

HOST = "crm.example.org"
PUBLIC = "93.184.215.14"  # where the name leads, as far as the wire is told
type Behaviour = Callable[[ssl.SSLSocket], None]


def answer(status: int, *, words: bytes = b"thanks", more: str = "") -> Behaviour:
    """Say this status and these words."""

    def say(connection: ssl.SSLSocket) -> None:
        head = f"HTTP/1.1 {status} Word\r\nContent-Length: {len(words)}\r\n{more}\r\n"
        connection.sendall(head.encode() + words)

    return say


@dataclass
class Got:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Takes connections one after the other; the last behaviour stays."""

    folder: Path
    host: str = HOST
    behaviours: list[Behaviour] = field(default_factory=lambda: [answer(200)])
    requests: list[Got] = field(default_factory=list)
    connections: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)  # what the wire wanted to connect to

    def __enter__(self) -> Self:
        certificate, key = _made(self.host, self.folder)
        self._terms = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._terms.load_cert_chain(certificate, key)
        self.trust = ssl.create_default_context(cafile=str(certificate))
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(timeout=5)

    def wire(self, *, numbers: tuple[str, ...] = (PUBLIC,), seconds: float = 3) -> Wire:
        """Give ways out that believe the name leads to a public number, and end here."""

        def connect(number: str, port: int, timeout: float) -> socket.socket:
            self.asked.append((number, port))
            return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

        return Wire(look_up=lambda _host, _port: numbers, connect=connect, trust=self.trust, seconds=seconds)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._door.accept()
            except OSError:
                return
            self.connections += 1
            try:
                with self._terms.wrap_socket(plain, server_side=True) as connection:
                    self._take(connection)
            except OSError:
                continue

    def _take(self, connection: ssl.SSLSocket) -> None:
        connection.settimeout(5)
        with connection.makefile("rb") as stream:
            line = stream.readline().decode().strip()
            headers = {}
            while pair := stream.readline().decode().strip():
                name, _, value = pair.partition(": ")
                headers[name.lower()] = value
            body = stream.read(int(headers.get("content-length", "0")))
        self.requests.append(Got(line, headers, body))
        behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        behaviour(connection)


def _made(host: str, folder: Path) -> tuple[Path, Path]:
    """Make a certificate for the name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "receiver.pem", folder / "receiver.key"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private
