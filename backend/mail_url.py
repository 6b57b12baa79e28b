"""Reads VIPU_MAIL_URL: by which way mail leaves, with the names each provider has for the same things."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

type Option = str | int | float | bool | Mapping[str, object]


class MailUrlError(ValueError):
    """The address cannot be understood; the message says what is wrong with it, without its secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """How mail leaves: an anymail or SMTP back end, who it is from, and what it may not exceed."""

    backend: str
    options: Mapping[str, Option]
    sender: str
    rate: float = 0.0  # mails in a second; 0: as many as we can
    keys: Mapping[str, Option] = field(default_factory=dict)  # for anymail to check a provider's news


@dataclass(frozen=True, slots=True, kw_only=True)
class _Provider:
    """What a provider calls its key, what it needs besides, and what signs its news."""

    key: str = "api_key"
    second: str = ""  # what it calls a second key, written after a colon
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    signed_by: str = ""  # anymail's setting for the key that signs news


PROVIDERS: Final[Mapping[str, _Provider]] = {
    "brevo": _Provider(),
    "mailersend": _Provider(key="api_token", signed_by="MAILERSEND_SIGNING_SECRET"),
    "mailgun": _Provider(may=("sender_domain", "api_url"), signed_by="MAILGUN_WEBHOOK_SIGNING_KEY"),
    "mailjet": _Provider(second="secret_key"),
    "mailtrap": _Provider(key="api_token", may=("sandbox_id",)),
    "mandrill": _Provider(signed_by="MANDRILL_WEBHOOK_KEY"),
    "postal": _Provider(needs=("api_url",), signed_by="POSTAL_WEBHOOK_KEY"),
    "postmark": _Provider(key="server_token", may=("message_stream",)),
    "resend": _Provider(),
    "scaleway": _Provider(key="secret_key", needs=("project_id",), may=("region",)),
    "sparkpost": _Provider(may=("subaccount", "api_url")),
    "unisender_go": _Provider(needs=("api_url",)),
}
_ALWAYS: Final = ("rate", "timeout")
_PATIENCE: Final = 30  # seconds for each answer
_NOT_APART: Final = (
    "VIPU_MAIL_URL cannot be taken apart. In a user name, a password or a key write % as %25, @ as %40, "
    ": as %3A, / as %2F, ? as %3F, # as %23, [ as %5B and ] as %5D; a port is a number."
)
_SMTP, _MAILBOX = "django.core.mail.backends.smtp.EmailBackend", "notifications.mailbox.MailboxBackend"


def read(url: str, *, sender: str) -> Mail:
    """Read the address; raises MailUrlError."""
    url = url.strip()
    scheme = url.partition(":")[0].lower()
    parts, query = _apart(url[len(scheme) :], has_port=scheme in {"smtp", "smtps"})
    rate = _rate(query)
    if scheme in {"smtp", "smtps"}:
        return Mail(backend=_SMTP, options=_smtp(scheme, parts, query), sender=sender, rate=rate)
    if scheme == "ses":
        options = _ses(parts, query)
        keys = {"AMAZON_SES_CLIENT_PARAMS": options["client_params"]}
        return Mail(backend=_of("amazon_ses"), options=options, sender=sender, rate=rate, keys=keys)
    if scheme == "mailbox":
        return Mail(backend=_MAILBOX, options={}, sender=sender, rate=rate)
    provider = PROVIDERS.get(scheme)
    if provider is None:
        known = ", ".join(["smtp", "smtps", "ses", *PROVIDERS])
        raise MailUrlError(f"VIPU_MAIL_URL begins with {scheme}://, which is none of {known}.")
    return Mail(
        backend=_of(scheme),
        options=_api(scheme, provider, parts, query),
        sender=sender,
        rate=rate,
        keys=_keys(scheme, provider, parts, query),
    )


def _apart(rest: str, *, has_port: bool) -> tuple[SplitResult, dict[str, str]]:
    """Take the address apart; whatever ends a password too early is refused, and nothing of it is told."""
    try:
        parts = urlsplit(f"x{rest}")  # a scheme has no underscores, but a provider's name may
        if has_port:
            _must_be_a_number = parts.port
        # a key in base64 has plus signs, and nobody means a space by them here
        written = parts.query.replace("+", "%2B")
        pairs = parse_qsl(written, keep_blank_values=True, strict_parsing=True) if written else []
    except ValueError:
        raise MailUrlError(_NOT_APART) from None
    if parts.path.strip("/") or parts.fragment or "@" in parts.query:
        raise MailUrlError(_NOT_APART)
    return parts, dict(pairs)


def _of(provider: str) -> str:
    return f"anymail.backends.{provider}.EmailBackend"


def _smtp(scheme: str, parts: SplitResult, query: Mapping[str, str]) -> dict[str, Option]:
    _only(query, scheme, (*_ALWAYS, "tls") if scheme == "smtp" else _ALWAYS)
    if not parts.hostname:
        raise MailUrlError(f"VIPU_MAIL_URL names no mail server: {scheme}://user:password@host")
    if bool(parts.username) != bool(parts.password):
        raise MailUrlError("VIPU_MAIL_URL needs a user name and a password, or neither.")
    if not (unquote(parts.username or "") + unquote(parts.password or "")).isascii():
        raise MailUrlError("VIPU_MAIL_URL: SMTP takes no letters such as ä in a user name or a password.")
    tls = query.get("tls", "1")
    if tls not in {"0", "1"}:
        raise MailUrlError("VIPU_MAIL_URL: tls is 1, as it is by itself, or 0: then everything can be read.")
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": scheme == "smtp" and tls == "1",
        "use_ssl": scheme == "smtps",
        "timeout": _timeout(query),
    }


def _ses(parts: SplitResult, query: Mapping[str, str]) -> dict[str, Option]:
    """Ask Amazon once for each mail: its client would ask again after a lost answer, and send it twice."""
    _only(query, "ses", (*_ALWAYS, "configuration_set"))
    if not re.fullmatch(r"[a-z0-9-]*", parts.netloc):
        raise MailUrlError(
            "VIPU_MAIL_URL: after ses:// stands a region and nothing else, such as ses://eu-north-1; "
            "the key is read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from the machine's role."
        )
    waits = {"connect_timeout": _timeout(query), "read_timeout": _timeout(query)}
    client: dict[str, object] = {"config": {**waits, "retries": {"total_max_attempts": 1}}}
    if parts.netloc:
        client["region_name"] = parts.netloc
    options: dict[str, Option] = {"client_params": client}
    if chosen := query.get("configuration_set"):
        options["configuration_set_name"] = chosen
    return options


def _api(scheme: str, provider: _Provider, parts: SplitResult, query: Mapping[str, str]) -> dict[str, Option]:
    signed = ("signing_key",) if provider.signed_by else ()
    _only(query, scheme, (*_ALWAYS, *provider.needs, *provider.may, *signed))
    first, _colon, second = parts.netloc.partition(":")
    options: dict[str, Option] = {provider.key: unquote(first)}
    if provider.second:
        options[provider.second] = unquote(second)
    if not all(options.values()):
        raise MailUrlError(f"VIPU_MAIL_URL needs the key of the provider: {_example(scheme, provider)}")
    if missing := [name for name in provider.needs if not query.get(name)]:
        raise MailUrlError(f"VIPU_MAIL_URL lacks {missing[0]}: {_example(scheme, provider)}")
    options |= {name: query[name] for name in (*provider.needs, *provider.may) if query.get(name)}
    options["requests_timeout"] = _timeout(query)
    return options


def _keys(
    scheme: str, provider: _Provider, parts: SplitResult, query: Mapping[str, str]
) -> dict[str, Option]:
    """Name the keys as anymail's webhook views look for them."""
    if scheme == "unisender_go":  # signs with the key of the API
        return {"UNISENDER_GO_API_KEY": unquote(parts.netloc)}
    if provider.signed_by and query.get("signing_key"):
        return {provider.signed_by: query["signing_key"]}
    return {}


def _only(query: Mapping[str, str], scheme: str, allowed: tuple[str, ...]) -> None:
    if unknown := sorted(set(query) - set(allowed)):
        raise MailUrlError(
            f"VIPU_MAIL_URL has {unknown[0]!r}, and {scheme}:// knows {', '.join(sorted(allowed))}."
        )


def _rate(query: Mapping[str, str]) -> float:
    try:
        rate = float(query.get("rate", "0"))
        patience = _timeout(query)
    except ValueError:
        rate, patience = -1.0, 0
    if not 0 <= rate < float("inf") or patience < 1:
        raise MailUrlError(
            "VIPU_MAIL_URL: rate and timeout are numbers, mails in a second and whole seconds, "
            "such as ?rate=14&timeout=30."
        )
    return rate


def _timeout(query: Mapping[str, str]) -> int:
    return int(query.get("timeout", _PATIENCE))


def _example(scheme: str, provider: _Provider) -> str:
    key = f"KEY:{provider.second.upper()}" if provider.second else "KEY"
    needs = "&".join(f"{name}=…" for name in provider.needs)
    return f"{scheme}://{key}{'?' + needs if needs else ''}"
