"""Whether the mail server lets us in, and whether anybody hears of the mails that come back."""

import ssl
from collections.abc import Iterator
from datetime import datetime
from smtplib import SMTPAuthenticationError, SMTPException, SMTPNotSupportedError, SMTPServerDisconnected
from socket import gaierror
from typing import cast

from django.conf import settings
from django.core.checks import ERROR
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.core.mail.backends.smtp import EmailBackend

from backend.doctor.line import Line, bad, ok, warn
from notifications.capabilities import transport
from notifications.checks import news_can_be_heard

PATIENCE = 5  # seconds for each answer of the mail server

# The nearest of the kinds an error is of; the words of the error itself may repeat an address
_WHY: tuple[tuple[type[Exception], str], ...] = (
    (SMTPAuthenticationError, "it refuses the user name or the password"),
    (SMTPNotSupportedError, "it offers no STARTTLS or no sign-in on this port; smtps:// may be meant"),
    (SMTPServerDisconnected, "it hangs up; smtps:// or another port may be meant"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted for this name"),
    (ssl.SSLError, "it speaks no TLS on this port; smtp:// may be meant"),
    (gaierror, "no host of this name is known here"),
    (ConnectionRefusedError, "nothing listens at this host and port"),
    (TimeoutError, "it does not answer; a firewall may be in between"),
)


def server(at: datetime) -> Iterator[Line]:
    """Connect and sign in as a worker would, and leave again; a provider's key shows with the first mail."""
    try:
        backend = mailers.default
    except ImproperlyConfigured:  # only Amazon's way needs more than everybody has
        yield bad(
            f"Mail: {transport().name} cannot be used, a package is missing. "
            "Build the image with PACKAGES=ses, install requirements/ses.lock, or use Amazon's SMTP address."
        )
        return
    if transport().name == "SMTP":
        yield _tried(cast("EmailBackend", backend))


def _tried(backend: EmailBackend) -> Line:
    backend.timeout = PATIENCE
    try:
        with backend:
            pass
    except (OSError, SMTPException) as error:
        why = next((told for kind, told in _WHY if isinstance(error, kind)), "it does not let us in")
        return bad(f"Mail: no way to the mail server, {why} ({type(error).__name__}). See VIPU_MAIL_URL.")
    signed = " and takes our sign-in" if backend.username else ""
    return ok(f"Mail: the mail server answers{signed}.")


def news(at: datetime) -> Iterator[Line]:
    """Tell who hears of the mails that come back."""
    if not transport().provider:
        if settings.PRODUCTION:
            yield ok("Returned mail: the relay sends it to the mailbox of the sender.")
        return
    wrong = news_can_be_heard(None)
    for one in wrong:
        line = bad if one.level >= ERROR else warn
        yield line(f"Returned mail: {one.msg}{f' {one.hint}' if one.hint else ''}")
    if not wrong:
        yield ok(f"Returned mail: what {transport().name} tells is taken in.")
