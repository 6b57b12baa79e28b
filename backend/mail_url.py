"""Reads VIPU_MAIL_URL: by which way mail leaves, with the names each provider has for the same things."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

type Option = str | int | float | bool | dict[str, str]


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
_ALWAYS: Final = ("rate", "timeout", "signing_key")
_SMTP, _MAILBOX = "django.core.mail.backends.smtp.EmailBackend", "notifications.mailbox.MailboxBackend"


def read(url: str, *, sender: str) -> Mail:
    """Read the address; raises MailUrlError."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    scheme = url.partition(":")[0].lower()  # a scheme has no underscores, but a provider's name may
    if scheme not in parts.scheme:
        parts = urlsplit(f"x{url[len(scheme) :]}")
        query = dict(parse_qsl(parts.query))
    rate = _rate(query)
    if scheme in {"smtp", "smtps"}:
        return Mail(backend=_SMTP, options=_smtp(scheme, parts, query), sender=sender, rate=rate)
    if scheme == "ses":
        options = _ses(parts, query)
        keys = {"AMAZON_SES_CLIENT_PARAMS": options["client_params"]} if "client_params" in options else {}
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


def _of(provider: str) -> str:
    return f"anymail.backends.{provider}.EmailBackend"


def _smtp(scheme: str, parts: SplitResult, query: Mapping[str, str]) -> dict[str, Option]:
    _only(query, "smtp", (*_ALWAYS, "tls"))
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": scheme == "smtp" and query.get("tls", "1") == "1",
        "use_ssl": scheme == "smtps",
        "timeout": int(query.get("timeout", "30")),
    }


def _ses(parts: SplitResult, query: Mapping[str, str]) -> dict[str, Option]:
    _only(query, "ses", (*_ALWAYS, "configuration_set"))
    options: dict[str, Option] = {"client_params": {"region_name": parts.netloc}} if parts.netloc else {}
    if chosen := query.get("configuration_set"):
        options["configuration_set_name"] = chosen
    return options


def _api(scheme: str, provider: _Provider, parts: SplitResult, query: Mapping[str, str]) -> dict[str, Option]:
    _only(query, scheme, (*_ALWAYS, *provider.needs, *provider.may))
    first, _colon, second = parts.netloc.partition(":")
    options: dict[str, Option] = {provider.key: unquote(first)}
    if provider.second:
        options[provider.second] = unquote(second)
    if not all(options.values()):
        raise MailUrlError(f"VIPU_MAIL_URL needs the key of the provider: {_example(scheme, provider)}")
    if missing := [name for name in provider.needs if not query.get(name)]:
        raise MailUrlError(f"VIPU_MAIL_URL lacks {missing[0]}: {_example(scheme, provider)}")
    options |= {name: query[name] for name in (*provider.needs, *provider.may) if query.get(name)}
    if "timeout" in query:
        options["requests_timeout"] = int(query["timeout"])
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
        int(query.get("timeout", "0"))
    except ValueError:
        raise MailUrlError("VIPU_MAIL_URL: rate and timeout are numbers, such as ?rate=14.") from None
    if not 0 <= rate < float("inf"):
        raise MailUrlError("VIPU_MAIL_URL: rate is how many mails leave in a second, such as ?rate=14.")
    return rate


def _example(scheme: str, provider: _Provider) -> str:
    key = f"KEY:{provider.second.upper()}" if provider.second else "KEY"
    needs = "&".join(f"{name}=…" for name in provider.needs)
    return f"{scheme}://{key}{'?' + needs if needs else ''}"
