"""A form as an organiser would make one, and the shortest ways to look at what was answered."""

from datetime import datetime
from typing import Any

from events.models import Event, EventSeries
from registrations.models import Answer, Attendee, Consent, ConsentText, Option, ProtectedAnswer, Question
from tests.factories import OPENS


def question(
    series: EventSeries,
    key: str,
    kind: str = "text",
    *,
    options: tuple[str, ...] = (),
    **more: Any,  # noqa: ANN401 - columns of the table
) -> Question:
    position = Question.objects.filter(series=series).count() + 1
    texts = {f"label_{language}": f"{key} {language}" for language in ("fi", "sv", "en")}
    made = Question.objects.create(
        series=series, key=key, kind=kind, **{"position": position, "created_at": OPENS, **texts, **more}
    )
    for number, option in enumerate(options, start=1):
        labels = {f"label_{language}": f"{option} {language}" for language in ("fi", "sv", "en")}
        Option.objects.create(question=made, key=option, position=number, **labels)
    return made


def consent(series: EventSeries, purpose: str = "photos", *, version: int = 1, **more: Any) -> ConsentText:  # noqa: ANN401 - columns of the table
    texts = {f"text_{language}": f"{purpose} {version} {language}" for language in ("fi", "sv", "en")}
    return ConsentText.objects.create(
        series=series,
        purpose=purpose,
        version=version,
        position=1,
        **{"created_at": OPENS, **texts, **more},
    )


def usual_form(series: EventSeries) -> None:
    """How one takes part, what to eat for those on the spot, and whether pictures may be taken."""
    how = question(series, "how", "one_of", options=("on-the-spot", "online"))
    question(
        series,
        "diet",
        "many_of",
        options=("vegan", "no-gluten"),
        special="diet",
        condition=how,
        condition_values=["on-the-spot"],
    )
    question(series, "why", "long_text")
    consent(series)


def answered(attendee: Attendee) -> dict[str, Any]:
    return dict(Answer.objects.filter(attendee=attendee).values_list("question__key", "value"))


def sealed(attendee: Attendee) -> dict[str, str]:
    return dict(ProtectedAnswer.objects.filter(attendee=attendee).values_list("question__key", "sealed"))


def agreed(attendee: Attendee) -> list[tuple[str, int, datetime | None]]:
    rows = Consent.objects.filter(attendee=attendee)
    return list(rows.values_list("text__purpose", "text__version", "withdrawn_at"))


def of_event(series: EventSeries, number: int = 0) -> Event:
    return series.events.all()[number]
