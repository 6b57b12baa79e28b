"""Mail that is kept as files instead of being sent."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings


def send(to: str, subject: str = "Hei") -> None:
    message = EmailMultiAlternatives(subject, "Terve ä\n", "vipu@example.org", [to])
    message.attach_alternative("<p>Terve ä</p>", "text/html")
    message.attach("ohjelma.pdf", b"%PDF", "application/pdf")
    message.send(using="default")


def test_a_mail_is_one_file_that_reads_as_it_was_sent(settings: Settings) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    send("aino@example.org")

    [file] = Path(settings.MAILBOX_DIR).iterdir()
    content = file.read_bytes()
    mail = message_from_bytes(content, policy=policy.default)
    bodies = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    assert file.suffix == ".eml"
    assert content.startswith(b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed")
    assert (mail["Subject"], mail["To"]) == ("Hei", "aino@example.org")
    assert bodies == {
        "text/plain": "Terve ä\r\n",
        "text/html": "<p>Terve ä</p>\r\n",
        "application/pdf": b"%PDF",
    }
    assert parsedate_to_datetime(mail["Date"]) >= before


def test_names_sort_by_the_time_they_were_written(settings: Settings) -> None:
    for subject in ("1", "2", "3"):
        send("aino@example.org", subject)

    files = sorted(Path(settings.MAILBOX_DIR).iterdir())
    subjects = [message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] for file in files]
    assert subjects == ["1", "2", "3"]
