"""Keeps personal links and addresses out of every log line, whoever writes it."""

import logging
import re

_LINKS = re.compile(r"/(r|j|s|d|p|feed|register|unsubscribe)/[A-Za-z0-9_-]{16,}")
_ADDRESSES = re.compile(r"[\w.+%-]+@[\w-]+\.[\w.-]+")


def without_secrets(text: str) -> str:
    """Give the text with the secret of each personal link, and each e-mail address, left out."""
    return _ADDRESSES.sub("…@…", _LINKS.sub(r"/\1/…", text))


class Line(logging.Formatter):
    """One line a thing; the traceback below it is cleaned as well."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record without secrets."""
        return without_secrets(super().format(record))
