"""How the holder of a survey's link shows it to the API."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from surveys.models import Invitation
from surveys.queries import invitation_by_token


class SurveyLink(BaseAuthentication):
    """``Authorization: Vipu-Link <token>``; a capability for one answer, never a sign-in."""

    keyword = "Vipu-Link"

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Invitation] | None:
        """Find the invitation, or leave the request without one."""
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        return AnonymousUser(), invitation_by_token(token.strip(), at=timezone.now())

    def authenticate_header(self, request: Request) -> str:
        """Say how to come in."""
        return self.keyword


class HoldsSurveyLink(BasePermission):
    """Only whoever holds the link."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let the holder in."""
        return isinstance(request.auth, Invitation)


class SurveyLinkScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Tells the reference how the link is shown."""

    target_class = SurveyLink
    name = "surveyLink"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Vipu-Link <token>`: the token of the link in the survey's mail.",
        }
