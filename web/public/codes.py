"""The picture that is shown at the door: an address as a QR code, drawn here and part of the page."""

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from registrations.models import Attendee


def ticket_address(attendee: Attendee) -> str:
    """Give the whole address of a person's ticket; a camera that reads the code opens the same page."""
    return settings.PUBLIC_URL + reverse("personal:ticket", kwargs={"ticket": attendee.ticket_token})


def drawing(address: str) -> SafeString:
    """Draw the code as part of a page: dark on light in every colour scheme, with its quiet zone.

    Level M reads through a scratch or a reflection, and keeps the squares large enough for a phone at arm's
    length.
    """
    code = segno.make(address, error="m", micro=False)
    picture = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return mark_safe(picture)  # noqa: S308 - drawn by us out of squares; no text of anybody is in it
