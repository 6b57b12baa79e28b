"""Lists to take along: what is in them, who may have them, and that no cell is ever a formula."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEvent, Membership, Organisation, User
from backend.core.errors import Forbidden, NotFound
from backend.core.seals import seal
from bench import many
from events.models import EventSeries
from registrations.actions.exporting import (
    ask_for_export,
    clear_expired_exports,
    left_behind,
    make_export,
)
from registrations.models import (
    Answer,
    Attendee,
    Consent,
    ConsentText,
    ExportChunk,
    Option,
    ProtectedAnswer,
    Question,
    Registration,
    RegistrationExport,
    WorkState,
)
from registrations.queries.answers import SEAL
from registrations.queries.exporting import content_of, export_for, parts
from registrations.rules import Invalid
from registrations.rules.exporting import COLUMNS, defused
from registrations.sheets import NotReady, download, file_name
from tests import factories
from tests.registrations.people import AINO, VEERA, attendee, day, registration, sign_up

ALL = list(COLUMNS)
NASTY = ("=1+1", "+358 40 123 4567", "-2", "@SUM(A1)", "\t=1", "\r=1", "hei,=1+1", "a;+1", "x\n=2", '"=3')


@pytest.fixture
def olli(demos: Organisation) -> User:
    return factories.organiser(demos, email="jarjestaja@example.org")


def made(
    series: EventSeries,
    olli: User,
    at: datetime,
    *,
    columns: list[str] | None = None,
    file_format: str = "xlsx",
    number: int | None = None,
) -> RegistrationExport:
    event = None if number is None else day(series, number)
    export = ask_for_export(
        series=series, event=event, file_format=file_format, columns=columns or ALL, at=at, actor=olli
    )
    make_export(export.pk, at=at)
    export.refresh_from_db()
    return export


def content(export: RegistrationExport) -> bytes:
    return b"".join(content_of(export))


def sheet(export: RegistrationExport) -> list[list[object]]:
    page = load_workbook(io.BytesIO(content(export))).active
    assert page is not None
    return [list(row) for row in page.iter_rows(values_only=True)]


def lines(export: RegistrationExport) -> list[list[str]]:
    text = content(export)
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_list_of_a_series_has_everybody_in_order_of_arrival(
    mornings: EventSeries, noon: datetime, olli: User
) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    sign_up(mornings, VEERA, 0, at=noon)
    Registration.objects.filter(pk=registration(AINO, day(mornings)).pk).update(attended=True)
    User.objects.filter(pk=olli.pk).update(language="en")

    rows = sheet(made(mornings, olli, noon, columns=["name", "event", "starts_at", "state", "attended"]))

    assert rows == [
        ["Name", "Event", "Begins", "State", "Was present"],
        [
            "Aino Esimerkki",
            "Accessibility of nearby nature",
            datetime(2027, 4, 13, 8, 30),  # noqa: DTZ001 - a cell knows no time zones
            "confirmed",
            "yes",
        ],
        [
            "Aino Esimerkki",
            "Participation, sport and sustainability",
            datetime(2027, 4, 14, 8, 30),  # noqa: DTZ001 - as above
            "confirmed",
            None,
        ],
        [
            "Veera Exempel",
            "Accessibility of nearby nature",
            datetime(2027, 4, 13, 8, 30),  # noqa: DTZ001 - as above
            "confirmed",
            None,
        ],
    ]


def test_a_list_of_one_event_leaves_the_others_out(mornings: EventSeries, noon: datetime, olli: User) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 1, at=noon)

    export = made(mornings, olli, noon, columns=["email"], file_format="csv", number=1)

    assert [row[0] for row in lines(export)][1:] == [VEERA.email]
    assert (export.state, export.total, export.done) == (WorkState.DONE, 1, 1)


@pytest.mark.parametrize(("language", "heading"), [("fi", "Nimi"), ("sv", "Namn"), ("en", "Name")])
def test_headings_speak_the_organisers_language(
    mornings: EventSeries, noon: datetime, olli: User, language: str, heading: str
) -> None:
    User.objects.filter(pk=olli.pk).update(language=language)

    assert sheet(made(mornings, olli, noon, columns=["name"])) == [[heading]]


@pytest.mark.parametrize("nasty", NASTY)
def test_no_cell_of_a_workbook_is_a_formula(
    mornings: EventSeries, noon: datetime, olli: User, nasty: str
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Attendee.objects.update(role=nasty, wish=nasty)

    export = made(mornings, olli, noon, columns=["role", "wish"])
    page = load_workbook(io.BytesIO(content(export))).active

    assert page is not None
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s"}
    assert str(page["A2"].value).replace("_x000D_", "\r").replace("\r", "\n") == nasty.replace("\r", "\n")


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_no_field_of_a_csv_begins_like_a_formula_however_it_is_cut(
    mornings: EventSeries, noon: datetime, olli: User, nasty: str, delimiter: str
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Attendee.objects.update(role=nasty, wish=nasty)

    text = content(made(mornings, olli, noon, columns=["name", "role", "wish"], file_format="csv"))
    read = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=delimiter)

    fields = [field for row in read for field in row]
    assert [one for one in fields if one.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_a_telephone_number_stays_as_it_was_typed_in_a_workbook() -> None:
    assert defused("+358 40 123 4567") == "'+358 40 123 4567"
    assert defused("kaksi-kolme: 1+1") == "kaksi-kolme: 1+1"


def test_characters_no_file_can_hold_are_left_out(mornings: EventSeries, noon: datetime, olli: User) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Attendee.objects.update(role="a\x01b")

    assert sheet(made(mornings, olli, noon, columns=["role"]))[1] == ["ab"]


def test_answers_and_consents_are_columns_of_their_own(
    mornings: EventSeries, noon: datetime, olli: User
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 0, at=noon)
    questions = {
        kind: Question.objects.create(
            series=mornings, key=kind.replace("_", "-"), kind=kind, label_fi=kind, position=1, created_at=noon
        )
        for kind in ("text", "yes_no", "one_of", "many_of", "number")
    }
    for kind in ("one_of", "many_of"):
        Option.objects.create(question=questions[kind], key="juna", label_fi="Junalla", position=1)
    said = {"text": "=1", "yes_no": True, "one_of": "juna", "many_of": ["juna", "muu"], "number": 3}
    aino = attendee(AINO)
    for kind, value in said.items():
        Answer.objects.create(attendee=aino, question=questions[kind], value=value)
    text = ConsentText.objects.create(
        series=mornings, purpose="photos", version=1, text_fi="Kuvaus", position=1, created_at=noon
    )
    Consent.objects.create(attendee=aino, text=text, given_at=noon)

    wanted = [*(f"question:{one.key}" for one in questions.values()), "consent:photos"]
    rows = sheet(made(mornings, olli, noon, columns=wanted))

    assert rows == [
        [*questions, "Kuvaus"],
        ["=1", "kyllä", "Junalla", "Junalla, muu", 3, "kyllä"],
        [None, None, None, None, None, "ei"],
    ]


@pytest.mark.parametrize("columns", [["name", "password"], ["question:1"]])
def test_a_column_that_is_not_there_is_refused(
    mornings: EventSeries, noon: datetime, olli: User, columns: list[str]
) -> None:
    with pytest.raises(Invalid):
        made(mornings, olli, noon, columns=columns)


def test_a_list_without_columns_is_refused(mornings: EventSeries, noon: datetime, olli: User) -> None:
    with pytest.raises(Invalid):
        ask_for_export(series=mornings, event=None, file_format="csv", columns=[], at=noon, actor=olli)


def test_somebody_who_may_only_look_takes_no_list_along(
    mornings: EventSeries, noon: datetime, demos: Organisation
) -> None:
    viewer = factories.organiser(demos, email="vilma@example.org", role=Membership.Role.VIEWER)

    with pytest.raises(Forbidden):
        made(mornings, viewer, noon)


def test_that_a_list_was_made_is_written_down(mornings: EventSeries, noon: datetime, olli: User) -> None:
    export = made(mornings, olli, noon, columns=["name"], number=0)

    row = AuditEvent.objects.get(action="registrations.exported")
    assert (row.subject, row.actor, row.details) == (
        f"event:{day(mornings).pk}",
        olli,
        {"export": export.pk, "format": "xlsx", "columns": ["name"], "protected": False, "registrations": 0},
    )


def test_only_who_asked_fetches_it_for_a_day_and_while_they_organise(
    mornings: EventSeries, noon: datetime, olli: User, demos: Organisation
) -> None:
    export = made(mornings, olli, noon)
    other = factories.organiser(demos, email="toinen@example.org")
    late = noon + timedelta(hours=24)

    assert export_for(olli, export.pk, at=late - timedelta(seconds=1)) == export
    for person, at in ((other, noon), (olli, late)):
        with pytest.raises(NotFound):
            export_for(person, export.pk, at=at)
    Membership.objects.filter(user=olli).update(role=Membership.Role.VIEWER)
    with pytest.raises(NotFound):
        export_for(olli, export.pk, at=noon)


def test_a_download_is_kept_by_nobody(mornings: EventSeries, noon: datetime, olli: User) -> None:
    export = made(mornings, olli, noon, file_format="csv")

    response = download(export)

    assert response["Content-Disposition"] == f'attachment; filename="{file_name(export)}"'
    assert file_name(export) == f"aamukahvit-2027-2027-03-01-{export.pk}.csv"
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("no-store, private", "nosniff")


def test_a_list_that_is_not_ready_cannot_be_fetched(
    mornings: EventSeries, noon: datetime, olli: User
) -> None:
    export = ask_for_export(series=mornings, event=None, file_format="csv", columns=ALL, at=noon, actor=olli)

    with pytest.raises(NotReady):
        download(export)


def test_a_try_after_a_dead_worker_replaces_what_was_left(
    mornings: EventSeries, noon: datetime, olli: User
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    export = made(mornings, olli, noon, columns=["name"], file_format="csv")
    RegistrationExport.objects.update(state=WorkState.RUNNING)
    ExportChunk.objects.create(export=export, number=7, content=b"half")

    assert left_behind(at=noon) == []
    assert left_behind(at=noon + timedelta(minutes=6)) == [export.pk]
    make_export(export.pk, at=noon)

    assert [row[0] for row in lines(export)][1:] == [AINO.name]
    make_export(export.pk, at=noon)  # a second wake-up finds nothing to do
    assert ExportChunk.objects.count() == 1


def test_what_goes_wrong_is_told_and_leaves_nothing(
    mornings: EventSeries, noon: datetime, olli: User
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Attendee.objects.update(language="xx")  # no such language

    with pytest.raises(KeyError):
        made(mornings, olli, noon)

    export = RegistrationExport.objects.get()
    assert (export.state, export.chunks.count()) == (WorkState.FAILED, 0)


def test_lists_whose_day_is_over_are_removed(mornings: EventSeries, noon: datetime, olli: User) -> None:
    made(mornings, olli, noon)

    assert clear_expired_exports(at=noon + timedelta(hours=23)) == 0
    assert clear_expired_exports(at=noon + timedelta(hours=24)) == 1
    assert ExportChunk.objects.count() == 0


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_list_of_two_hundred_asks_as_much_as_a_list_of_ten(
    mornings: EventSeries, noon: datetime, olli: User, file_format: str
) -> None:
    counted = []
    for people in (10, 190):
        many.fill(mornings, people=people, at=noon, first=people)
        with CaptureQueriesContext(connection) as asked:
            export = made(mornings, olli, noon, file_format=file_format)
        counted.append(len(asked))

    assert counted[0] == counted[1]
    assert export.done == 200


def test_a_long_list_is_read_in_parts(
    mornings: EventSeries, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    many.fill(mornings, people=25, at=noon)
    monkeypatch.setattr("registrations.queries.exporting.PART", 10)

    assert [len(part.rows) for part in parts(mornings, None, ALL)] == [10, 10, 5]


def diet(series: EventSeries, noon: datetime) -> None:
    """Aino has told her diet, and it is sealed."""
    sign_up(series, AINO, 0, at=noon)
    question = Question.objects.create(
        series=series, key="ruoka", kind="text", special="diet", label_fi="Ruoka", position=1, created_at=noon
    )
    ProtectedAnswer.objects.create(
        attendee=attendee(AINO), question=question, sealed=seal('"kasvis"', purpose=SEAL)
    )


def test_protected_answers_are_no_column_without_the_right(
    mornings: EventSeries, noon: datetime, olli: User
) -> None:
    diet(mornings, noon)

    with pytest.raises(Invalid):
        made(mornings, olli, noon, columns=["question:ruoka"])


def test_protected_answers_are_read_with_the_right_and_that_is_written_down(
    mornings: EventSeries, noon: datetime, olli: User
) -> None:
    diet(mornings, noon)
    Membership.objects.update(sees_protected=True)

    export = made(mornings, olli, noon, columns=["question:ruoka"], file_format="csv")

    assert lines(export) == [["Ruoka"], ["kasvis"]]
    assert AuditEvent.objects.get(action="registrations.exported").details["protected"] is True
    Membership.objects.update(sees_protected=False)
    with pytest.raises(NotFound):
        export_for(olli, export.pk, at=noon)
