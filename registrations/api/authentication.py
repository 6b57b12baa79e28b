"""How the holder of a manage link shows it to the API."""

from django.utils import timezone
from rest_framework.request import Request

from backend.core.link_authentication import LinkAuthentication, LinkScheme
from registrations import limits
from registrations.models import Attendee
from registrations.queries import attendee_by_token


class ManageLink(LinkAuthentication[Attendee]):
    """Opens one person's places."""

    def opened(self, token: str, *, request: Request) -> Attendee:
        """Find the attendee; a machine that tries tokens is stopped."""
        limits.spend(limits.OPEN_LINK, request=request._request)  # noqa: SLF001 - the framework's documented name
        return attendee_by_token(token, at=timezone.now())


class ManageLinkScheme(LinkScheme):  # type: ignore[no-untyped-call]  # registers itself
    """The manage link, for the reference."""

    target_class = ManageLink
    name = "manageLink"
    mail = "the confirmation mail"
