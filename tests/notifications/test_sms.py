"""Text messages: what fits into one, how they leave beside the mail, what becomes of those that do not."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from backend.core.i18n import LANGUAGES
from backend.sms_url import Sms, SmsUrlError, read
from notifications import circuit, delivery, outbox, queries, suppression
from notifications.drafts import Draft
from notifications.handover import Answer, LineDownError, Outcome
from notifications.models import Circuit, Message
from notifications.sms import gsm
from notifications.sweeping import sweep
from tests.notifications import letters

NUMBER = "+358401234567"


@dataclass(slots=True)
class Operator:
    """A provider as anybody could write one: a class with ``send``, here one that does what it is told."""

    says: list[Answer | Exception] = field(default_factory=list)
    heard: list[tuple[str, str]] = field(default_factory=list)

    def send(self, to: str, text: str) -> Answer:
        said = self.says.pop(0) if self.says else Answer(Outcome.ACCEPTED, provider_id="sms-1")
        if isinstance(said, Exception):
            raise said
        self.heard.append((to, text))
        return said


_operator = Operator()


def the_operator() -> Operator:
    return _operator


@pytest.fixture
def operator(settings: Settings) -> Operator:
    """A provider is connected by naming it; nothing else changes."""
    settings.SMS = Sms(backend=f"{__name__}.the_operator")
    _operator.says.clear()
    _operator.heard.clear()
    return _operator


def text(number: int = 1, *, to: str = NUMBER) -> Draft:
    return replace(letters.invitation(number, recipient=to), channel="sms", calendar=None, links={})


def drain(at: datetime, lane: str = "sms") -> int:
    return delivery.drain(lane=lane, owner="test", at=at)


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


# --- What fits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("Äiti & öljy à la Åbo, 5 €", "Äiti & öljy à la Åbo, 5 €"),
        ("“Metsä” – luonto…\u00a0lähellä", '"Metsä" - luonto... lähellä'),
        ("Kaŋŋa, Čáhcesuolu, đáhton, š ž ç", "Kanna, Cáhcesuolu, dáhton, s z c".replace("á", "a")),
        ("Kahvi ☕ ja pulla 🥐!", "Kahvi ja pulla !"),
        ("Три\n kahvia", "??? kahvia"),
        ("½ päivää", "12 päivää"),
    ],
)
def test_what_phones_have_no_letter_for_becomes_the_nearest_one(written: str, phone: str) -> None:
    assert gsm.gsm7(written) == phone
    assert gsm.gsm7(phone) == phone


@pytest.mark.parametrize(
    ("said", "size", "count"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("€" * 80, 160, 1),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("a" * 152 + "€" + "a" * 152, 306, 3),  # what takes two septets is not torn apart
        ("a" * 153 + "€" + "a" * 151, 306, 2),
    ],
)
def test_a_provider_charges_for_each_segment(said: str, size: int, count: int) -> None:
    assert (gsm.septets(said), gsm.segments(said)) == (size, count)


def test_a_long_title_is_cut_at_a_word_until_two_segments_hold_everything() -> None:
    said = gsm.fitted(lambda title: f"Peruttu: {title}, klo 9.", "Luonto lähellä " * 40)

    assert gsm.segments(said) == 2
    assert said.startswith("Peruttu: Luonto lähellä Luonto")
    assert said.endswith("..., klo 9.")
    assert gsm.septets(said) > 280
    assert gsm.fitted(lambda title: f"{title}!", "Luonto") == "Luonto!"
    with pytest.raises(ValueError, match="does not fit"):
        gsm.fitted(lambda title: f"{title}{'a' * 306}", "Luonto")


def test_what_is_said_to_phones_is_there_in_three_languages() -> None:
    root = Path(__file__).parent.parent.parent
    found = {path.name for path in root.glob("*/templates/**/*.sms.*.txt")}
    kinds = {name.partition(".sms.")[0] for name in found}
    assert kinds
    assert found == {f"{kind}.sms.{language}.txt" for kind in kinds for language in LANGUAGES}


# --- The setting --------------------------------------------------------------------------------------


def test_one_setting_says_how_text_messages_leave() -> None:
    assert read("") == Sms()
    assert read("console://").backend == "notifications.sms.providers.Console"
    assert read("file:///var/lib/vipu%20sms").options == {"folder": "/var/lib/vipu sms"}


@pytest.mark.parametrize("wrong", ["file://folder", "file:folder", "twilio://secret@host", "secret"])
def test_a_setting_that_says_nothing_is_refused_without_its_secret(wrong: str) -> None:
    with pytest.raises(SmsUrlError, match="VIPU_SMS_URL") as refused:
        read(wrong)
    assert "secret" not in str(refused.value)


# --- The ledger ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_intent_is_one_mail_and_one_text(noon: datetime) -> None:
    drafts = [letters.invitation(), text()]

    rows = outbox.queue_many(drafts, at=noon)
    again = outbox.queue_many(drafts, at=noon + timedelta(hours=1))

    assert [row.pk for row in again] == [row.pk for row in rows]
    assert [(row.channel, row.lane, row.recipient) for row in rows] == [
        ("email", "urgent", "aino@example.org"),
        ("sms", "sms", NUMBER),
    ]
    assert Message.objects.count() == 2


# --- Delivery -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_text_leaves_by_its_provider_and_the_mail_by_its_own_way(
    noon: datetime, operator: Operator
) -> None:
    mail, sms = outbox.queue_many([letters.invitation(), text()], at=noon)

    assert drain(noon) == 1
    assert drain(noon) == 0

    said = "Peruttu: Lähiluonto, tiistaina 13.4.2027 klo 8.30-10.00. Lisätietoja sähköpostissa."
    assert operator.heard == [(NUMBER, said)]
    assert (state(mail), state(sms), sms.headline) == ("queued", "accepted", said)
    assert sms.attempts.get().provider_id == "sms-1"
    assert drain(noon, "urgent") == 1
    assert [letter["To"] for letter in letters.arrived()] == ["aino@example.org"]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_for_now_climbs_the_ladder_and_a_refusal_for_good_ends(
    noon: datetime, operator: Operator
) -> None:
    operator.says += [Answer(Outcome.TEMPORARY, "busy"), Answer(Outcome.PERMANENT, "no-such-number")]
    message = outbox.queue(text(), at=noon)

    drain(noon)
    assert (state(message), message.not_before > noon) == ("retry_wait", True)
    drain(noon + timedelta(minutes=1))

    assert state(message) == "failed"
    assert [row.code for row in message.attempts.all()] == ["busy", "no-such-number"]


@pytest.mark.django_db(transaction=True)
def test_a_text_of_which_nobody_knows_is_never_sent_a_second_time_by_itself(
    noon: datetime, operator: Operator
) -> None:
    operator.says += [RuntimeError("the answer got lost")]
    message = outbox.queue(text(), at=noon)

    drain(noon)
    assert state(message) == "uncertain"
    sweep(at=noon + timedelta(minutes=10))

    assert (state(message), message.resends) == ("uncertain", 0)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_held_up_hands_nothing_over(noon: datetime, operator: Operator) -> None:
    message = outbox.queue(text(), at=noon)
    no_time = delivery.Terms(send=timedelta(seconds=45), answer=timedelta(seconds=45))

    delivery.drain(lane="sms", owner="slow", at=noon, terms=no_time)

    assert (state(message), message.attempts.get().code) == ("retry_wait", "lease-over")
    assert operator.heard == []


@pytest.mark.django_db(transaction=True)
def test_a_broken_provider_is_left_alone_while_mail_goes_on(noon: datetime, operator: Operator) -> None:
    operator.says += [LineDownError("no route")] * 5
    outbox.queue_many([text(number, to=f"+35840123456{number}") for number in range(6)], at=noon)
    outbox.queue(letters.invitation(), at=noon)

    drain(noon)

    assert Circuit.objects.get(transport="SMS the_operator").not_before == noon + timedelta(seconds=30)
    assert drain(noon + timedelta(seconds=1)) == 0
    assert drain(noon, "urgent") == 1
    assert drain(noon + timedelta(seconds=40)) == 1  # one tries whether it is back
    assert Circuit.objects.get(transport="SMS the_operator").not_before is None


@pytest.mark.django_db(transaction=True)
def test_a_broken_mail_server_does_not_hold_texts_up(noon: datetime, operator: Operator) -> None:
    outbox.queue_many([letters.invitation(), text()], at=noon)
    drain(noon, "urgent")
    Circuit.objects.filter(transport="mailbox").update(failures=9, not_before=noon + timedelta(hours=1))
    outbox.queue(letters.invitation(2), at=noon)

    assert drain(noon, "urgent") == 0
    assert drain(noon) == 1


@pytest.mark.django_db(transaction=True)
def test_a_blocked_number_gets_nothing_and_its_owners_mail_goes(noon: datetime, operator: Operator) -> None:
    suppression.suppress(address=NUMBER, reason="stop", at=noon)
    mail, sms = outbox.queue_many([letters.invitation(), text()], at=noon)

    drain(noon)
    drain(noon, "urgent")

    assert (state(mail), state(sms), operator.heard) == ("accepted", "suppressed", [])


@pytest.mark.django_db(transaction=True)
def test_after_a_backup_was_put_back_texts_are_held_too(noon: datetime, operator: Operator) -> None:
    outbox.queue(text(), at=noon)
    circuit.hold_all(at=noon)

    assert drain(noon) == 0
    assert circuit.release_all()
    assert drain(noon) == 1


@pytest.mark.django_db(transaction=True)
def test_texts_written_before_the_way_was_closed_wait_until_it_is_too_late(
    noon: datetime, operator: Operator, settings: Settings
) -> None:
    message = outbox.queue(replace(text(), not_after=noon + timedelta(hours=1)), at=noon)
    settings.SMS = Sms()

    assert drain(noon) == 0
    assert (state(message), queries.lanes_due(at=noon)) == ("queued", ["sms"])
    sweep(at=noon + timedelta(hours=1))

    assert state(message) == "expired"


# --- Without a provider -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_on_the_console_a_text_is_printed(
    noon: datetime, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SMS = read("console://")
    message = outbox.queue(text(), at=noon)

    drain(noon)

    assert state(message) == "accepted"
    assert capsys.readouterr().out.startswith(f"SMS to {NUMBER}: Peruttu: Lähiluonto, ")


@pytest.mark.django_db(transaction=True)
def test_in_a_folder_each_text_is_a_file_that_the_mailbox_of_a_trial_shows(
    noon: datetime, settings: Settings
) -> None:
    settings.SMS = read(f"file://{settings.MAILBOX_DIR}")
    message = outbox.queue(text(), at=noon)

    drain(noon)

    assert state(message) == "accepted"
    [file] = letters.arrived()
    assert (file["To"], file["Subject"][:22]) == (NUMBER, "SMS: Peruttu: Lähiluon")
    assert file.get_content().startswith("Peruttu: Lähiluonto, ")


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_cannot_be_written_is_tried_again(noon: datetime, settings: Settings) -> None:
    settings.MAILBOX_DIR.write_text("a file where the folder should be")
    settings.SMS = read(f"file://{settings.MAILBOX_DIR}")
    message = outbox.queue(text(), at=noon)

    drain(noon)

    assert state(message) == "retry_wait"
