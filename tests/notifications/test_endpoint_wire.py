"""Where a webhook may lead (T43): never into our own network, whatever is written or the name says."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from notifications.endpoints.addresses import (
    EndpointAddressRefused,
    checked_url,
    is_public,
    target_of,
)
from notifications.endpoints.wire import Wire
from tests.notifications.receiver import HOST, PUBLIC, Receiver, answer

URL = f"https://{HOST}/vipu?key=1"
_REFUSED = r"""
http://crm.example.org/ https://127.0.0.1/ https://127.1/ https://2130706433/ https://0x7f000001/
https://0x7f.0.0.1/ https://0177.0.0.1/ https://017700000001/ https://0/ https://0.0.0.0/
https://127.0.0.1./ https://localhost/ https://localhost./ https://foo.localhost/ https://LOCALHOST/
https://printer.local/ https://metadata.google.internal/ https://router.lan/ https://nas.home/
https://x.onion/ https://intranet/ https://[::1]/ https://[::]/ https://[::ffff:127.0.0.1]/
https://[::ffff:7f00:1]/ https://[::127.0.0.1]/ https://[64:ff9b::7f00:1]/ https://[2002:7f00:1::]/
https://[2001:0:7f00:1::]/ https://[fe80::1%25eth0]/ https://[fc00::1]/ https://10.0.0.1/
https://172.16.0.1/ https://192.168.1.1/ https://169.254.169.254/latest/ https://100.64.0.1/
https://224.0.0.1/ https://255.255.255.255/ https://1.0.0.127.in-addr.arpa/ https://user@crm.example.org/
https://user:secret@crm.example.org/ https://crm.example.org@127.0.0.1/
https://127.0.0.1#@crm.example.org/ https://crm.example.org#part https://crm.example.org\@127.0.0.1/
https://crm.example.org:22/ https://crm.example.org:25/ https://crm.example.org:80/
https://crm.example.org:0/ https://crm.example.org:99999/ https://crm.example.org:x/ https:///vipu
https://.example.org/ https://-a.example.org/ https://a..example.org/ https://ⓛocalhost/
https://127。0。0。1/ https://１２７.0.0.1/ file:///etc/passwd ftp://crm.example.org/
gopher://crm.example.org:70/ javascript:alert(1) //crm.example.org/ crm.example.org
https://crm_example.org/ https://crm.example.1/ dict://crm.example.org/ unix:///var/run/docker.sock
"""
REFUSED_AS_WRITTEN = _REFUSED.split()
_OURS = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254
100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
::7f00:1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 2002:7f00:1:: 2002:808:808:: 2001:0:7f00:1::
2001:db8::1 fe80::1 fe80::1%eth0 2a00:1450::1%eth0 fec0::1 fc00::1 fd12::1 ff02::1 100::1 nonsense
"""
NUMBERS_OF_OURS = _OURS.split()


@dataclass
class Canary:
    """A machine in our own network: whoever reaches it is counted."""

    reached: list[str] = field(default_factory=list)

    def connect(self, number: str, port: int, timeout: float) -> socket.socket:
        """Count, whatever the number was."""
        self.reached.append(f"{number}:{port}")
        raise ConnectionRefusedError


@pytest.fixture
def canary() -> Canary:
    return Canary()


@pytest.fixture
def listener() -> Iterator[tuple[int, list[int]]]:
    """Listen on this very machine for connections that must not come."""
    came: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = door.accept()
                except TimeoutError:
                    continue
                came.append(1)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield door.getsockname()[1], came
        stop.set()
        thread.join()


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(tmp_path) as started:
        yield started


@pytest.mark.parametrize("url", REFUSED_AS_WRITTEN)
def test_an_address_that_leads_into_a_house_is_neither_kept_nor_called(url: str, canary: Canary) -> None:
    with pytest.raises(EndpointAddressRefused):
        checked_url(url)
    wire = Wire(look_up=lambda _host, _port: ["127.0.0.1"], connect=canary.connect)
    assert wire.post(url, headers={}, body=b"{}").problem == "address"
    assert canary.reached == []


def test_sixty_addresses_are_on_the_list() -> None:
    assert len(REFUSED_AS_WRITTEN) >= 60


def _leads_to(numbers: list[str], _host: str, _port: int) -> list[str]:
    return numbers


@pytest.mark.parametrize("number", NUMBERS_OF_OURS)
def test_a_name_that_leads_to_a_number_of_ours_is_not_called(number: str, canary: Canary) -> None:
    for numbers in ([number], [PUBLIC, number], [number, PUBLIC]):
        wire = Wire(look_up=partial(_leads_to, numbers), connect=canary.connect)
        assert wire.post(URL, headers={}, body=b"{}").problem == "address"
    assert canary.reached == []


@pytest.mark.parametrize("number", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:400f:80c::200e"])
def test_a_machine_out_there_may_be_called(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:{port}/", "https://localhost:{port}/", "https://[::1]:{port}/"]
)
def test_the_usual_ways_out_never_reach_this_machine(url: str, listener: tuple[int, list[int]]) -> None:
    port, came = listener
    assert Wire().post(url.format(port=port), headers={}, body=b"{}").problem == "address"
    by_name = Wire(look_up=lambda _host, _port: ["127.0.0.1"])  # the real way to connect
    assert by_name.post(f"https://{HOST}:{port}/", headers={}, body=b"{}").problem == "address"
    time.sleep(0.15)
    assert came == []


def test_a_name_that_leads_elsewhere_a_moment_later_leads_nowhere(canary: Canary) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    reply = Wire(look_up=rebinding, connect=canary.connect).post(URL, headers={}, body=b"{}")
    assert reply.problem == "connection"
    assert asked == [HOST]  # looked up once
    assert canary.reached == [f"{PUBLIC}:443"]  # and connected to what was looked at


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.behaviours = [answer(307, more="Location: https://169.254.169.254/latest/\r\n")]
    reply = receiver.wire().post(URL, headers={}, body=b"{}")
    assert (reply.status, reply.ok) == (307, False)
    assert (receiver.connections, receiver.asked) == (1, [(PUBLIC, 443)])


def test_no_proxy_of_the_environment_is_asked(
    receiver: Receiver, listener: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, came = listener
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    assert receiver.wire().post(URL, headers={}, body=b"{}").ok
    time.sleep(0.15)
    assert came == []


def test_the_receiver_gets_what_was_sent_under_its_own_name(receiver: Receiver) -> None:
    reply = receiver.wire().post(URL, headers={"webhook-id": "7"}, body='{"a":"ä"}'.encode())
    assert (reply.ok, reply.status, reply.text) == (True, 200, "thanks")
    [got] = receiver.requests
    assert got.line == "POST /vipu?key=1 HTTP/1.1"
    assert got.body == '{"a":"ä"}'.encode()
    assert (got.headers["host"], got.headers["webhook-id"]) == (HOST, "7")


def test_a_certificate_of_another_name_is_not_trusted(receiver: Receiver) -> None:
    assert receiver.wire().post("https://other.example.org/", headers={}, body=b"{}").problem == "certificate"
    assert receiver.requests == []


def test_a_receiver_that_drips_is_left_after_the_time_is_over(receiver: Receiver) -> None:
    def drip(connection: ssl.SSLSocket) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 400:
            connection.sendall(bytes([letter]))
            time.sleep(0.05)

    receiver.behaviours = [drip]
    started = time.monotonic()
    reply = receiver.wire(seconds=0.5).post(URL, headers={}, body=b"{}")
    assert reply.problem == "timeout"
    assert time.monotonic() - started < 2


def test_a_receiver_that_never_stops_talking_is_cut_off(receiver: Receiver) -> None:
    receiver.behaviours = [answer(200, words=b"a" * 300_000)]
    reply = receiver.wire().post(URL, headers={}, body=b"{}")
    assert (reply.ok, reply.text) == (True, "a" * 1024)


def test_headers_without_end_are_no_answer(receiver: Receiver) -> None:
    receiver.behaviours = [answer(200, more="".join(f"X-{n}: y\r\n" for n in range(500)))]
    assert receiver.wire().post(URL, headers={}, body=b"{}").problem == "answer"


def test_who_hangs_up_after_the_status_has_answered(receiver: Receiver) -> None:
    receiver.behaviours = [lambda one: one.sendall(b"HTTP/1.1 202 OK\r\nContent-Length: 50\r\n\r\nhalf")]
    assert receiver.wire().post(URL, headers={}, body=b"{}").status == 202


@pytest.mark.parametrize(("words", "problem"), [(b"", "connection"), (b"hello\r\n\r\n", "answer")])
def test_who_says_nothing_that_makes_sense_has_not_answered(
    receiver: Receiver, words: bytes, problem: str
) -> None:
    receiver.behaviours = [lambda one: one.sendall(words)]
    assert receiver.wire().post(URL, headers={}, body=b"{}").problem == problem


def test_an_unknown_name_and_a_slow_lookup_are_told_apart() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(0.4)
        return [PUBLIC]

    assert Wire(look_up=unknown).post(URL, headers={}, body=b"").problem == "lookup"
    assert Wire(look_up=slow, seconds=0.05).post(URL, headers={}, body=b"").problem == "timeout"


def test_how_long_to_wait_is_read_from_the_answer(receiver: Receiver) -> None:
    receiver.behaviours = [
        answer(429, more="Retry-After: 120\r\n"),
        answer(503, more="Retry-After: soon\r\n"),
    ]
    wire = receiver.wire()
    assert [wire.post(URL, headers={}, body=b"{}").retry_after for _ in range(2)] == [120, 0]


def test_a_port_of_its_own_and_a_bare_name_are_understood() -> None:
    target = target_of("https://CRM.example.org:8443")
    assert (target.host, target.port, target.path) == (HOST, 8443, "/")
    assert checked_url(f"  {URL} ") == URL
