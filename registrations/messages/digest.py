"""The morning mail to organisers: what needs a person, in numbers, with one way to the desk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from accounts.models import User
from backend.core.i18n import Language, as_language
from events.models import EventSeries
from notifications.outbox import Draft, Json, Link
from registrations.messages.kinds import ORGANISER_DIGEST

_ABOUT_MAIL = ("returned", "missing", "unsent")
_THINGS = (*_ABOUT_MAIL, "applications", "answers", "webhooks")


def digest(
    user: User, *, series: Sequence[EventSeries], needs: Mapping[int, Mapping[str, int]], day: date
) -> Draft:
    """Tell one organiser of their series; a day is told once, however often this is asked."""
    language = as_language(user.language)
    rows: list[dict[str, Json]] = [
        {"series": one.title.told(language), **{thing: needs[one.pk].get(thing, 0) for thing in _THINGS}}
        for one in series
    ]
    return draft_of(
        rows,
        subject=f"user:{user.pk}",
        recipient=user.email,
        language=language,
        version=day.toordinal(),
        path=_path(series, needs),
    )


def _path(series: Sequence[EventSeries], needs: Mapping[int, Mapping[str, int]]) -> str:
    """Lead to the list of messages where they are what waits, else to what lists everything."""
    if len(series) != 1:
        return "/desk/"
    [one] = series
    about_mail = any(needs[one.pk].get(thing) for thing in _ABOUT_MAIL)
    return f"/desk/series/{one.pk}/{'messages/' if about_mail else ''}"


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
    others = total["unsent"] + total["applications"] + total["answers"] + total["webhooks"]
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
