"""Lists of made-up people, and the shortest way to bring them in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from accounts.models import User
from events.models import EventSeries
from registrations.actions.importing import (
    carry_out,
    check_people,
    confirm_import,
)
from registrations.models import (
    AttendeeImport,
    Quota,
)
from registrations.rules.importing import Choices, Typed
from tests.registrations.people import day, slugs


def row(number: int, **more: str) -> Typed:
    return Typed(
        row=number, **{"name": f"Esimerkki {number}", "email": f"person{number}@example.org", **more}
    )


def rows(*numbers: int) -> list[Typed]:
    return [row(number) for number in numbers]


def checked(
    series: EventSeries, olli: User, people: Sequence[Typed], *days: int, at: datetime, **more: object
) -> AttendeeImport:
    choices = replace(Choices(events=tuple(slugs(series, *(days or (0,))))), **more)  # type: ignore[arg-type]  # the fields of the choices
    return check_people(series=series, people=people, choices=choices, at=at, actor=olli)


def brought(
    series: EventSeries,
    olli: User,
    people: Sequence[Typed],
    *days: int,
    at: datetime,
    leave_out: bool = False,
    **more: object,
) -> AttendeeImport:
    work = checked(series, olli, people, *days, at=at, **more)
    carry_out(confirm_import(work=work, leave_out=leave_out, at=at).pk, at=at)
    work.refresh_from_db()
    return work


def full(series: EventSeries, **more: object) -> Quota:
    """One place on the first morning."""
    Quota.objects.filter(event=day(series)).update(capacity=1, hard_cap=1, **more)
    return Quota.objects.get(event=day(series))
