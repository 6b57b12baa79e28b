"""Reading the answers of calendars: three programs agree, and whatever else comes is named, not believed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.calendar import NotAnAnswer, PartStat, Said, Unread, read_reply
from events.calendar.replies import CALENDAR_LIMIT
from tests.events.answers import SHAPES, STAMP, Answer, plain

OURS = Answer(uid="aamukahvit.7@vipu.example.org", to="ilmo+abcdefghijklmnopqrst@example.org")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_three_programs_say_the_same(shape: Callable[[Answer], bytes], partstat: str) -> None:
    reply = read_reply(shape(replace(OURS, partstat=partstat, sequence=3, comment="Myöhästyn vähän")))

    assert (reply.method, reply.uid, reply.sequence, reply.stamped_at) == ("REPLY", OURS.uid, 3, STAMP)
    assert (reply.sender, set(reply.addresses)) == ("aino@example.org", {OURS.to})
    assert reply.said == {"aino@example.org": Said(partstat=PartStat(partstat))}
    assert (reply.comment, reply.starts_at) == ("Myöhästyn vähän", None)


def test_another_time_may_be_proposed() -> None:
    reply = read_reply(plain(replace(OURS, method="COUNTER", partstat="TENTATIVE")))

    start, end = datetime(2027, 4, 13, 5, 30, tzinfo=UTC), datetime(2027, 4, 13, 7, tzinfo=UTC)
    assert (reply.method, reply.starts_at, reply.ends_at) == ("COUNTER", start, end)


def test_a_day_or_a_time_of_no_place_proposes_nothing() -> None:
    asked = replace(OURS, method="COUNTER")
    for written in ("DTSTART;VALUE=DATE:20270414", "DTSTART:20270414T083000"):
        assert (
            read_reply(plain(asked, asked.ics.replace("DTSTART:20270413T053000Z", written))).starts_at is None
        )


def test_somebody_else_may_be_named() -> None:
    line = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:olli@example.org":mailto:aino@example.org'
    other = "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:olli@example.org"

    reply = read_reply(plain(OURS, OURS.calendar(line, other)))

    assert reply.said == {
        "aino@example.org": Said(partstat=PartStat.DELEGATED, delegated_to="olli@example.org"),
        "olli@example.org": Said(partstat=PartStat.NEEDS_ACTION),
    }


def test_what_the_envelope_says_counts_as_the_address_too() -> None:
    forwarded = replace(OURS, to="list@example.org", headers={"Delivered-To": "ilmo+token@example.org"})

    assert read_reply(plain(forwarded)).addresses == {"list@example.org", "ilmo+token@example.org"}


AUTOMATIC = {"Auto-Submitted": "Auto-Replied; x=1"}
TWO_EVENTS = OURS.ics.replace("END:VCALENDAR", OURS.ics[OURS.ics.index("BEGIN:VEVENT") :])
NOT_ANSWERS = {
    "an out-of-office note": (replace(OURS, headers={"Auto-Submitted": "auto-replied"}), "", "automatic"),
    "a note with a reason": (replace(OURS, headers=AUTOMATIC), "", "automatic"),
    "an invitation": (replace(OURS, method="REQUEST"), "", "no-calendar"),
    "no method at all": (OURS, OURS.ics.replace("METHOD:REPLY\r\n", ""), "no-calendar"),
    "several events": (OURS, TWO_EVENTS, "unreadable"),
    "several calendars": (OURS, OURS.ics * 2, "unreadable"),
    "no calendar inside": (OURS, "Kiitos, tulen mielelläni.", "unreadable"),
    "half a calendar": (OURS, OURS.ics[: len(OURS.ics) // 2], "unreadable"),
    "no UID": (OURS, OURS.ics.replace(f"UID:{OURS.uid}\r\n", ""), "unreadable"),
    "nobody attends": (OURS, OURS.calendar(), "unreadable"),
    "an unknown answer": (replace(OURS, partstat="PERHAPS"), "", "unreadable"),
    "a number that is none": (OURS, OURS.ics.replace("SEQUENCE:0", "SEQUENCE:first"), "unreadable"),
    "far too long": (replace(OURS, comment="x" * CALENDAR_LIMIT), "", "too-large"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "ics", "why"), NOT_ANSWERS.values(), ids=NOT_ANSWERS)
def test_what_is_no_answer_is_named(answer: Answer, ics: str, why: str) -> None:
    kind = "text/calendar" if "METHOD" not in (ics or answer.ics) else "text/calendar; method=REPLY"
    with pytest.raises(NotAnAnswer) as no:
        read_reply(plain(answer, ics, kind=kind))

    assert no.value.why == why


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", 'multipart/mixed; boundary="x"'])
def test_a_letter_is_no_answer(kind: str) -> None:
    with pytest.raises(NotAnAnswer) as no:
        read_reply(plain(OURS, kind=kind))

    assert no.value.why is Unread.NO_CALENDAR


def test_the_method_may_stand_in_the_type_only_and_the_charset_may_be_wrong() -> None:
    bare = replace(OURS, comment="Hyvää päivää").ics.replace("METHOD:REPLY\r\n", "")
    raw = OURS.head("Answer") + "Content-Type: text/calendar; method=reply; charset=%s\r\n\r\n"
    written = [
        (raw % "klingon").encode() + bare.encode("latin-1"),
        (raw % "utf-8").encode() + bare.encode("latin-1"),
        (raw % "utf-8").encode() + b"\xef\xbb\xbf" + bare.encode(),
        (raw % "utf-16").encode() + bare.encode("utf-16"),
    ]

    assert {(one.method, one.comment) for one in map(read_reply, written)} == {("REPLY", "Hyvää päivää")}


def test_an_invitation_quoted_before_the_answer_does_not_hide_it() -> None:
    parts = [("REQUEST", replace(OURS, method="REQUEST")), ("reply", replace(OURS, partstat="DECLINED"))]
    quoted = "".join(
        f"--x\r\nContent-Type: text/calendar; method={method}\r\n\r\n{one.ics}\r\n" for method, one in parts
    )

    reply = read_reply(plain(OURS, f"{quoted}--x--\r\n", kind='multipart/mixed; boundary="x"'))

    assert (reply.method, reply.said[OURS.attendee].partstat) == ("REPLY", PartStat.DECLINED)


def test_words_are_read_where_google_writes_them() -> None:
    line = 'ATTENDEE;PARTSTAT=TENTATIVE;X-RESPONSE-COMMENT="Myöhästyn, vähän":mailto:aino@example.org'

    assert read_reply(plain(OURS, OURS.calendar(line))).comment == "Myöhästyn, vähän"
    assert read_reply(plain(OURS, OURS.calendar(line, "COMMENT:Tulen"))).comment == "Tulen"


def test_nothing_unseen_stays_in_a_comment_and_it_is_cut() -> None:
    reply = read_reply(plain(replace(OURS, comment="Tulen \u202emyöhässä\x07 " + "x" * 600)))

    assert reply.comment.startswith("Tulen myöhässä x")
    assert len(reply.comment) == 500


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_bytes_of_a_stranger_break_the_reader(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([shape(OURS) for shape in SHAPES.values()]))
    at = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=40))
    until = data.draw(st.integers(at, len(whole)))
    with suppress(NotAnAnswer):
        read_reply(whole[:at] + junk + whole[until:])
