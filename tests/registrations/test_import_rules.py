"""What a list says of people: columns in three languages, mailboxes, and each thing that may be wrong."""

import pytest

from backend.core.spreadsheet import rows_of_text
from registrations.rules.importing import (
    IMPORT_ROWS,
    PROBLEMS,
    BadColumns,
    Brought,
    Choices,
    Typed,
    holds_mailboxes,
    language_of,
    people_in_mailboxes,
    people_in_table,
    problems_in,
)


def table(text: str) -> Brought:
    return people_in_table(rows_of_text(text, limit=IMPORT_ROWS + 1))


@pytest.mark.parametrize(
    "heading",
    [
        "Nimi;Sähköposti;Organisaatio;Kunta;Tehtävä;Kieli",
        "Namn;E-post;Organisation;Kommun;Roll;Språk",
        "Name;E-mail address;Organisation;Municipality;Role;Language",
        "NIMI;s-posti;työnantaja;kotikunta;nimike;Asiointikieli",
    ],
)
def test_headings_are_known_in_three_languages(heading: str) -> None:
    found = table(f"{heading}\nAino Esimerkki;aino@example.org;Kirjasto;Salo;opettaja;suomi\n")

    assert found.people == [
        Typed(
            row=2,
            name="Aino Esimerkki",
            email="aino@example.org",
            organisation="Kirjasto",
            municipality="Salo",
            role="opettaja",
            language="suomi",
        )
    ]
    assert not found.ignored


def test_first_and_last_names_in_columns_of_their_own_are_put_together() -> None:
    found = table(
        "Sukunimi,Puhelin,Etunimi,Email,Puhelin\nEsimerkki,1,Aino,aino@example.org,2\n,3,,x@example.org\n"
    )

    assert [one.name for one in found.people] == ["Aino Esimerkki", ""]
    assert found.ignored == ["Puhelin", "Puhelin"]


@pytest.mark.parametrize(
    "line", ["Aino Esimerkki\taino@example.org\tKirjasto", "aino@example.org;Aino Esimerkki;Kirjasto"]
)
def test_a_table_without_headings_is_read_in_the_usual_order(line: str) -> None:
    [one] = table(line).people

    assert (one.row, one.name, one.email, one.organisation) == (
        1,
        "Aino Esimerkki",
        "aino@example.org",
        "Kirjasto",
    )


def test_more_cells_than_columns_are_left_alone() -> None:
    [one] = table("Aino;aino@example.org;a;b;fi;f;g").people

    assert one.language == "fi"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Nimi;Puhelin\nAino;1\n", "Sähköposti\naino\n", "Nimi;Sähköposti\n", "hei"]
)
def test_a_table_of_nobody_is_refused(text: str) -> None:
    with pytest.raises(BadColumns) as refused:
        table(text)

    assert list(refused.value.fields) == ["file"]


def test_a_list_that_is_too_long_is_refused_whole() -> None:
    with pytest.raises(BadColumns, match="2000"):
        table("Nimi;Email\n" + "a;b@example.org\n" * (IMPORT_ROWS + 1))


def test_mailboxes_are_read_as_a_mail_program_copies_them() -> None:
    text = (
        'Aino Esimerkki <aino@example.org>; "Exempel, Veera" <veera@example.org>,\n'
        "Olli <olli@example.org>,Pia <pia@example.org>\nonly@example.org\nnobody;; , ;"
    )

    assert holds_mailboxes(text)
    assert [(one.row, one.name, one.email) for one in people_in_mailboxes(text).people] == [
        (1, "Aino Esimerkki", "aino@example.org"),
        (2, "Veera Exempel", "veera@example.org"),
        (3, "Olli", "olli@example.org"),
        (4, "Pia", "pia@example.org"),
        (5, "", "only@example.org"),
        (6, "nobody", ""),
    ]
    assert not holds_mailboxes("Aino\t<aino@example.org>")
    assert not holds_mailboxes("")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", " ", "missing-name"),
        ("name", "Buy at https://example.org", "bad-name"),
        ("name", "x" * 201, "too-long"),
        ("name", "A\u202eino", "unseen"),
        ("name", "A\ufffdino", "unseen"),
        ("name", "Aino;aino@example.org\nOlli;olli@example.org", "unseen"),
        ("name", '=HYPERLINK("https://example.org")', "formula"),
        ("email", "", "missing-email"),
        ("email", "aino(at)example.org", "bad-email"),
        ("organisation", "o" * 201, "too-long"),
        ("language", "klingon", "unknown-language"),
    ],
)
def test_each_problem_names_its_row_and_field(field: str, value: str, code: str) -> None:
    right = {"name": "Aino Esimerkki", "email": "aino@example.org"}

    [problem] = problems_in([Typed(row=7, **{**right, field: value})])

    assert (problem.row, problem.field, problem.code) == (7, field, code)
    assert problem.sentence == PROBLEMS[code]


def test_the_same_address_twice_is_said_of_the_later_row() -> None:
    people = [
        Typed(row=2, name="Aino", email="aino@example.org", organisation="Two\nlines"),
        Typed(row=3, name="Aino", email=" Aino@EXAMPLE.org"),
        Typed(row=4, name="Nobody", email="x"),
        Typed(row=5, name="Nobody", email="y"),
    ]

    found = [(one.row, one.code) for one in problems_in(people)]

    assert found == [(3, "twice"), (4, "bad-email"), (5, "bad-email")]


@pytest.mark.parametrize(
    ("written", "code"), [("Ruotsi", "sv"), ("English", "en"), ("FI", "fi"), ("Svenska ", "sv"), ("", "")]
)
def test_languages_are_known_by_their_names(written: str, code: str) -> None:
    assert language_of(written) == code


def test_a_row_without_a_language_gets_the_one_of_the_list() -> None:
    one = Typed(row=1, name=" Aino  Esimerkki ", email="aino@example.org")

    assert (one.person(otherwise="sv").language, one.person(otherwise="sv").name) == ("sv", "Aino Esimerkki")


def test_choices_are_the_same_after_they_were_kept() -> None:
    choices = Choices(events=("a", "b"), mails=False, wait=False, language="sv", by_hand=True)

    assert Choices.of(choices.kept()) == choices


def test_a_row_longer_than_the_first_loses_nothing() -> None:
    rows = [(1, ["Aino Esimerkki", "aino@example.org"]), (2, ["Dana Exempel", "dana@example.org", "Kunta"])]

    assert [one.organisation for one in people_in_table(rows).people] == ["", "Kunta"]
