"""Which words count: an organiser's for a series and kind, or Vipu's own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from notifications.drafts import Draft
from notifications.models import Message, Wording


@dataclass(frozen=True, slots=True)
class Words:
    """The organisers' words that some messages need; read once for all of them."""

    pinned: Mapping[int, Wording]
    valid: Mapping[tuple[str, str], Wording]  # by scope and kind

    @classmethod
    def of(cls, messages: Collection[Message | Draft]) -> "Words":
        """Read them in one question, and in none when no message can have any."""
        pins = {one.wording_id for one in messages if one.wording_id}
        free = [one for one in messages if not _decided(one) and one.scope]
        if not pins and not free:
            return NO_WORDS
        published = Q(
            scope__in={one.scope for one in free},
            kind__in={one.kind for one in free},
            published_at__isnull=False,
        )
        rows = list(Wording.objects.filter(Q(pk__in=pins) | published).order_by("version"))
        newest = {(row.scope, row.kind): row for row in rows if row.published_at}
        return cls(
            {row.pk: row for row in rows if row.pk in pins},
            {key: row for key, row in newest.items() if not row.withdrawn_at},
        )

    def for_message(self, message: Message | Draft) -> Wording | None:
        """Give the words for one of them; None means Vipu's own."""
        if message.wording_id:
            return self.pinned[message.wording_id]
        return None if _decided(message) else self.valid.get((message.scope, message.kind))


NO_WORDS: Final = Words({}, {})


def _decided(message: Message | Draft) -> bool:
    """Tell whether the words are settled: pinned, or those of the first try, which others repeat."""
    return bool(message.wording_id) or (isinstance(message, Message) and message.attempts_made > 0)


def draft_of(scope: str, kind: str) -> Wording | None:
    """Give the version that is being written."""
    return Wording.objects.filter(scope=scope, kind=kind, published_at=None).first()


def in_force(scope: str, kind: str) -> Wording | None:
    """Give the version that counts now; None means Vipu's own words."""
    newest = Wording.objects.filter(scope=scope, kind=kind, published_at__isnull=False).last()
    return newest if newest and not newest.withdrawn_at else None


def kept_last(scope: str, kind: str) -> Wording | None:
    """Give what is being written, or otherwise what counts; None where nothing of one's own is."""
    return draft_of(scope, kind) or in_force(scope, kind)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a kind stands in a scope: what is in force, and what is being written."""

    in_force: Wording | None = None
    draft: Wording | None = None


def standings(scope: str) -> dict[str, Standing]:
    """Tell how every kind of a scope stands that has words of its own, in one question."""
    found: dict[str, Standing] = {}
    for row in Wording.objects.filter(scope=scope).order_by("version"):
        known = found.get(row.kind, Standing())
        if row.published_at is None:
            found[row.kind] = Standing(known.in_force, row)
        else:
            found[row.kind] = Standing(None if row.withdrawn_at else row, known.draft)
    return found
