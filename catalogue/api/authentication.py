"""How the holder of a draft's link shows it to the API."""

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from catalogue.queries import OwnDraft, draft_by_token


class DraftLink(BaseAuthentication):
    """``Authorization: Vipu-Link <token>``; a capability for one practice, never a sign-in."""

    keyword = "Vipu-Link"

    def authenticate(self, request: Request) -> tuple[AnonymousUser, OwnDraft] | None:
        """Find the draft, or leave the request without one."""
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        return AnonymousUser(), draft_by_token(token.strip())

    def authenticate_header(self, request: Request) -> str:
        """Say how to come in."""
        return self.keyword


class HoldsDraftLink(BasePermission):
    """Only whoever holds the link."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let the holder in."""
        return isinstance(request.auth, OwnDraft)


class DraftLinkScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Tells the reference how the link is shown."""

    target_class = DraftLink
    name = "draftLink"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Vipu-Link <token>`: the token of the link in the mail about one's own practice.",
        }
