"""An organiser's own words: refused with every reason, filled with facts, never evaluated, never edited."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from backend.core.errors import NotFound, Refusal
from backend.core.i18n import LANGUAGES, Text
from notifications import delivery, kinds, outbox, rendering, rules, wordings
from notifications.drafts import Draft, Json
from notifications.links import links_of
from notifications.models import Message, Wording
from tests.notifications import letters

pytestmark = pytest.mark.django_db

SERIES = "series:3"
BODY = "Hei {name}, olet mukana: **{event}**.\n\n- Milloin: {when}\n- Missä: {where}\n\n{manage}"


def _everywhere(text: str) -> Text:
    return Text(text, text, text)


def _published(
    subject: str = "Tervetuloa: {event}", body: str = BODY, *, kind: str = "confirmation", at: datetime
) -> Wording:
    wordings.save_draft(scope=SERIES, kind=kind, subject=_everywhere(subject), body=_everywhere(body), at=at)
    return wordings.publish(scope=SERIES, kind=kind, at=at)


def _draft(kind: str = "confirmation", **facts: Json) -> Draft:
    sample = kinds.get(kind).sample("fi")
    return replace(sample, scope=SERIES, context={**sample.context, **facts})


def _text(body: str, *, at: datetime, draft: Draft | None = None, kind: str = "confirmation") -> str:
    """The words of the organiser only, without the foot."""
    wording = wordings.save_draft(
        scope="campaign:1", kind=kind, subject=_everywhere("x"), body=_everywhere(body), at=at
    )
    return rendering.in_own_words(draft or _draft(kind), wording).text.partition("\n—\n")[0]


def _refused(subject: str, body: str, *, kind: str = "confirmation", at: datetime) -> Mapping[str, list[str]]:
    with pytest.raises(wordings.WordingIncomplete) as no:
        _published(subject, body, kind=kind, at=at)
    return {field: [str(one) for one in said] for field, said in no.value.fields.items()}


def test_the_words_of_the_series_replace_ours_and_the_foot_stays(noon: datetime) -> None:
    _published(at=noon)
    mail, ours = rendering.render(_draft()), rendering.render(replace(_draft(), scope=""))

    assert mail.subject == "Tervetuloa: Lähiluonnon saavutettavuus"
    assert mail.text.startswith(
        "Hei Aino Esimerkki, olet mukana: Lähiluonnon saavutettavuus.\n\n- Milloin: ti"
    )
    assert "- Missä: verkossa\n\nOmat ilmoittautumiset:\nhttp" in mail.text
    assert mail.text.partition("\n—\n")[2] == ours.text.partition("\n—\n")[2]


def test_words_of_another_series_or_kind_or_still_being_written_change_nothing(noon: datetime) -> None:
    _published(at=noon)
    wordings.save_draft(
        scope=SERIES, kind="reminder", subject=_everywhere("Oma"), body=_everywhere("Oma {manage}"), at=noon
    )

    assert rendering.render(replace(_draft(), scope="series:4")).wording_id is None
    assert rendering.render(_draft("waiting")).wording_id is None
    assert rendering.render(_draft("reminder")).wording_id is None


def test_the_ledger_remembers_which_words_went_out_and_shows_them_ever_after(noon: datetime) -> None:
    first = _published(at=noon)
    sent = outbox.queue(_draft(), at=noon)
    delivery.drain(lane="urgent", owner="w", at=noon)
    _published("Toinen: {event}", at=noon)
    later = outbox.queue(replace(_draft(), version=2), at=noon)

    sent.refresh_from_db()
    assert (sent.wording_id, sent.headline) == (first.pk, "Tervetuloa: Lähiluonnon saavutettavuus")
    assert rendering.render(sent).subject == sent.headline
    assert rendering.render(later).subject.startswith("Toinen:")


def test_what_went_out_in_our_words_is_shown_in_ours_although_the_series_has_its_own_now(
    noon: datetime,
) -> None:
    outbox.queue(_draft(), at=noon)
    delivery.drain(lane="urgent", owner="w", at=noon)
    _published(at=noon)

    assert rendering.render(Message.objects.get()).subject.startswith("Olet mukana:")


def test_a_batch_asks_once_for_all_its_words(noon: datetime, django_assert_num_queries: object) -> None:
    _published(at=noon)
    pinned = _published("Kiinni: {event}", kind="reminder", at=noon)
    drafts = [replace(_draft(), version=number) for number in range(5)]
    messages = outbox.queue_many([*drafts, replace(_draft("reminder"), wording_id=pinned.pk)], at=noon)

    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture without a type of its own
        words = wordings.Words.of(messages)
        assert len({rendering.render(one, words=words).wording_id for one in messages}) == 2


def test_an_edited_wording_is_the_next_version_and_the_old_one_stays_as_it_was(noon: datetime) -> None:
    first = _published(at=noon)
    draft = wordings.save_draft(
        scope=SERIES, kind="confirmation", subject=_everywhere("Uusi"), body=_everywhere(""), at=noon
    )

    assert (draft.version, draft.published_at) == (2, None)
    assert wordings.in_force(SERIES, "confirmation") == first
    assert wordings.standings(SERIES)["confirmation"] == wordings.Standing(first, draft)
    again = wordings.save_draft(
        scope=SERIES, kind="confirmation", subject=_everywhere("Uusin"), body=_everywhere(""), at=noon
    )
    assert again.pk == draft.pk
    first.refresh_from_db()
    assert first.subject_fi == "Tervetuloa: {event}"


def test_taking_the_words_back_brings_ours_and_not_an_older_version(noon: datetime) -> None:
    _published(at=noon)
    _published("Toinen: {event}", at=noon)
    wordings.withdraw(scope=SERIES, kind="confirmation", at=noon + timedelta(hours=1))

    assert wordings.in_force(SERIES, "confirmation") is None
    assert wordings.standings(SERIES)["confirmation"] == wordings.Standing()
    assert rendering.render(_draft()).wording_id is None
    with pytest.raises(NotFound):
        wordings.withdraw(scope=SERIES, kind="confirmation", at=noon)


def test_a_thrown_away_draft_is_gone_and_what_counts_stays(noon: datetime) -> None:
    valid = _published(at=noon)
    wordings.save_draft(
        scope=SERIES, kind="confirmation", subject=_everywhere("x"), body=_everywhere("y"), at=noon
    )
    for _twice in range(2):
        wordings.discard(scope=SERIES, kind="confirmation")

    assert list(Wording.objects.all()) == [valid]
    with pytest.raises(NotFound):
        wordings.publish(scope=SERIES, kind="confirmation", at=noon)


def test_everything_wrong_is_said_at_once_beside_its_field(noon: datetime) -> None:
    wordings.save_draft(
        scope=SERIES,
        kind="confirmation",
        subject=Text(fi="{evnt}", sv="En rad\ntill", en=""),
        body=Text(fi="{nmae} {name} {Manage}", sv="{manage} {programme} {zzz}", en=" \n "),
        at=noon,
    )
    with pytest.raises(wordings.WordingIncomplete) as no:
        wordings.publish(scope=SERIES, kind="confirmation", at=noon)

    assert {field: [str(one) for one in said] for field, said in no.value.fields.items()} == {
        "subject.fi": ["Muuttujaa {evnt} ei ole. Tarkoititko {event}?"],
        "subject.sv": ["Aihe on yksi rivi."],
        "subject.en": ["Aihe puuttuu."],
        "body.fi": [
            "Muuttujaa {nmae} ei ole. Tarkoititko {name}?",
            "Muuttujaa {Manage} ei ole. Tarkoititko {manage}?",
            "Tekstissä on oltava {manage}.",
        ],
        "body.sv": [
            "Muuttujaa {zzz} ei ole.",
            "{programme} on luettelo: kirjoita se omalle rivilleen ja jätä ympärille tyhjät rivit.",
        ],
        "body.en": ["Teksti puuttuu."],
    }


@pytest.mark.parametrize(
    ("subject", "body", "field", "said"),
    [
        ("{manage}", BODY, "subject.en", "{manage} ei voi olla aiheessa."),
        ("{colleague}", BODY, "subject.fi", "Esimerkkitiedoilla aihe on tyhjä."),
        (
            "Pitkä " * 10 + "!",
            BODY,
            "subject.fi",
            "Esimerkkitiedoilla aihe on 61 merkkiä pitkä. Se saa olla 60.",
        ),
        ("x", "[{manage}](https://example.org) {manage}", "body.fi", "{manage} on itse linkki"),
        ("x", "[x]({name}) {manage}", "body.fi", "”{name}” ei ole verkko-osoite."),
        ("x", "[x](https://example.org/{name}) {manage}", "body.fi", "”https://example.org/{name}” ei ole"),
        ("x", "[x](/fi/) {manage}", "body.fi", "”/fi/” ei ole verkko-osoite."),
        ("x", "[x](mailto:a@example.org) {manage}", "body.fi", "”mailto:a@example.org” ei ole"),
        ("x", "- {programme}\n\n{manage}", "body.fi", "{programme} on luettelo"),
        ("x", "# {programme}\n\n{manage}", "body.fi", "{programme} on luettelo"),
        ("x", "{link:name} {manage}", "body.fi", "Muuttujaa {link:name} ei ole. Tarkoititko {name}?"),
        (
            "x",
            "{link:manag} {manage}",
            "body.fi",
            "Muuttujaa {link:manag} ei ole. Tarkoititko {link:manage}?",
        ),
        ("x", "{event.__class__} {manage}", "body.fi", "Muuttujaa {event.__class__} ei ole."),
        ("x", "{event ja {manage}", "body.fi", "Kohdasta ”{event” puuttuu aaltosulje. Kirjoita {event}."),
        (
            "x",
            "{manage} link:manage}",
            "body.fi",
            "Kohdasta ”link:manage}” puuttuu aaltosulje. Kirjoita {link:",
        ),
        ("{event", BODY, "subject.fi", "Kohdasta ”{event” puuttuu aaltosulje. Kirjoita {event}."),
        ("x", "{{7*7}} {manage}", "body.fi", "Muuttujaa {7*7} ei ole."),
    ],
)
def test_a_wording_that_would_go_wrong_is_not_taken_into_use(
    subject: str, body: str, field: str, said: str, noon: datetime
) -> None:
    refused = _refused(subject, body, at=noon)

    assert any(one.startswith(said) for one in refused[field]), refused
    assert {name.partition(".")[0] for name in refused} == {field.partition(".")[0]}


def test_a_brace_that_belongs_to_no_placeholder_is_what_was_typed(noon: datetime) -> None:
    words = {"subject": Text("x", "x", "x"), "body": Text(*["Hymy :} ja {joukko, \\{event\\} {manage}"] * 3)}

    assert wordings.problems_of(kinds.get("confirmation"), **words) == {}


def test_more_than_a_mail_holds_is_refused_at_once(noon: datetime) -> None:
    with pytest.raises(Refusal) as no:
        wordings.save_draft(
            scope=SERIES, kind="confirmation", subject=Text(fi="x" * 201), body=Text(en="x" * 20_001), at=noon
        )

    assert set(no.value.fields) == {"subject.fi", "body.en"}


def test_no_kind_of_that_name_has_words(noon: datetime) -> None:
    with pytest.raises(NotFound):
        wordings.save_draft(scope=SERIES, kind="nothing", subject=Text(), body=Text(), at=noon)


def test_a_paragraph_with_nothing_to_say_is_left_out_with_its_list(noon: datetime) -> None:
    body = "- {colleague} ilmoitti sinut.\n\n> {colleague}\n\nYhteys: {contact}\n\n{others}\n\n{manage}"

    assert _text(body, draft=_draft(others=[]), at=noon).startswith("Yhteys: aamukahvit@example.org\n\nOmat")
    assert _text(body, draft=_draft(registered_by="Veera Esimerkki"), at=noon).startswith(
        "- Veera Esimerkki ilmoitti sinut.\n\n> Veera Esimerkki\n\nYhteys:"
    )


def test_a_row_of_a_table_goes_as_a_whole(noon: datetime) -> None:
    body = "| Mikä | Tieto |\n|---|---|\n| Aika | {when} |\n| Ilmoittaja | {colleague} |\n\n{manage}"

    said = _text(body, at=noon)

    assert "Aika: ti 13.4.2027" in said
    assert "Ilmoittaja" not in said


def test_lists_of_ours_stand_in_the_words_of_the_organiser(noon: datetime) -> None:
    said = _text("Alku\n\n{programme}\n\n{others}\n\nLoppu {manage}", at=noon)

    assert "Alku\n\nOhjelma\n\n- 8.30 Luontopolku kaikille" in said
    assert "Muut ilmoittautumisesi\n\n- ke 14.4." in said


def test_a_link_says_what_it_is_or_what_the_organiser_calls_it(noon: datetime) -> None:
    said = _text(
        "[Peru *tästä*]({link:manage}) tai {manage} tai {link:manage}.\n\n{join}\n\n[{event}](https://example.org)",
        at=noon,
    )
    address = links_of(_draft())["manage"]

    assert said.startswith(f"Peru tästä <{address}> tai Omat ilmoittautumiset <{address}> tai {address}.")
    assert "Liity mukaan:\nhttp" in said
    assert "Lähiluonnon saavutettavuus:\nhttps://example.org" in said


def test_lines_that_people_wrote_stay_lines(noon: datetime) -> None:
    draft = replace(
        _draft("cancelled_by_organiser"),
        context={**_draft("cancelled_by_organiser").context, "reason": "Yksi\n\nKaksi"},
    )

    assert _text("Syy: {reason}\n\n{manage}", kind="cancelled_by_organiser", draft=draft, at=noon).startswith(
        "Syy: Yksi\nKaksi\n"
    )


def test_words_that_do_not_fit_an_old_message_give_way_to_ours(
    noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    _published(at=noon)
    old = {name: value for name, value in _draft().context.items() if name != "name"}

    mails = [
        rendering.render(replace(_draft(), context=old)),
        rendering.render(replace(_draft(), links={})),
    ]

    assert [mail.wording_id for mail in mails] == [None, None]
    assert "does not fit message confirmation: name" in caplog.text
    assert mails[0].subject.startswith("Olet mukana:")


def test_a_note_without_its_words_is_never_sent(noon: datetime) -> None:
    bare = outbox.queue(replace(kinds.get("note").sample("fi"), version=1), at=noon)
    wording = _published("Tärkeää: {event}", "Hei {name}! {manage}", kind="note", at=noon)
    pinned = outbox.queue(replace(kinds.get("note").sample("fi"), version=2, wording_id=wording.pk), at=noon)

    delivery.drain(lane="bulk", owner="w", at=noon)

    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {bare.pk: rules.FAILED, pinned.pk: rules.ACCEPTED}
    assert [mail["Subject"] for mail in letters.arrived()] == ["Tärkeää: Lähiluonnon saavutettavuus"]


@pytest.mark.parametrize("kind", [kind.key for kind in kinds.all_kinds()])
def test_each_kind_can_say_everything_that_it_offers(kind: str, noon: datetime) -> None:
    known = kinds.placeholders_of(kinds.get(kind))
    body = "\n\n".join(one.written for one in known)
    line = "x" + " ".join(one.written for one in known if not one.block and not one.link)
    assert len({one.name for one in known}) == len(known)
    wording = Wording(
        kind=kind,
        scope=SERIES,
        version=1,
        **_everywhere(line).columns("subject"),
        **_everywhere(body).columns("body"),
    )

    for language in LANGUAGES:
        mail = rendering.in_own_words(kinds.get(kind).sample(language), wording)
        assert "{" not in mail.text + mail.subject
        assert all(str(one.meaning) for one in known)
