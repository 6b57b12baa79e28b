"""Mail kept in files, and read again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from backend.core.errors import NotFound
from notifications import mailbox


def send(to: str, subject: str = "Hei") -> None:
    message = EmailMultiAlternatives(subject, "Terve ä\n", "vipu@example.org", [to])
    message.attach_alternative("<p>Terve ä</p>", "text/html")
    message.attach("ohjelma.pdf", b"%PDF", "application/pdf")
    message.send(using="default")


def test_a_mail_is_one_file_and_reads_as_it_was_sent(settings: Settings) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    send("aino@example.org")

    [item] = mailbox.mails()
    assert (item.subject, item.to, item.text, item.html.strip(), item.calendar) == (
        "Hei",
        "aino@example.org",
        "Terve ä\n",
        "<p>Terve ä</p>",
        "",
    )
    assert item.attachments == (mailbox.Attachment("ohjelma.pdf", "application/pdf", b"%PDF"),)
    assert item.date >= before
    assert item == mailbox.mail(item.name)
    assert [path.name for path in Path(settings.MAILBOX_DIR).iterdir()] == [item.name]
    assert mailbox.source(item.name).startswith(b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed")


def test_newest_first_and_by_recipient() -> None:
    assert mailbox.mails() == []
    for to, subject in [("aino@example.org", "1"), ("veera@example.org", "2"), ("aino@example.org", "3")]:
        send(to, subject)

    assert [item.subject for item in mailbox.mails()] == ["3", "2", "1"]
    assert [item.subject for item in mailbox.mails(limit=1)] == ["3"]
    assert [item.subject for item in mailbox.mails(to="Aino@example.org")] == ["3", "1"]
    mailbox.empty()
    assert mailbox.names() == []


@pytest.mark.parametrize("name", ["", "../secret-key", "20270301T120000.000000Z-00000000.eml", "a.eml\n"])
def test_only_our_own_mails_can_be_read(name: str, tmp_path: Path) -> None:
    send("aino@example.org")
    (tmp_path / "secret-key").write_text("no")

    with pytest.raises(NotFound):
        mailbox.source(name)
