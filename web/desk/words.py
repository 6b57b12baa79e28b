"""The words in which the desk tells of states, message kinds, changes and deeds."""

from django.utils.functional import Promise
from django.utils.translation import gettext

from accounts.models import AuditEvent
from backend.core.dates import clock
from backend.core.i18n import Text, _, current
from events.programme import Change, ChangeKind
from events.rules import Clash
from events.rules import Warning as Oddity
from notifications.kinds import Kind
from notifications.looking import samples_of
from notifications.models import Message
from registrations.models import Question, Registration

MESSAGE_KINDS: dict[str, Promise] = {
    "confirmation": _("Confirmation"),
    "waiting": _("On the waiting list"),
    "promoted": _("Place from the waiting list"),
    "offer": _("Offer of a place"),
    "offer_ended": _("Offer of a place ended"),
    "changed": _("Change of the event"),
    "cancelled_by_attendee": _("Own cancellation"),
    "cancelled_by_organiser": _("Cancelled by the organiser"),
    "reminder": _("Reminder"),
    "manage_link": _("Own link"),
    "new_address": _("New address to confirm"),
    "address_in_use": _("Address given for another registration"),
    "address_changed": _("Address changed"),
    "merged": _("Registrations joined"),
    "place_merged": _("Doubled place removed"),
    "declined_in_calendar": _("Declined in the calendar"),
    "calendar_again": _("Calendar entry once more"),
    "speaker_invitation": _("Invitation of a speaker"),
    "speaker_cancelled": _("Part of a speaker cancelled"),
    "invited": _("Invitation"),
    "not_a_member": _("Not a member"),
    "application_received": _("Application received"),
    "shortlisted": _("Shortlisted"),
    "chosen": _("Chosen"),
    "not_chosen": _("Not chosen"),
    "reserve": _("On the reserve"),
    "place_given": _("Place given to a colleague"),
    "place_received": _("Place from a colleague"),
    "place_not_needed": _("Had a place already"),
    "note": _("Note from the organiser"),
    "survey": _("Survey"),
    "organiser_digest": _("Morning mail to organisers"),
    "practice_receipt": _("Practice received"),
    "review_result": _("Result of the review"),
}

NOTES: dict[str, Promise] = {
    "newer-facts": _("a newer message replaces it"),
    "another-address": _("the person has another address now"),
    "another-language": _("it is written in another language now"),
    "cancelled": _("the place was cancelled"),
    "called-off": _("the event was called off"),
    "rule-ended": _("the rule was switched off or removed"),
    "decided": _("the application was decided"),
    "joined": _("two registrations became one"),
    "invitation-revoked": _("the invitation was taken back"),
    "promoted": _("the person got a place"),
    "kept-after-all": _("the person kept the place"),
    "worker-gone": _("the sending broke off"),
    "sent-once-more": _("it is sent once more"),
    "mail-log": _("the mail server's log says that it left"),
    "undecided": _("nobody decided in time"),
    "bounced_hard": _("the address does not work"),
    "bounced_soft": _("mail to the address came back three times"),
    "complained": _("the reader reported our mail as unwanted"),
    "sent-again": _("an organiser sent it again"),
    "opted-out": _("the reader does not want messages of this kind"),
    "paused": _("an organiser paused the sending"),
    "resumed": _("an organiser let the sending go on"),
    "stopped": _("an organiser stopped the sending"),
    "undone": _("an organiser took the message back before it left"),
}

ACTIONS: dict[str, Promise] = {
    "series.created": _("Series made"),
    "series.edited": _("Texts of the series edited"),
    "series.published": _("Series published"),
    "event.edited": _("Event edited"),
    "event.clock_kept": _("Hour kept: the rules of the time zone have changed"),
    "event.cancelled": _("Event called off"),
    "session.added": _("Item added to the programme"),
    "session.edited": _("Item of the programme edited"),
    "session.reordered": _("Order of the programme changed"),
    "session.removed": _("Item removed from the programme"),
    "programme.released": _("Programme released"),
    "speaker.edited": _("Speaker edited"),
    "speaker.contact": _("Address of a speaker changed"),
    "speakers.invited": _("Speakers invited"),
    "event.capacity": _("Number of places changed"),
    "registration.opened": _("Registration set up"),
    "offer.extended": _("Offer extended"),
    "waiting.moved": _("Moved in line"),
    "waiting.terms": _("Terms of the waiting list changed"),
    "attendee.address": _("Address corrected"),
    "attendee.unblocked": _("Block of an address lifted"),
    "message.sent_again": _("Message sent again"),
    "attendee.merged": _("Two registrations joined"),
    "attendee.may_change": _("Changes allowed after the deadline"),
    "registration.cancelled": _("Registration cancelled"),
    "registration.passed_on": _("Place given to a colleague"),
    "registration.attendance": _("Attendance marked"),
    "calendar.resent": _("Calendar entries sent once more"),
    "event.mode": _("Who may come changed"),
    "invitation.codes": _("Invitation codes made"),
    "invitation.named": _("People invited"),
    "invitation.revoked": _("Invitation taken back"),
    "group.saved": _("Group saved"),
    "application.shortlisted": _("Applicants shortlisted"),
    "application.confirmed": _("Applicants chosen"),
    "application.waiting": _("Applicants put on the reserve"),
    "application.not_chosen": _("Applicants not chosen"),
    "attendees.imported": _("People brought in"),
    "registrations.exported": _("List of registrations taken along"),
    "question.added": _("Question added to the form"),
    "question.edited": _("Question edited"),
    "question.ordered": _("Order of the questions changed"),
    "question.retired": _("Question taken away"),
    "form.copied": _("Form copied"),
    "consent.worded": _("Consent worded"),
    "consent.retired": _("Consent taken away"),
    "protected.read": _("Diet and accessibility read"),
    "survey.sent": _("Survey sent"),
    "endpoint.made": _("Webhook added"),
    "endpoint.rolled": _("Secret of a webhook changed"),
    "endpoint.on": _("Webhook switched on"),
    "endpoint.off": _("Webhook switched off"),
    "endpoint.replayed": _("News sent again to a webhook"),
    "endpoint.removed": _("Webhook removed"),
    "wording.published": _("Own words of a mail taken into use"),
    "wording.withdrawn": _("Own words of a mail taken back"),
    "wording.discarded": _("Draft of own words of a mail discarded"),
    "campaign.written": _("Message to many written"),
    "campaign.removed": _("Message to many removed"),
    "campaign.listed": _("List of a message to many made"),
    "campaign.sent": _("Message to many sent"),
    "campaign.undone": _("Message to many taken back"),
    "campaign.paused": _("Message to many paused"),
    "campaign.resumed": _("Message to many goes on"),
    "campaign.stopped": _("Message to many stopped"),
    "campaign.resent": _("Message to many sent again to some"),
}

_TONES = {
    Registration.State.CONFIRMED: "ok",
    Registration.State.WAITING: "warn",
    Registration.State.OFFERED: "info",
    Registration.State.RECEIVED: "info",
    Registration.State.SHORTLISTED: "info",
}


def kind_said(kind: str) -> str:
    """Name a kind of message."""
    return str(MESSAGE_KINDS.get(kind, kind))


def message_said(message: Message) -> str:
    """Name what a message tells, and that it is a text; an event called off is not one lost place."""
    off = message.kind == "cancelled_by_organiser" and message.context.get("event_cancelled")
    kind = gettext("Event called off") if off else kind_said(message.kind)
    if message.channel == Message.Channel.SMS:
        return gettext("%(message)s (text message)") % {"message": kind}
    return kind


def note_said(note: str) -> str:
    """Say in the reader's language why a message is where it is; a server's code is the same in each."""
    if note in NOTES:
        return str(NOTES[note])
    return "" if any(sign.isalpha() for sign in note) else note


def action_said(action: str) -> str:
    """Name what was done."""
    return str(ACTIONS.get(action, action))


def actor_said(row: AuditEvent) -> str:
    """Name who did it; an attendee stays unnamed here."""
    if row.actor is not None:
        return str(row.actor)
    return {
        "attendee": gettext("the person themselves"),
        "submitter": gettext("the submitter"),
        "system": gettext("Vipu"),
    }.get(row.actor_label, row.actor_label)


def state_tone(state: str) -> str:
    """Choose the tint of a registration's state; the word is always beside it."""
    return _TONES.get(Registration.State(state), "")


def message_tone(state: str, *, troubled: frozenset[str]) -> str:
    """Choose the tint of a message's state."""
    if state in troubled:
        return "danger"
    return "ok" if state in {Message.State.ACCEPTED, Message.State.DELIVERED} else ""


def warning_said(warning: Oddity, titles: dict[int, Text]) -> str:
    """Tell what looks wrong in a programme."""
    first, *others = (str(titles[pk]) for pk in warning.session_ids)
    facts = {"first": first, "second": others[0] if others else "", "speaker": warning.speaker}
    return {
        Clash.OUTSIDE: gettext("”%(first)s” lies outside the hours of the event."),
        Clash.OVERLAP: gettext("”%(first)s” and ”%(second)s” overlap."),
        Clash.SPEAKER_TWICE: gettext("%(speaker)s speaks in ”%(first)s” and ”%(second)s” at the same time."),
    }[warning.clash] % facts


def change_said(change: Change, *, zone: str) -> str:
    """Tell one change of a programme."""
    facts = {
        "title": str(change.title),
        "old": clock(change.old_starts_at, zone=zone) if change.old_starts_at else "",
        "new": clock(change.starts_at, zone=zone) if change.starts_at else "",
    }
    if change.kind is ChangeKind.MOVED and facts["old"] != facts["new"] and facts["old"] and facts["new"]:
        return gettext("Moved: %(title)s, %(old)s → %(new)s") % facts
    return {
        ChangeKind.ADDED: gettext("Added: %(title)s"),
        ChangeKind.REMOVED: gettext("Removed: %(title)s"),
        ChangeKind.MOVED: gettext("New place in the programme: %(title)s"),
        ChangeKind.CHANGED: gettext("Changed: %(title)s"),
        ChangeKind.EVENT_MOVED: gettext("The whole event moved"),
    }[change.kind] % facts


def question_said(question: Question) -> str:
    """Name a question, and say so where it is not asked any more."""
    name = question.label.in_language(current())
    return gettext("%(question)s (not asked any more)") % {"question": name} if question.retired_at else name


def placeholders_said(kind: Kind) -> list[tuple[str, str, str]]:
    """Tell what the words of a mail may name: as it is typed, what it means, and an example."""
    return [(one.written, str(one.meaning), sample) for one, sample in samples_of(kind, language=current())]
