"""The morning mail to organisers: what needs a person, in numbers, with one way to the desk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from accounts.models import User
from backend.core.i18n import Language, as_language
from events.models import EventSeries
from notifications.outbox import Draft, Json, Link
from registrations.messages.kinds import ORGANISER_DIGEST

_THINGS = ("returned", "missing", "unsent", "applications", "webhooks")


def digest(
    user: User, *, series: Sequence[EventSeries], needs: Mapping[int, Mapping[str, int]], day: date
) -> Draft:
    """Tell one organiser of their series; a day is told once, however often this is asked."""
    language = as_language(user.language)
    rows: list[dict[str, Json]] = [
        {"series": one.title.told(language), **{thing: needs[one.pk].get(thing, 0) for thing in _THINGS}}
        for one in series
    ]
    path = f"/desk/series/{series[0].pk}/messages/" if len(series) == 1 else "/desk/"
    return draft_of(
        rows,
        subject=f"user:{user.pk}",
        recipient=user.email,
        language=language,
        version=day.toordinal(),
        path=path,
    )


def draft_of(
    rows: Sequence[dict[str, Json]],
    *,
    subject: str,
    recipient: str,
    language: Language,
    version: int,
    path: str,
) -> Draft:
    """Put it together; the subject line adds up all series."""
    total = Counter[str]()
    for row in rows:
        total.update({thing: int(str(row[thing])) for thing in _THINGS})
    others = total["unsent"] + total["applications"] + total["webhooks"]
    return Draft(
        kind=ORGANISER_DIGEST,
        subject=subject,
        version=version,
        recipient=recipient,
        language=language,
        context={
            "rows": list(rows),
            "returned": total["returned"],
            "missing": total["missing"],
            "others": others,
        },
        links={"desk": Link("desk", "", path)},
    )
