"""What the doctor tells about the mail server, and about the mails that come back."""

import sys
from datetime import datetime

import pytest
from pytest_django.fixtures import Settings

from backend.doctor import Level, Line, post
from tests.faults.sink import Sink

OK, WARN, BAD = Level.OK, Level.WARN, Level.BAD


def test_the_mail_server_is_asked_whether_it_lets_us_in(noon: datetime, settings: Settings) -> None:
    with Sink() as sink:
        settings.MAILERS = sink.mailers(timeout=5)
        assert list(post.server(noon)) == [Line(OK, "Mail: the mail server answers.")]
        settings.MAILERS["default"]["OPTIONS"] |= {"use_tls": True}
        [no_tls] = post.server(noon)
        settings.MAILERS["default"]["OPTIONS"] |= {"use_tls": False, "use_ssl": True}
        [no_ssl] = post.server(noon)
        settings.MAILERS = sink.mailers(timeout=5)
    [gone] = post.server(noon)

    assert {no_tls.level, no_ssl.level, gone.level} == {BAD}
    assert "offers no STARTTLS" in no_tls.text
    assert "speaks no TLS on this port" in no_ssl.text
    assert gone.text == (
        "Mail: no way to the mail server, nothing listens at this host and port "
        "(ConnectionRefusedError). See VIPU_MAIL_URL."
    )


@pytest.mark.parametrize(
    ("provider", "secret", "level", "told"),
    [
        ("postmark", "", WARN, "Nobody hears what postmark tells: no secret is set. Set VIPU_WEBHOOK_SECRET"),
        ("postmark", "name:" + 16 * "x", OK, "what postmark tells is taken in"),
        ("mailersend", "name:" + 16 * "x", BAD, "Write the key into VIPU_MAIL_URL as signing_key="),
        ("scaleway", "", WARN, "does not tell what becomes of a mail"),
    ],
)
def test_whether_anybody_hears_of_returned_mail_is_told(
    noon: datetime, settings: Settings, provider: str, secret: str, level: Level, told: str
) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"anymail.backends.{provider}.EmailBackend", "OPTIONS": {}}}
    settings.WEBHOOK_SECRET = secret
    settings.ANYMAIL = {"WEBHOOK_SECRET": secret}

    [line] = post.news(noon)
    assert line.level is level
    assert told in line.text


def test_a_relay_tells_nobody_but_the_sender(noon: datetime, settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {}}}
    settings.PRODUCTION = True
    assert list(post.news(noon)) == [
        Line(OK, "Returned mail: the relay sends it to the mailbox of the sender.")
    ]


def test_a_providers_key_is_not_tried(noon: datetime, settings: Settings) -> None:
    options = {"server_token": "made up"}
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": options}}
    assert list(post.server(noon)) == []


def test_amazon_without_its_package_is_bad(
    noon: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("anymail.backends.amazon_ses", "boto3"):  # as where the extra set is not installed
        monkeypatch.setitem(sys.modules, name, None)
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.amazon_ses.EmailBackend", "OPTIONS": {}}}
    [line] = post.server(noon)
    assert line.level is BAD
    assert "Build the image with PACKAGES=ses" in line.text
