"""The bytes that travel say exactly what was meant, whatever stands in them."""

import email
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import wire

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=300)


def read(headers: list[tuple[str, str]], body: wire.Part) -> EmailMessage:
    content = wire.mail(headers, body, at=AT)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    return email.message_from_bytes(content, policy=policy.default)


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_words_arrive_as_they_were_written(words: str) -> None:
    body = wire.multipart(
        [wire.text_part(words, subtype="plain"), wire.text_part(words, subtype="html")],
        subtype="alternative",
        boundary="=_a.d-1",
    )

    mail = read([("Subject", "x")], body)

    halves = [part.get_content().replace("\r\n", "\n") for part in mail.iter_parts()]
    assert halves == [words.rstrip("\n") + "\n"] * 2


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=120))
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    mail = read([("Subject", subject)], wire.text_part("x", subtype="plain"))

    assert str(mail["Subject"]).split() == subject.split()


@pytest.mark.parametrize(
    ("address", "travels"),
    [
        ("aino@example.org", "aino@example.org"),
        ("aino+kahvit.2027@example.org", "aino+kahvit.2027@example.org"),
        ("aino@jyväskylä.example.org", "aino@xn--jyvskyl-7wae.example.org"),
        ('"aino esimerkki"@example.org', '"aino esimerkki"@example.org'),
    ],
)
def test_an_address_travels_in_the_form_that_servers_know(address: str, travels: str) -> None:
    assert read([("To", address)], wire.text_part("x", subtype="plain"))["To"] == travels


def test_a_sender_keeps_the_letters_of_its_name() -> None:
    mail = read([("From", "Ympäristöministeriö <vipu@example.org>")], wire.text_part("x", subtype="plain"))

    [sender] = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Ympäristöministeriö", "vipu@example.org")


@pytest.mark.parametrize("name", ["Subject", "To", "From", "Reply-To", "X-VIPU-Delivery"])
@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\n "])
def test_a_line_break_in_any_header_is_refused(name: str, break_: str) -> None:
    evil = f"aino@example.org{break_}Bcc: kaikki@example.org"

    with pytest.raises(ValueError, match=r"[Nn]ewline|[Ll]inefeed|invalid|CR or LF"):
        wire.mail([(name, evil)], wire.text_part("x", subtype="plain"), at=AT)
