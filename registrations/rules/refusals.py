"""What may be refused of a registration, and by which code a program knows it."""

from backend.core.errors import Refusal
from backend.core.i18n import _

KEY_LIMIT = 200


class Invalid(Refusal):
    """Something that was typed needs correcting; ``fields`` says what and how."""

    code = "invalid"


class NoEventChosen(Refusal):
    """Nothing was ticked."""

    code = "no-event-chosen"


class UnknownEvent(Refusal):
    """An event that the series does not have, or that the public does not see."""

    code = "unknown-event"


class NotOpenYet(Refusal):
    """Registration has not opened yet."""

    code = "not-yet-open"


class AlreadyClosed(Refusal):
    """The deadline has passed."""

    code = "registration-closed"


class FullyBooked(Refusal):
    """Every place is taken and there is no line to wait in."""

    code = "fully-booked"


class KeyReused(Refusal):
    """The same idempotency key came with another body."""

    code = "idempotency-key-reused"


class NothingToTake(Refusal):
    """Attendance can be marked for those who had a place."""

    code = "no-place"


def unknown_municipality() -> Invalid:
    """Refuse a code that no municipality has."""
    sentence = _("No municipality has this code. Write its name instead.")
    return Invalid(
        _("Some of the information needs correcting."),
        fields={"municipality": [sentence]},
    )


def key_too_long() -> Invalid:
    """Refuse an idempotency key that is not one."""
    sentence = _("The idempotency key is too long; 200 characters are enough.")
    return Invalid(sentence, fields={"Idempotency-Key": [sentence]})


# Universities hold these, not the city: the address says nothing about a municipality.
