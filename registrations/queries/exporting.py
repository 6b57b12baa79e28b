"""What a list of registrations holds: its columns, and its rows read in parts of bounded size."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.models import ApiToken
from accounts.policies import ORGANISES, Person, may, may_see_protected
from backend.core.errors import NotFound
from backend.core.i18n import LANGUAGE_CHOICES, Text, _, current
from events.models import Event, EventSeries
from registrations.models import (
    Consent,
    ConsentText,
    Option,
    Question,
    Registration,
    RegistrationExport,
    WorkState,
)
from registrations.queries.answers import answers_of, protected_answers_of
from registrations.rules.exporting import COLUMNS, CONSENT, QUESTION

PART = 1000  # rows read at a time: what is held in memory does not grow with the list

type Value = str | int | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that may be chosen; a protected one only by those with the right."""

    key: str
    heading: Text | str
    protected: bool = False


def export_columns(series: EventSeries, event: Event | None = None) -> list[Column]:
    """List what a list of these registrations can show, in the order it shows it."""
    questions = Question.objects.filter(series=series)
    if event is not None:
        questions = questions.filter(event=None) | questions.filter(event=event)
    purposes = {text.purpose: text for text in ConsentText.objects.filter(series=series).order_by("version")}
    return [
        *(Column(key=key, heading=str(heading)) for key, heading in COLUMNS.items()),
        *(
            Column(key=f"{QUESTION}{one.key}", heading=one.label, protected=bool(one.special))
            for one in questions.order_by("position", "pk")
        ),
        *(Column(key=f"{CONSENT}{purpose}", heading=text.text) for purpose, text in purposes.items()),
    ]


def columns_for(
    person: Person, series: EventSeries, event: Event | None = None, *, token: ApiToken | None = None
) -> list[Column]:
    """List the columns that this person may choose."""
    columns = export_columns(series, event)
    if may_see_protected(person, organisation_id=series.organisation_id, token=token):
        return columns
    return [column for column in columns if not column.protected]


def export_for(person: Person, pk: int, *, at: datetime, token: ApiToken | None = None) -> RegistrationExport:
    """Find a list that this person had made, while they may have it; nobody else's is there for them."""
    found = RegistrationExport.objects.select_related("series", "event", "created_by")
    export = found.filter(pk=pk, created_by=getattr(person, "pk", None), expires_at__gt=at).first()
    if export is None or not _may_have(person, export, token):
        raise NotFound(_("Nothing was found at this address."))
    return export


def _may_have(person: Person, export: RegistrationExport, token: ApiToken | None) -> bool:
    house = export.series.organisation_id
    if not may(person, roles=ORGANISES, organisation_id=house, token=token):
        return False
    offered = {column.key for column in columns_for(person, export.series, export.event, token=token)}
    return set(export.columns) <= offered


def exports_of(person: Person, series: EventSeries, *, at: datetime) -> QuerySet[RegistrationExport]:
    """List the person's own lists of a series that have not expired, the newest first."""
    own = RegistrationExport.objects.filter(series=series, created_by=getattr(person, "pk", None))
    return own.filter(expires_at__gt=at).select_related("series", "event")


def content_of(export: RegistrationExport) -> Iterator[bytes]:
    """Read a finished file part after part, so that it is never whole in memory."""
    numbers = list(export.chunks.values_list("number", flat=True))
    for number in numbers:
        yield bytes(export.chunks.values_list("content", flat=True).get(number=number))


def stalled_exports(*, before: datetime) -> list[int]:
    """Name the lists that nobody has finished: the wake-up was lost, or a worker died."""
    waiting = RegistrationExport.objects.filter(state__in=[WorkState.QUEUED, WorkState.RUNNING])
    return list(waiting.filter(created_at__lt=before).values_list("pk", flat=True))


def exported(series: EventSeries, event: Event | None) -> QuerySet[Registration]:
    """List the registrations that belong into a list."""
    if event is not None:
        return Registration.objects.filter(event=event)
    return Registration.objects.filter(event__series=series)


@dataclass(frozen=True, slots=True)
class Part:
    """Some registrations in order of arrival, with what is asked once for all of them."""

    rows: Sequence[Registration]
    answers: Mapping[int, Mapping[str, Any]]
    consents: Mapping[tuple[int, str], bool]


def parts(series: EventSeries, event: Event | None, columns: Sequence[str]) -> Iterator[Part]:
    """Read the registrations part by part, each by the same few questions."""
    found = exported(series, event).select_related("attendee__municipality").order_by("pk")
    sealed = _sealed_among(series, columns)
    after = 0
    while rows := list(found.filter(pk__gt=after)[:PART]):
        after = rows[-1].pk
        people = {row.attendee_id for row in rows}
        yield Part(rows, _answers(people, columns, sealed=sealed), _consents(people, columns))


def _sealed_among(series: EventSeries, columns: Sequence[str]) -> bool:
    wanted = [key.removeprefix(QUESTION) for key in columns if key.startswith(QUESTION)]
    return Question.objects.filter(series=series, key__in=wanted).exclude(special="").exists()


def _answers(people: set[int], columns: Sequence[str], *, sealed: bool) -> dict[int, dict[str, Any]]:
    """Read the answers that are asked for: the sealed ones only when a column of theirs was chosen."""
    found: dict[int, dict[str, Any]] = {pk: {} for pk in people}
    if not any(key.startswith(QUESTION) for key in columns):
        return found
    for who, said in answers_of(people).items():
        found[who] |= said
    for who, said in protected_answers_of(people).items() if sealed else ():
        found[who] |= said
    return found


def _consents(people: set[int], columns: Sequence[str]) -> dict[tuple[int, str], bool]:
    wanted = [key.removeprefix(CONSENT) for key in columns if key.startswith(CONSENT)]
    if not wanted:
        return {}
    given = Consent.objects.filter(attendee__in=people, text__purpose__in=wanted, withdrawn_at=None)
    rows = given.order_by().values_list("attendee", "text__purpose")
    return dict.fromkeys(rows, True)


class Sheet:
    """Writes registrations as rows of cells, in the language that is active while it is made."""

    def __init__(self, series: EventSeries, event: Event | None, columns: Sequence[str]) -> None:
        self.zone = ZoneInfo(series.timezone)
        self.events = {one.pk: one for one in series.events.all()}
        self.titles = {pk: str(one.title) for pk, one in self.events.items()}
        self.starts = {pk: self._clock(one.starts_at) for pk, one in self.events.items()}
        self.states = {value: str(label) for value, label in Registration.State.choices}
        self.languages = dict(LANGUAGE_CHOICES)
        self.yes, self.no = gettext("yes"), gettext("no")
        self.options = _options(series)
        headings = {column.key: str(column.heading) for column in export_columns(series, event)}
        self.heading = [headings[key] for key in columns]
        self._cells = [self._cell(key) for key in columns]

    def rows(self, part: Part) -> Iterator[list[Value]]:
        """Write each registration as its cells."""
        for row in part.rows:
            yield [cell(row, part) for cell in self._cells]

    def _clock(self, moment: datetime) -> datetime:
        """Show a moment as the clock of the place does; a cell knows no time zones."""
        return moment.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def _cell(self, key: str) -> Callable[[Registration, Part], Value]:
        if key.startswith(QUESTION):
            question = key.removeprefix(QUESTION)
            return lambda row, part: self._said(question, part.answers[row.attendee_id].get(question))
        if key.startswith(CONSENT):
            purpose = key.removeprefix(CONSENT)
            return lambda row, part: self.yes if (row.attendee_id, purpose) in part.consents else self.no
        plain = self._plain()[key]
        return lambda row, _part: plain(row)

    def _said(self, question: str, value: Any) -> Value:  # noqa: ANN401 - an answer is any JSON value
        if isinstance(value, bool):
            return self.yes if value else self.no
        if isinstance(value, list):
            return ", ".join(self.options.get((question, str(one)), str(one)) for one in value)
        if isinstance(value, str):
            return self.options.get((question, value), value)
        return value if isinstance(value, int) else "" if value is None else str(value)

    def _attended(self, row: Registration) -> str:
        return "" if row.attended is None else self.yes if row.attended else self.no

    def _plain(self) -> dict[str, Callable[[Registration], Value]]:
        return {
            "name": lambda row: row.attendee.name,
            "email": lambda row: row.attendee.email,
            "organisation": lambda row: row.attendee.organisation,
            "municipality": _place,
            "region": _region,
            "role": lambda row: row.attendee.role,
            "language": lambda row: self.languages[row.attendee.language],
            "event": lambda row: self.titles[row.event_id],
            "starts_at": lambda row: self.starts[row.event_id],
            "state": lambda row: self.states[row.state],
            "waiting_number": lambda row: row.waiting_number,
            "registered_at": lambda row: self._clock(row.registered_at),
            "attended": self._attended,
            "wish": lambda row: row.attendee.wish,
        }


def _place(row: Registration) -> str:
    place = row.attendee.municipality
    return place.name_in(current()) if place else ""


def _region(row: Registration) -> str:
    place = row.attendee.municipality
    return (place.region_sv if current() == "sv" else place.region_fi) if place else ""


def _options(series: EventSeries) -> dict[tuple[str, str], str]:
    rows = Option.objects.filter(question__series=series).select_related("question")
    return {(one.question.key, one.key): str(one.label) for one in rows}
