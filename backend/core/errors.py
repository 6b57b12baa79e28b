"""An expected no: a refusal with a code for machines and a sentence for people."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise

type Sentence = str | Promise


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Something a person asked for and may not have; lives beside the rule that raises it.

    ``fields`` names the input each sentence belongs to, so that a page can say it beside the field
    and the API in ``errors``. Nothing has been written when a refusal reaches the reader.
    """

    code = "refused"
    status = 422
    members: Mapping[str, object] = {}  # what a program needs besides the sentence

    def __init__(self, sentence: Sentence, *, fields: Mapping[str, Sequence[Sentence]] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields: Mapping[str, Sequence[Sentence]] = fields or {}

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(Refusal):
    """Nothing stands at this address, or nothing that this person may see."""

    code = "not-found"
    status = 404


class Gone(Refusal):
    """The link did work once; the page tells how to get a new one."""

    code = "link-expired"
    status = 410


class Forbidden(Refusal):
    """The person is known, and may not do this."""

    code = "forbidden"
    status = 403


class Busy(Refusal):
    """The database could not answer in time; nothing was written, and the same request may be sent again."""

    code = "busy"
    status = 503
    retry_after = 5


class TooLarge(Refusal):
    """More was sent than any form of ours holds."""

    code = "too-large"
    status = 413


class TooMany(Refusal):
    """Too many tries in a short time; ``retry_after`` is in seconds."""

    code = "too-many-requests"
    status = 429

    def __init__(self, sentence: Sentence, *, retry_after: int = 60) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
