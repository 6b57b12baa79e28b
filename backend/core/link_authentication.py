"""How the holder of a personal link shows it to the API: ``Authorization: Vipu-Link <token>``."""

from abc import abstractmethod

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

KEYWORD = "Vipu-Link"


class LinkAuthentication[Opened](BaseAuthentication):
    """A capability for one thing, never a sign-in. Subclasses say what the link opens."""

    @abstractmethod
    def opened(self, token: str, *, request: Request) -> Opened:
        """Find what this token opens, or refuse."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Opened] | None:
        """Find what the link opens, or leave the request without one."""
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != KEYWORD.lower():
            return None
        return AnonymousUser(), self.opened(token.strip(), request=request)

    def authenticate_header(self, request: Request) -> str:
        """Say how to come in."""
        return KEYWORD


class LinkScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Tells the reference how the link is shown; subclasses name the mail it stands in."""

    mail = ""

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": f"`{KEYWORD} <token>`: the token of the link in {self.mail}.",
        }
