"""Whether mail systems believe the sender: what the domain of the sender says in its public records."""

from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parseaddr
from time import monotonic

from django.conf import settings
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from backend.doctor.line import Line, bad, ok, warn
from notifications.capabilities import transport

PATIENCE = 3.0  # seconds for all the records together
SELECTORS = ("default", "s1", "s2", "selector1", "selector2", "mail", "google", "k1")

type Ask = Callable[[str, str], list[str]]  # a name and a kind of record to what it says; [] where nothing


class Unanswered(Exception):  # noqa: N818 - nothing is wrong with us
    """Nobody told what the record says: we are offline, or the answer took too long."""


def sender(at: datetime) -> Iterator[Line]:
    """Tell whether others can check that mail is ours. A demonstration sends none, so it is not asked."""
    if not settings.PRODUCTION:
        return
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = _domain(address)
    if "." in domain:
        yield from told(domain, _domain(settings.REPLY_ADDRESS or address), ask=asker())


def told(domain: str, answers: str, *, ask: Ask) -> list[Line]:
    """Judge the records of the sender's domain and of the domain that people answer to."""
    try:
        signed = [name for name in SELECTORS if _is_key(ask(f"{name}._domainkey.{domain}", "TXT"))]
        spf = [text for text in ask(domain, "TXT") if _begins(text, "v=spf1")]
        dmarc = _dmarc(domain, ask)
        return [
            _spf(domain, spf),
            _dkim(domain, signed),
            *dmarc,
            _alignment(domain, spf, signed),
            _mx(answers, ask),
        ]
    except Unanswered:
        return [warn(f"Sender: the records of {domain} could not be looked up from here.")]


def asker() -> Ask:
    """Give a way to ask the name servers of this machine that ends after a few seconds in all."""
    ends = monotonic() + PATIENCE

    def ask(name: str, kind: str) -> list[str]:
        try:
            left = ends - monotonic()
            if left <= 0:
                raise Unanswered
            found = Resolver().resolve(f"{name}.", kind, lifetime=left)
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError) as error:
            raise Unanswered from error
        return [_written(record) for record in found]

    return ask


def _written(record: object) -> str:
    """Write a record as one text; a long TXT comes in pieces that belong together."""
    pieces: tuple[bytes, ...] | None = getattr(record, "strings", None)
    return str(record) if pieces is None else b"".join(pieces).decode("ascii", "replace")


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _begins(text: str, version: str) -> bool:
    return text.replace(";", " ").lower().split()[:1] == [version]


def _tags(text: str) -> dict[str, str]:
    """Read ``v=DMARC1; p=none`` and its like."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}


def _is_key(texts: list[str]) -> bool:
    return any(_tags(text).get("p") for text in texts)


def _spf(domain: str, found: list[str]) -> Line:
    if not found:
        return warn(f"Sender: {domain} has no SPF record. Publish the one your mail provider names.")
    if len(found) > 1:
        return bad(f"Sender: {domain} has {len(found)} SPF records, so none counts. Join them into one.")
    if {"+all", "all"} & set(found[0].lower().split()):
        return bad(f"Sender: the SPF record of {domain} lets everybody send. End it with ~all or -all.")
    return ok(f"Sender: {domain} says who sends for it (SPF: {found[0]}).")


def _dkim(domain: str, signed: list[str]) -> Line:
    if signed:
        return ok(f"Sender: {domain} has a DKIM key ({', '.join(signed)}).")
    return warn(
        f"Sender: no DKIM key of {domain} under a usual name; a key cannot be looked up "
        "without its selector. Look in a received mail for dkim=pass."
    )


def _dmarc(domain: str, ask: Ask) -> Iterator[Line]:
    """Judge the nearest policy: of the domain itself, or of one above it."""
    labels = domain.split(".")
    for above in range(len(labels) - 1):
        name = ".".join(labels[above:])
        found = [text for text in ask(f"_dmarc.{name}", "TXT") if _begins(text, "v=dmarc1")]
        if len(found) > 1:
            yield bad(f"Sender: {name} has {len(found)} DMARC records, so none counts. Keep one.")
            return
        if found:
            yield _policy(name, _tags(found[0]), below=bool(above))
            return
    yield warn(f"Sender: {domain} has no DMARC record. Publish one at _dmarc.{domain}, first with p=none.")


def _policy(name: str, tags: dict[str, str], *, below: bool) -> Line:
    policy = ((tags.get("sp") if below else "") or tags.get("p") or "none").lower()
    if policy in {"quarantine", "reject"}:
        return ok(f"Sender: forged mail is put aside or refused (DMARC of {name}: {policy}).")
    return warn(
        f"Sender: DMARC of {name} only watches (none). "
        "When its reports show no mail of yours, ask for quarantine."
    )


def _alignment(domain: str, spf: list[str], signed: list[str]) -> Line:
    """Tell what lets a mail pass DMARC: a check that holds for the very domain people see as the sender."""
    if signed:
        return ok(f"Sender: mail passes DMARC when it is signed with d={domain}, for which there is a key.")
    if len(spf) == 1 and transport().name == "SMTP":
        return ok(
            f"Sender: mail returns to {domain}, so it passes DMARC by SPF if your server is listed there."
        )
    return warn(
        f"Sender: nothing found shows that mail passes DMARC. Let your provider sign with d={domain}, or a "
        "domain above or below it."
    )


def _mx(domain: str, ask: Ask) -> Line:
    servers = [text.split()[-1] for text in ask(domain, "MX")]
    if not servers:
        return warn(f"Sender: {domain} names no mail server (MX); answers of people may not arrive.")
    if servers == ["."]:
        return bad(f"Sender: {domain} takes no mail, so answers of people are lost. Use another address.")
    return ok(f"Sender: answers go to the mail server of {domain}.")
