"""Reads VIPU_SMS_URL: by which way text messages leave. Empty: they do not, and none is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit


class SmsUrlError(ValueError):
    """The address cannot be understood; the message says what is wrong with it, without its secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """How text messages leave: the class that hands them over, and its options; no class: they do not."""

    backend: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


OFF: Final = Sms()
_KNOWN: Final = "console://, file:///folder"


def read(url: str) -> Sms:
    """Read the address; raises SmsUrlError. A provider is one class and one more branch here."""
    if not url:
        return OFF
    parts = urlsplit(url)
    if parts.scheme == "console":
        return Sms(backend="notifications.sms.providers.Console")
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/"):
            raise SmsUrlError(
                "VIPU_SMS_URL needs the whole path of the folder, with three slashes: file:///folder."
            )
        return Sms(backend="notifications.sms.providers.Folder", options={"folder": unquote(parts.path)})
    scheme = url.partition(":")[0] if "://" in url else "something else"
    raise SmsUrlError(f"VIPU_SMS_URL begins with {scheme}, which is none of {_KNOWN}.")
