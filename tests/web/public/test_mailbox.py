"""The mailbox of a trial shows every part of a mail, runs none of it, and is not there in production."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Vipu//FI
METHOD:REQUEST
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20270301T120000Z
DTSTART:20270413T053000Z
DTEND:20270413T070000Z
SEQUENCE:0
SUMMARY:Lähiluonnon saavutettavuus
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PRODUCTION = False
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    return tmp_path / "mailbox"


@pytest.fixture
def letter(folder: Path) -> str:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Olet mukana", "Vipu <vipu@localhost>", "aino@example.org"
    mail["Date"] = "Mon, 01 Mar 2027 12:00:00 +0000"
    mail.set_content("Olet mukana: http://127.0.0.1:8000/r/abc/")
    mail.add_alternative(
        '<html lang="fi"><head></head><body><script>alert(1)</script>Olet mukana</body></html>', "html"
    )
    mail.add_alternative(ICS.encode(), "text", "calendar", cte="base64")
    folder.mkdir()
    (folder / "20270301-a.eml").write_bytes(mail.as_bytes())
    return "/mailbox/20270301-a/"


def test_an_empty_mailbox_says_what_to_do(browser: Client, db: None) -> None:
    assert "Ei vielä viestejä." in browser.get("/mailbox/").text


def test_the_list_can_be_searched_by_address(browser: Client, letter: str) -> None:
    assert letter in browser.get("/mailbox/?q=AINO@").text
    assert letter not in browser.get("/mailbox/?q=veera").text


def test_a_mail_shows_its_invitation_in_words_and_its_links(browser: Client, letter: str) -> None:
    page = browser.get(letter).text
    assert "<strong>Lähiluonnon saavutettavuus</strong><br>ti 13.4.2027 klo 8.30–10.00" in page
    assert 'href="http://127.0.0.1:8000/r/abc/"' in page
    assert '<h1 lang="fi">Olet mukana</h1>' in page


def test_the_html_of_a_mail_runs_nothing(browser: Client, letter: str) -> None:
    assert 'sandbox="allow-top-navigation-by-user-activation allow-popups"' in browser.get(letter).text
    answer = browser.get(letter + "html/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_invitation_is_downloaded_byte_for_byte(browser: Client, letter: str) -> None:
    answer = browser.get(letter + "invite.ics")
    assert answer.content.decode() == ICS
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"


@pytest.mark.parametrize("name", ["nothing", "..", "%2e%2e%2fsecret-key", "..%5Csecret-key"])
def test_only_listed_names_open_anything(browser: Client, letter: str, name: str) -> None:
    assert browser.get(f"/mailbox/{name}/").status_code == 404


def test_production_has_no_mailbox(browser: Client, letter: str, settings: Settings) -> None:
    settings.PRODUCTION = True
    for address in ("/mailbox/", letter, letter + "html/", letter + "invite.ics"):
        assert browser.get(address).status_code == 404
