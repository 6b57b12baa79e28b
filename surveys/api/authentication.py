"""How the holder of a survey's link shows it to the API."""

from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.core.link_authentication import LinkAuthentication, LinkScheme
from surveys.models import Invitation
from surveys.queries import invitation_by_token


class SurveyLink(LinkAuthentication[Invitation]):
    """Opens one survey for one answer."""

    def opened(self, token: str, *, request: Request) -> Invitation:
        """Find the invitation."""
        return invitation_by_token(token, at=timezone.now())


class HoldsSurveyLink(BasePermission):
    """Only whoever holds the link."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let the holder in."""
        return isinstance(request.auth, Invitation)


class SurveyLinkScheme(LinkScheme):  # type: ignore[no-untyped-call]  # registers itself
    """The survey's link, for the reference."""

    target_class = SurveyLink
    name = "surveyLink"
    mail = "the survey's mail"
