"""What people type, made safe to keep: trimmed, normalised, without characters nobody can see."""

import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

_INVISIBLE = {"Cc", "Cs", "Cn", "Co"}
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


def has_control_characters(value: str, *, multiline: bool = False) -> bool:
    """Tell whether the text holds characters that cannot be seen or would turn the line around."""
    allowed = "\n\r\t" if multiline else ""
    return any((unicodedata.category(c) in _INVISIBLE and c not in allowed) or c in _BIDI for c in value)


def one_line(value: str) -> str:
    """Normalise to NFC, trim, and fold every run of white space into one space."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def paragraphs(value: str) -> str:
    """Normalise to NFC with line feeds only; keeps the writer's paragraphs."""
    return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()


def shortened(value: str, *, limit: int) -> str:
    """Cut a line at a word, with a sign that there was more; within a word only where there is no other."""
    if len(value) <= limit:
        return value
    head = value[: limit - 1]
    words = head if value[limit - 1] == " " else head.rpartition(" ")[0] or head
    return words.rstrip(" ,;:–-") + "…"


def email_address(value: str) -> str | None:
    """Give the address as it is to be mailed, or None when it cannot be one.

    The local part stays as typed, the domain becomes lower case. Addresses that need SMTPUTF8 are
    refused, since a relay without it would lose the mail.
    """
    try:
        checked = validate_email(value.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    fits = len(checked.local_part) <= 64 and len(checked.normalized) <= 254  # noqa: PLR2004 - RFC 5321 4.5.3.1
    return checked.normalized if fits else None


def email_key(address: str) -> str:
    """Give the form by which two spellings of one mailbox are recognised.

    Local part lower-cased in ASCII only, domain as an A-label of IDNA 2008, so that look-alikes never meet:
    straße.de and strasse.de are two domains with two owners.
    """
    local, _, domain = address.rpartition("@")
    lowered = "".join(c.lower() if c.isascii() else c for c in local)
    return f"{lowered}@{_a_label(domain)}"


@lru_cache(maxsize=1024)  # people share few domains
def _a_label(domain: str) -> str:
    try:
        checked = validate_email(f"x@{domain}", check_deliverability=False)
    except EmailNotValidError:  # kept before the rules were as strict as they are
        return domain.lower()
    return str(checked.ascii_domain).lower()
