"""The only reader of the environment: what is connected decides the profile.

Nothing set: the embedded profile, on this machine only. ``DATABASE_URL`` or ``REDIS_URL`` set: the
production profile, which starts only when everything it needs is there and otherwise says what is missing.
"""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageDefect
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from backend import mail_url, sms_url
from backend.mail_url import Mail
from backend.sms_url import Sms
from notifications.sender import address_of

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class ConfigurationError(SystemExit):
    """The service may not start like this; the message is the list an operator can act on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """How answers to calendar invitations come back; without an address nobody reads them."""

    address: str = ""  # the monitored one: each invitation is answered to address+token
    mailbox_url: str = ""  # imaps://user:password@host/INBOX
    folder: Path | None = None  # mails dropped here are read: a trial needs no mail server


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that differs from one installation to the next."""

    production: bool
    data_dir: Path
    secret_key: str
    hosts: tuple[str, ...]
    public_url: str
    database_url: str
    redis_url: str
    mail: Mail
    sms: Sms
    replies: Replies
    webhook_secret: str
    rate_limits: bool
    trusted_proxies: int
    metrics_token: str
    https: bool
    bind: str
    web_workers: int
    worker_processes: int


_MAILBOX = "notifications.mailbox.MailboxBackend"


def read(env: Mapping[str, str] | None = None) -> Config:
    """Read the environment once, at start."""
    env = os.environ if env is None else env
    if any(env.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE")):
        return _production(env)
    return _embedded(env)


def _embedded(env: Mapping[str, str]) -> Config:
    data_dir = Path(env.get("VIPU_DATA_DIR") or ROOT / "data").resolve()
    port = env.get("PORT") or "8000"
    return Config(
        production=False,
        data_dir=data_dir,
        secret_key=env.get("SECRET_KEY") or _kept_secret(data_dir),
        hosts=tuple(sorted(LOOPBACK)),
        public_url=(env.get("VIPU_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        database_url="",
        redis_url="",
        mail=Mail(
            backend=_MAILBOX, options={}, sender=_sender(env.get("VIPU_MAIL_FROM") or "Vipu <vipu@localhost>")
        ),
        sms=_sms(env.get("VIPU_SMS_URL", f"file://{data_dir / 'mailbox'}")),
        replies=Replies(
            address=_reply_address(env.get("VIPU_REPLY_ADDRESS") or "ilmo@localhost"),
            mailbox_url=_reply_mailbox(_value(env, "VIPU_REPLY_MAIL_URL")),
            folder=data_dir / "replies",
        ),
        webhook_secret=_webhook_secret(_value(env, "VIPU_WEBHOOK_SECRET")),
        rate_limits=env.get("VIPU_RATE_LIMITS") != "off",
        trusted_proxies=0,
        metrics_token=env.get("VIPU_METRICS_TOKEN", ""),
        https=False,
        bind=env.get("VIPU_BIND") or f"127.0.0.1:{port}",
        web_workers=1,
        worker_processes=1,
    )


_NEEDED = {
    "DATABASE_URL": "the PostgreSQL database, postgres://user:password@host/name",
    "REDIS_URL": "the Redis or Valkey server that wakes the workers, redis://host:6379/0",
    "SECRET_KEY": "a long random text; personal links are derived from it",
    "VIPU_HOSTS": "the host names this service answers to, separated by commas",
    "VIPU_PUBLIC_URL": "the address people use, https://…",
    "VIPU_MAIL_URL": "how mail leaves: smtp://user:password@host:587 or ses://region",
    "VIPU_MAIL_FROM": "the sender people see and may answer, Name <address>",
}


def _production(env: Mapping[str, str]) -> Config:
    given = {name: _value(env, name) for name in _NEEDED}
    hosts = tuple(host.strip() for host in given["VIPU_HOSTS"].split(",") if host.strip())
    limits = env.get("VIPU_RATE_LIMITS") != "off"
    _refuse_incomplete(given, hosts=hosts, limits=limits)
    public_url = _public_url(given["VIPU_PUBLIC_URL"])
    return Config(
        production=True,
        data_dir=Path(env.get("VIPU_DATA_DIR") or ROOT / "data").resolve(),
        secret_key=given["SECRET_KEY"],
        hosts=hosts,
        public_url=public_url,
        database_url=given["DATABASE_URL"],
        redis_url=given["REDIS_URL"],
        mail=_mail(given["VIPU_MAIL_URL"], sender=_sender(given["VIPU_MAIL_FROM"])),
        sms=_sms(_value(env, "VIPU_SMS_URL")),
        replies=Replies(
            address=_reply_address(env.get("VIPU_REPLY_ADDRESS", "")),
            mailbox_url=_reply_mailbox(_value(env, "VIPU_REPLY_MAIL_URL")),
        ),
        webhook_secret=_webhook_secret(_value(env, "VIPU_WEBHOOK_SECRET")),
        rate_limits=limits,
        trusted_proxies=_number(env, "VIPU_TRUSTED_PROXIES", 0),
        metrics_token=_value(env, "VIPU_METRICS_TOKEN"),
        https=public_url.startswith("https://"),
        bind=env.get("VIPU_BIND") or f"0.0.0.0:{env.get('PORT') or '8000'}",
        web_workers=_number(env, "VIPU_WEB_WORKERS", 2),
        worker_processes=_number(env, "VIPU_WORKER_PROCESSES", 2),
    )


def _refuse_incomplete(given: Mapping[str, str], *, hosts: tuple[str, ...], limits: bool) -> None:
    missing = [f"  {name}  {what}" for name, what in _NEEDED.items() if not given[name]]
    if given["VIPU_MAIL_URL"] and "://" not in given["VIPU_MAIL_URL"]:
        missing.append(f"  VIPU_MAIL_URL  {_NEEDED['VIPU_MAIL_URL']}")
    if not limits and not set(hosts) <= LOOPBACK:
        missing.append("  VIPU_RATE_LIMITS=off is for load runs on this machine; remove it")
    if missing:
        raise ConfigurationError(
            "Vipu does not start in the production profile. Missing:\n" + "\n".join(missing)
        )


def _value(env: Mapping[str, str], name: str) -> str:
    """Take the value, or what stands in the file that ``<name>_FILE`` points to."""
    path = env.get(f"{name}_FILE")
    if not path:
        return env.get(name, "")
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ConfigurationError(
            f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
        ) from error


def _public_url(written: str) -> str:
    """Check the address that links in mails begin with."""
    if _host_of(written, schemes=("https", "http")) is None:
        raise ConfigurationError(
            "VIPU_PUBLIC_URL must be the whole address that people use, such as https://vipu.example.org."
        )
    return written.rstrip("/")


def _host_of(url: str, *, schemes: tuple[str, ...]) -> SplitResult | None:
    """Take an address apart; None where it has another scheme, no host, or a port that is no number."""
    try:
        parts = urlsplit(url)
        _must_be_a_number = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in schemes and parts.hostname else None


def _sender(written: str) -> str:
    """Check who mail is from: a sender that no mail can have would be found at every mail."""
    with suppress(ValueError, HeaderParseError, MessageDefect):
        address = address_of(written)
        if written.isprintable() and (written == address or written.endswith(f"<{address}>")):
            return written
    raise ConfigurationError(
        "VIPU_MAIL_FROM must be one address that people may answer, alone or after a name: "
        "Vipu <vipu@example.org>. A name with a comma stands in quotation marks."
    )


_REPLY_LOCAL = 40  # with "+" and the token of an invitation the local part stays within 64 characters


def _reply_address(written: str) -> str:
    """Check the monitored address: bare, without a plus sign, and with room for a token."""
    local, at, domain = written.strip().rpartition("@")
    plain = re.fullmatch(r"[A-Za-z0-9._-]+", local) and re.fullmatch(r"[A-Za-z0-9.-]+", domain)
    if written and not (at and plain and len(local) <= _REPLY_LOCAL):
        raise ConfigurationError(
            "VIPU_REPLY_ADDRESS must be a bare address such as ilmo@example.org: "
            f"no name, no plus sign, at most {_REPLY_LOCAL} characters before the @."
        )
    return written.strip()


def _reply_mailbox(url: str) -> str:
    parts = _host_of(url, schemes=("imap", "imaps"))
    if url and not (parts and parts.username and unquote(url).isascii()):
        raise ConfigurationError(
            "VIPU_REPLY_MAIL_URL must look like imaps://user:password@host/INBOX; in the user name and the "
            "password write % as %25, / as %2F, ? as %3F, # as %23, [ as %5B and ] as %5D; "
            "IMAP takes no letters such as ä there."
        )
    return url


def _webhook_secret(written: str) -> str:
    if written and not re.fullmatch(r"[^:]+:.{16,}", written):
        raise ConfigurationError(
            "VIPU_WEBHOOK_SECRET must look like name:secret, the secret 16 characters or more."
        )
    return written


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    written = env.get(name) or str(default)
    if not written.isdecimal():
        raise ConfigurationError(f"{name} must be a whole number, and is {written!r}.")
    return int(written)


def _kept_secret(data_dir: Path) -> str:
    """Make the secret once and keep it beside the data, readable by its owner only."""
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f".secret-key.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # the first process wins; the others read what it wrote
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _mail(url: str, *, sender: str) -> Mail:
    try:
        return mail_url.read(url, sender=sender)
    except mail_url.MailUrlError as error:
        raise ConfigurationError(str(error)) from None


def _sms(url: str) -> Sms:
    try:
        return sms_url.read(url)
    except sms_url.SmsUrlError as error:
        raise ConfigurationError(str(error)) from None
