"""Whose address is whose: a new address counts once its owner has said so, and each belongs to one person."""

from datetime import timedelta

from backend.core.errors import Gone, Refusal
from backend.core.i18n import _
from backend.core.text import email_address
from registrations.rules.modes import ask
from registrations.rules.person import email_problem
from registrations.rules.refusals import Invalid

NEW_ADDRESS_LIVES = timedelta(hours=24)


class AddressTaken(Refusal):
    """Somebody else in the series has this address; the organiser can join the two."""

    code = "address-taken"
    owner: int | None = None  # the other person, for the pages of the desk


class NewAddressOver(Gone):
    """The link to a new address has run out, or a newer one was asked for."""


def clean_address(typed: str, *, now: str) -> str:
    """Give the address as it is to be mailed, or refuse what is none, or no other than the one of now."""
    problem = email_problem(typed)
    address = email_address(typed) or ""
    if problem is None and address == now:
        problem = _("We already write to this address. Enter another one.")
    if problem is not None:
        raise Invalid(problem, fields={"email": [problem]})
    return address


def address_taken(*, contact: str) -> AddressTaken:
    """Refuse an address that has become another person's since it was asked for."""
    sentence = _("Somebody has registered with this address. Ask the organiser to join the registrations.")
    return AddressTaken(str(sentence) + ask(contact))


def new_address_over() -> NewAddressOver:
    """Say that the link has run out, and what to do."""
    return NewAddressOver(
        _(
            "This link has expired, or you asked for a newer one. "
            "Nothing was changed. Ask again on your own page."
        )
    )


def address_of_another(owner: int, *, registration: int | None) -> AddressTaken:
    """Refuse an organiser who gives somebody the address of another person; says who it is.

    Programs know people by their registrations, so those are told one (``other``, as the joining takes it).
    """
    sentence = _("Another person of the series has this address. Join the two if they are the same person.")
    refusal = AddressTaken(sentence, fields={"email": [sentence]})
    refusal.owner = owner
    refusal.members = {"other": registration} if registration else {}
    return refusal
