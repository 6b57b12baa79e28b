"""Phone numbers as people write them, and as they are dialled from everywhere (E.164). Pure."""

import re
from typing import Final

_FILLING: Final = re.compile(r"\(0\)|[\s().\-/\u2010-\u2015]")
_WHOLE: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_FINNISH: Final = re.compile(r"\+358[1-9][0-9]{5,11}")


def international(written: str) -> str | None:
    """Give the number as +358401234567, or None when it cannot be one; without a country it is Finnish."""
    number = _FILLING.sub("", written.strip())
    if number.startswith("00"):
        number = f"+{number[2:]}"
    elif number.startswith("0"):
        number = f"+358{number[1:]}"
    if number.startswith("+3580"):  # the nought of a Finnish number, written behind the country
        number = f"+358{number[5:]}"
    pattern = _FINNISH if number.startswith("+358") else _WHOLE
    return number if pattern.fullmatch(number) else None
