"""What the doctor says about the domain of the sender; a made-up resolver answers, never a real one."""

from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
from dns.exception import Timeout
from dns.rdata import from_text
from dns.resolver import NXDOMAIN, NoNameservers, Resolver
from pytest_django.fixtures import Settings

from backend.doctor import domain
from backend.doctor.line import Level, Line

OK, WARN, BAD = Level.OK, Level.WARN, Level.BAD
SMTP = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
KEY = "v=DKIM1; k=rsa; p=MIGf"
GOOD: Mapping[tuple[str, str], list[str]] = {
    ("example.org", "TXT"): ["site=1", "v=spf1 include:mail.example.net -all"],
    ("mail._domainkey.example.org", "TXT"): [KEY],
    ("_dmarc.example.org", "TXT"): ["v=DMARC1; p=reject"],
    ("example.org", "MX"): ["10 mx.example.net."],
}
SPF, DKIM, DMARC, MATCH, MX = range(5)


def told(changed: Mapping[tuple[str, str], list[str]], sender: str = "example.org") -> list[Line]:
    """Ask about a domain whose records are good but for these."""
    records = {**GOOD, **changed}
    return domain.told(sender, sender, ask=lambda name, kind: records.get((name, kind), []))


def test_a_domain_that_says_everything_is_well() -> None:
    assert told({}) == [
        Line(OK, "Sender: example.org says who sends for it (SPF: v=spf1 include:mail.example.net -all)."),
        Line(OK, "Sender: example.org has a DKIM key (mail)."),
        Line(OK, "Sender: forged mail is put aside or refused (DMARC of example.org: reject)."),
        Line(OK, "Sender: mail passes DMARC when it is signed with d=example.org, for which there is a key."),
        Line(OK, "Sender: answers go to the mail server of example.org."),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "records", "line", "level", "says"),
    [
        ("example.org", "TXT", [], SPF, WARN, "has no SPF record"),
        ("example.org", "TXT", ["v=spf10 -all"], SPF, WARN, "has no SPF record"),
        ("example.org", "TXT", ["v=spf1 -all", "V=SPF1 mx ~all"], SPF, BAD, "2 SPF records, so none counts"),
        ("example.org", "TXT", ["v=spf1 +all"], SPF, BAD, "lets everybody send"),
        ("mail._domainkey.example.org", "TXT", [], DKIM, WARN, "cannot be looked up without its selector"),
        ("mail._domainkey.example.org", "TXT", ["v=DKIM1; p="], DKIM, WARN, "no DKIM key"),  # taken back
        ("_dmarc.example.org", "TXT", [], DMARC, WARN, "has no DMARC record"),
        ("_dmarc.example.org", "TXT", ["v=DMARC1; p=none"], DMARC, WARN, "only watches"),
        ("_dmarc.example.org", "TXT", ["v=DMARC1;p=none"] * 2, DMARC, BAD, "2 DMARC records, so none counts"),
        ("_dmarc.example.org", "TXT", ["v=DMARC1;p=Quarantine"], DMARC, OK, "example.org: quarantine"),
        ("example.org", "MX", [], MX, WARN, "names no mail server"),
        ("example.org", "MX", ["0 ."], MX, BAD, "takes no mail"),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    name: str, kind: str, records: list[str], line: int, level: Level, says: str
) -> None:
    found = told({(name, kind): records})[line]

    assert found.level is level
    assert says in found.text


@pytest.mark.parametrize(("policy", "level"), [("p=reject", OK), ("p=reject; sp=none", WARN)])
def test_a_domain_below_follows_the_policy_of_the_one_above(policy: str, level: Level) -> None:
    found = told({("_dmarc.example.org", "TXT"): [f"v=DMARC1; {policy}"]}, "vipu.example.org")[DMARC]

    assert found.level is level
    assert "DMARC of example.org" in found.text


def test_without_a_key_only_the_returning_mail_can_match(settings: Settings) -> None:
    without: dict[tuple[str, str], list[str]] = {("mail._domainkey.example.org", "TXT"): []}
    settings.MAILERS = SMTP
    assert told(without)[MATCH].text.startswith("Sender: mail returns to example.org")
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend"}}
    assert told(without)[MATCH].level is WARN


def test_offline_one_line_says_so(noon: datetime, settings: Settings, resolver: Callable[..., None]) -> None:
    settings.PRODUCTION, settings.DEFAULT_FROM_EMAIL = True, "Vipu <vipu@example.org>"
    for trouble in (Timeout, NoNameservers, OSError):
        resolver(trouble)
        assert list(domain.sender(noon)) == [
            Line(WARN, "Sender: the records of example.org could not be looked up from here.")
        ]


def test_a_slow_answer_ends_the_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = domain.asker()
    monkeypatch.setattr(domain, "monotonic", lambda: float("inf"))

    with pytest.raises(domain.Unanswered):
        ask("example.org", "TXT")


def test_a_demonstration_and_a_bare_host_are_not_asked(noon: datetime, settings: Settings) -> None:
    settings.PRODUCTION = False
    assert list(domain.sender(noon)) == []
    settings.PRODUCTION, settings.DEFAULT_FROM_EMAIL = True, "vipu@localhost"
    assert list(domain.sender(noon)) == []


def test_records_are_read_as_they_come(resolver: Callable[..., None]) -> None:
    resolver(None, [from_text("IN", "TXT", '"v=spf1 include:a" ".example.org -all"')])
    assert domain.asker()("example.org", "TXT") == ["v=spf1 include:a.example.org -all"]
    resolver(None, [from_text("IN", "MX", "10 mx.example.org.")])
    assert domain.asker()("example.org", "MX") == ["10 mx.example.org."]
    resolver(NXDOMAIN)
    assert domain.asker()("example.org", "TXT") == []


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a way to say what the name servers answer."""

    def answers(trouble: type[Exception] | None, records: list[object] | None = None) -> None:
        def resolve(_self: object, name: str, _kind: str, *, lifetime: float) -> list[object]:
            assert name.endswith("example.org.")
            assert 0 < lifetime <= domain.PATIENCE
            if trouble:
                raise trouble
            return records or []

        monkeypatch.setattr(Resolver, "__init__", lambda _self: None)
        monkeypatch.setattr(Resolver, "resolve", resolve)

    return answers
