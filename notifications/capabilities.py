"""What the connected transport can carry, so that an invitation never depends on luck."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.conf import settings


class Layout(Enum):
    """Where the calendar object travels in a mail."""

    FULL = (
        "A"  # as a third alternative and as a file: calendars show buttons, and follow changes by themselves
    )
    FILE = "B"  # as a file only: the reader opens it


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """One way mail can leave."""

    name: str
    layout: Layout
    keeps_method: bool = True  # False: a MIME type with parameters is refused or lost
    provider: str = ""  # whose API it is, as anymail and VIPU_MAIL_URL name it; empty: none
    metadata: bool = False  # what we give along comes back with the news

    def describe(self) -> str:
        """Say in plain words what an invitation looks like on this way."""
        if self.layout is Layout.FULL:
            return f"{self.name}: full calendar invitations (layout A)"
        lost = "" if self.keeps_method else ", without the method parameter"
        return f"{self.name}: calendar invitations as an attached file only (layout B{lost})"


_RAW: Final = {
    "django.core.mail.backends.smtp": "SMTP",
    "django.core.mail.backends.locmem": "memory",
    "django.core.mail.backends.filebased": "files",
    "django.core.mail.backends.console": "console",
    "notifications.mailbox": "mailbox",
    "anymail.backends.amazon_ses": "Amazon SES",
}
_LOSES_METHOD: Final = {"resend", "brevo", "mailersend"}
_NO_METADATA: Final = {"mailersend", "postal"}
_ANYMAIL: Final = "anymail.backends."


def transport(backend: str = "") -> Transport:
    """Tell what a back end can carry; the connected one when none is named."""
    path = backend or str(settings.MAILERS["default"]["BACKEND"])
    module = path.rpartition(".")[0]
    provider = module.removeprefix(_ANYMAIL) if module.startswith(_ANYMAIL) else ""
    metadata = bool(provider) and provider not in _NO_METADATA
    if name := _RAW.get(module):
        return Transport(name=name, layout=Layout.FULL, provider=provider, metadata=metadata)
    name = module.rpartition(".")[2]
    return Transport(
        name=name,
        layout=Layout.FILE,
        keeps_method=name not in _LOSES_METHOD,
        provider=provider,
        metadata=metadata,
    )
