"""How the holder of a manage link shows it to the API."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from registrations import limits
from registrations.models import Attendee
from registrations.queries import attendee_by_token


class ManageLink(BaseAuthentication):
    """``Authorization: Vipu-Link <token>``; a capability for one person's places, never a sign-in."""

    keyword = "Vipu-Link"

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Attendee] | None:
        """Find the attendee, or leave the request without one."""
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        limits.spend(limits.OPEN_LINK, request=request._request)  # noqa: SLF001 - the framework's documented name
        return AnonymousUser(), attendee_by_token(token.strip(), at=timezone.now())

    def authenticate_header(self, request: Request) -> str:
        """Say how to come in."""
        return self.keyword


class ManageLinkScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Tells the reference how the link is shown."""

    target_class = ManageLink
    name = "manageLink"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Vipu-Link <token>`: the token of the link in the confirmation mail.",
        }
