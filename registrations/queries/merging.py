"""What is asked before two registrations become one: who may be meant, and what would stay."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from registrations import rules
from registrations.models import Answer, Attendee, Consent, ProtectedAnswer, Question, Registration
from registrations.queries.desk import mentioning
from registrations.rules import Standing

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One event in which both stand, or to which one comes along."""

    stays: Registration
    goes: Registration | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What joining two people would do, before anything happens."""

    pairs: tuple[Pair, ...]
    answers: tuple[Question, ...]  # brought over, since the one who stays gave none
    consents: tuple[str, ...]  # purposes, likewise
    details: bool  # organisation, municipality, role or wish is filled in


def standings(rows: Iterable[Registration], *, kept: Attendee) -> list[Standing]:
    """Describe the registrations of both that are still open."""
    return [
        Standing(
            registration=row.pk,
            event=row.event_id,
            own=row.attendee_id == kept.pk,
            state=row.state,
            waiting_number=row.waiting_number,
            attended=row.attended,
        )
        for row in rows
        if row.state in Registration.ACTIVE
    ]


def likely_twins(attendee: Attendee, q: str) -> list[Attendee]:
    """Find people of the same series by what is typed; without it, those of the same name."""
    others = Attendee.objects.filter(series=attendee.series_id).exclude(pk=attendee.pk)
    found = mentioning(others, q) if q.strip() else others.filter(name__iexact=attendee.name)
    return list(found.order_by("name", "pk")[:_SHOWN])


def forecast(kept: Attendee, other: Attendee) -> Forecast:
    """Tell what joining would do, by the same rule that does it."""
    active = Registration.objects.filter(attendee__in=[kept, other], state__in=Registration.ACTIVE)
    rows = {row.pk: row for row in active.select_related("attendee", "event__series")}
    plan = rules.joining(standings(rows.values(), kept=kept))
    pairs = [
        Pair(stays=rows[one.stays.registration], goes=rows[one.goes.registration]) for one in plan.doubled
    ]
    pairs += [Pair(stays=rows[one.registration], goes=None) for one in plan.comes_over]
    decided = list(Consent.objects.filter(attendee=kept).values_list("text__purpose", flat=True))
    theirs = Consent.objects.filter(attendee=other, withdrawn_at__isnull=True)
    return Forecast(
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.stays.event.starts_at, pair.stays.event_id))),
        answers=_answers(kept, other),
        consents=tuple(theirs.exclude(text__purpose__in=decided).values_list("text__purpose", flat=True)),
        details=any(
            getattr(other, name) and not getattr(kept, name)
            for name in ("organisation", "municipality_id", "role", "wish")
        ),
    )


def _answers(kept: Attendee, other: Attendee) -> tuple[Question, ...]:
    def told(one: Attendee) -> Q:
        return Q(pk__in=Answer.objects.filter(attendee=one).values("question")) | Q(
            pk__in=ProtectedAnswer.objects.filter(attendee=one).values("question")
        )

    return tuple(Question.objects.filter(told(other)).exclude(told(kept)))
