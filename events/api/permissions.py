"""Who may use the organiser's side of the API; which rows they reach is decided by the queries."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken
from accounts.policies import Roles, organisations_where
from events.policies import CHANGES, SEES


class Arranges(BasePermission):
    """Reading: organisers, administrators and viewers. Writing: organisers and administrators."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask for the role that the method needs."""
        return organisations_where(request.user, roles=roles_for(request), token=token_of(request)).exists()


class ArrangesOnly(BasePermission):
    """Organisers and administrators only, for reading too."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask for the role."""
        return organisations_where(request.user, roles=CHANGES, token=token_of(request)).exists()


def roles_for(request: Request) -> Roles:
    """Name the roles within which this request may reach a row."""
    return SEES if request.method in SAFE_METHODS else CHANGES


def token_of(request: Request) -> ApiToken | None:
    """Give the key the request came with, if it was a program."""
    return request.auth if isinstance(request.auth, ApiToken) else None
