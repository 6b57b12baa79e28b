"""A place that one person gives to another: which may be given, by whom, and to whom."""

from dataclasses import replace
from datetime import datetime

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import _
from backend.core.text import email_address, email_key
from registrations.rules.modes import ask
from registrations.rules.person import Person, clean
from registrations.rules.refusals import AlreadyClosed, Invalid

_NOT_ABOUT_EVENTS = ("",)  # the place is known; the receiver chooses no event
_BY_ATTENDEES = frozenset({"open", "members"})  # elsewhere the organiser chooses who comes


class NothingToGive(Refusal):
    """Only a confirmed place can be given, and only once."""

    code = "no-place-to-give"


class NotTransferable(Refusal):
    """This place may not be given by this person, or not to that address."""

    code = "not-transferable"


class HasPlace(Refusal):
    """The receiver has a place already; only organisers are told so."""

    code = "has-a-place"


def clean_receiver(person: Person, *, giver_email: str) -> Person:
    """Give the receiver as they are to be kept, or refuse with a sentence beside every field."""
    problems: dict[str, list[Sentence]] = {}
    cleaned = person
    try:
        cleaned = clean(person, events=_NOT_ABOUT_EVENTS)
    except Refusal as no:
        problems = {field: list(said) for field, said in no.fields.items()}
    if not person.name.strip():
        problems["name"] = [_("Enter your colleague's name.")]
    if "email" not in problems and email_key(email_address(person.email) or "") == email_key(giver_email):
        problems["email"] = [_("The place is this address's already. Enter your colleague's address.")]
    if problems:
        raise Invalid(_("Some of the information needs correcting."), fields=problems)
    return cleaned


def at_home(person: Person, *, organisation: str, municipality: str) -> Person:
    """Place a receiver of whom no organisation was told in that of the giver."""
    if person.organisation or person.municipality:
        return person
    return replace(person, organisation=organisation, municipality=municipality)


def attendees_may_give(mode: str) -> bool:
    """Tell whether attendees themselves may give their places in such an event."""
    return mode in _BY_ATTENDEES


def require_own_to_give(mode: str, *, title: str, contact: str) -> None:
    """Refuse an attendee where the organiser chooses who comes, and say who can help."""
    if not attendees_may_give(mode):
        sentence = _("Only the organiser can move a place of “%(title)s” to somebody else.")
        raise NotTransferable(str(sentence) % {"title": title} + ask(contact))


def outside_the_group(*, title: str, contact: str) -> NotTransferable:
    """Refuse an address that is of none of the group's domains; the same words for who is listed by name."""
    sentence = _(
        "“%(title)s” is for the members of a group. "
        "Here a place goes only to an address of its organisations."
    )
    said = str(sentence) % {"title": title} + ask(contact)
    return NotTransferable(said, fields={"email": [said]})


def require_unmarked(attended: bool | None) -> None:  # noqa: FBT001 - the mark as it stands in the row
    """Refuse a place whose holder has been marked as present or absent."""
    if attended is not None:
        raise NotTransferable(
            _("The attendance of this place has been marked, so it can no longer be given on.")
        )


def require_not_over(ends_at: datetime, *, at: datetime) -> None:
    """Refuse to move places of an event that has ended."""
    if at >= ends_at:
        raise AlreadyClosed(_("The event has ended."))


def nothing_to_give() -> NothingToGive:
    """Say that there is no place here, or no longer."""
    return NothingToGive(_("There is no place here that could be given on."))


def has_place() -> HasPlace:
    """Tell an organiser that the receiver needs no place."""
    sentence = _("This person has a place at the event already.")
    return HasPlace(sentence, fields={"email": [sentence]})
