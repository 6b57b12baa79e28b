"""What programs send: JSON of a sane shape, or a refusal in the reader's own words.

The framework's parser lets three things through that nothing behind it can keep or write back: half a
character (a lone surrogate), a number beyond every number, and brackets within brackets without end.
"""

import json
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

# The framework says these in English only: its own catalogues lack them, so ours have them.
SAID_BY_THE_FRAMEWORK = (
    gettext_noop("Not a valid string."),
    gettext_noop("Must be a valid boolean."),
    gettext_noop("Surrogate characters are not allowed: U+{code_point:X}."),
    gettext_noop("Ensure this field has no more than {max_length} elements."),
    gettext_noop("Datetime value out of range."),
)


class Unreadable(ParseError):  # noqa: N818 - a refusal is an answer, not an error
    """The body is not JSON, or not JSON that a person's words could stand in."""

    default_detail = _("The body could not be read: send one JSON object in UTF-8.")


class Body(JSONParser):
    """One JSON object; its size is limited by the framework before it comes here."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Any = None,  # noqa: ANN401 - the framework's own
    ) -> dict[str, Any]:
        """Read the object, and make sure that whatever it holds can be written again."""
        try:
            body = super().parse(stream, media_type, parser_context)
            json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        except (ParseError, ValueError, RecursionError) as unreadable:
            raise Unreadable from unreadable
        if not isinstance(body, dict):
            raise Unreadable
        return body
