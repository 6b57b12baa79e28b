"""What calendars send back when somebody presses Yes, Maybe or No, in the shapes of three programs.

Written by us after what such mails look like: where the calendar object stands, how it is encoded, and what
each program adds to it.
"""

import base64
import textwrap
from dataclasses import dataclass, field
from datetime import UTC, datetime

STAMP = datetime(2027, 3, 1, 12, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer before it is put into a mail."""

    uid: str
    to: str  # the organiser's address, with its token
    attendee: str = "aino@example.org"
    sender: str = ""  # whom the mail comes from; empty: the attendee
    partstat: str = "ACCEPTED"
    sequence: int = 0
    stamp: datetime = STAMP
    method: str = "REPLY"
    comment: str = ""
    more: tuple[str, ...] = ()  # further lines of the event
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ics(self) -> str:
        """The calendar object, without what only one program writes."""
        comment = (f"COMMENT:{self.comment}",) if self.comment else ()
        return self.calendar(f"ATTENDEE;PARTSTAT={self.partstat}:mailto:{self.attendee}", *comment)

    def calendar(self, *lines: str, prodid: str = "-//Example//Calendar//EN") -> str:
        """Write the object around these lines."""
        event = (
            f"UID:{self.uid}",
            f"SEQUENCE:{self.sequence}",
            f"DTSTAMP:{self.stamp:%Y%m%dT%H%M%SZ}",
            "DTSTART:20270413T053000Z",
            "DTEND:20270413T070000Z",
            f"ORGANIZER;CN=Aamukahvit:mailto:{self.to}",
            *lines,
            *self.more,
        )
        head = ("BEGIN:VCALENDAR", f"PRODID:{prodid}", "VERSION:2.0", f"METHOD:{self.method}")
        return "\r\n".join((*head, "BEGIN:VEVENT", *event, "END:VEVENT", "END:VCALENDAR", ""))

    def head(self, subject: str, **own: str) -> str:
        """The headers that all of them write, and those that only one program does."""
        more = "".join(
            f"{name.replace('_', '-')}: {value}\r\n" for name, value in (own | self.headers).items()
        )
        sender = self.sender or self.attendee
        return (
            f"From: Aino Esimerkki <{sender}>\r\nTo: {self.to}\r\nSubject: {subject}\r\n"
            f"Date: Mon, 1 Mar 2027 12:05:00 +0000\r\nMIME-Version: 1.0\r\n{more}"
        )


def _base64(text: str) -> str:
    return "\r\n".join(textwrap.wrap(base64.b64encode(text.encode()).decode(), 76))


def outlook(answer: Answer) -> bytes:
    """The object is the last alternative, in base64, with a zone named as Windows names it."""
    ics = answer.calendar(
        f'ATTENDEE;PARTSTAT={answer.partstat};CN="Aino Esimerkki":MAILTO:{answer.attendee.upper()}',
        f"COMMENT;LANGUAGE=fi-FI:{answer.comment}\\n",
        "CLASS:PUBLIC",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
        prodid="Microsoft Exchange Server 2010",
    ).replace("DTSTART:20270413T053000Z", "DTSTART;TZID=FLE Standard Time:20270413T083000")
    return (
        answer.head("Accepted: Aamukahvit")
        + 'Content-Type: multipart/alternative; boundary="_000_"\r\n\r\n'
        + "--_000_\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\r\n"
        + f'--_000_\r\nContent-Type: text/calendar; charset="utf-8"; method={answer.method}\r\n'
        + "Content-Transfer-Encoding: base64\r\n\r\n"
        + _base64(ics)
        + "\r\n--_000_--\r\n"
    ).encode()


def gmail(answer: Answer) -> bytes:
    """The object stands twice, once as a file of another type; the server writes on behalf of the person."""
    ics = answer.calendar(
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT="
        f"{answer.partstat};CN=aino@\r\n example.org;X-NUM-GUESTS=0:mailto:{answer.attendee}",
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
        "CREATED:20270301T120000Z",
        "STATUS:CONFIRMED",
        prodid="-//Google Inc//Google Calendar 70.9054//EN",
    )
    return (
        answer.head(
            "Accepted: Aamukahvit @ Tue Apr 13, 2027",
            Reply_To=answer.attendee,
            Sender="Google Calendar <calendar-notification@google.com>",
            Auto_Submitted="auto-generated",
        )
        + 'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n'
        + 'Content-Type: multipart/alternative; boundary="a"\r\n\r\n'
        + "--a\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nAino has accepted.\r\n"
        + "--a\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n<p>Aino has accepted.</p>\r\n"
        + f"--a\r\nContent-Type: text/calendar; charset=UTF-8; method={answer.method}\r\n"
        + f"Content-Transfer-Encoding: 7bit\r\n\r\n{ics}\r\n--a--\r\n"
        + '--m\r\nContent-Type: application/ics; name="invite.ics"\r\n'
        + 'Content-Disposition: attachment; filename="invite.ics"\r\n'
        + f"Content-Transfer-Encoding: base64\r\n\r\n{_base64(ics)}\r\n--m--\r\n"
    ).encode()


def apple(answer: Answer) -> bytes:
    """The object is a file beside the text, with the address once more as a parameter."""
    ics = answer.calendar(
        f'ATTENDEE;CN="Aino Esimerkki";CUTYPE=INDIVIDUAL;EMAIL="{answer.attendee}";PARTSTAT='
        f"{answer.partstat}:mailto:{answer.attendee}",
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
        "X-CALENDARSERVER-DTSTAMP:20270301T120500Z",
        prodid="-//Apple Inc.//macOS 14.0//EN",
    )
    return (
        answer.head("Aino Esimerkki hyväksyi kutsun")
        + 'Content-Type: multipart/mixed; boundary="Apple-Mail=_1"\r\n\r\n'
        + "--Apple-Mail=_1\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nAino\r\n"
        + f"--Apple-Mail=_1\r\nContent-Type: text/calendar; method={answer.method}; name=iCal.ics\r\n"
        + "Content-Disposition: attachment; filename=iCal.ics\r\n"
        + f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{ics.replace('=', '=3D')}\r\n"
        + "--Apple-Mail=_1--\r\n"
    ).encode()


def plain(answer: Answer, ics: str = "", *, kind: str = "text/calendar; method=REPLY") -> bytes:
    """The object is the whole mail."""
    return f"{answer.head('Answer')}Content-Type: {kind}\r\n\r\n{ics or answer.ics}".encode()


SHAPES = {"outlook": outlook, "gmail": gmail, "apple": apple}
