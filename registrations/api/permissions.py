"""Who may use which door; which rows they reach is decided by the queries."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken
from accounts.policies import LOOKS, ORGANISES, Roles, organisations_where
from registrations.models import Attendee


class HoldsManageLink(BasePermission):
    """Only whoever holds the link."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let the holder in."""
        return isinstance(request.auth, Attendee)


class SeesPeople(BasePermission):
    """Reading: organisers, administrators and viewers. Writing: organisers and administrators."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask for the role that the method needs."""
        return organisations_where(request.user, roles=roles_for(request), token=token_of(request)).exists()


class Organises(BasePermission):
    """Organisers and administrators only, for reading too: what is read there opens doors or names people."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask for the role."""
        return organisations_where(request.user, roles=ORGANISES, token=token_of(request)).exists()


def roles_for(request: Request) -> Roles:
    """Name the roles within which this request may reach a row."""
    return LOOKS if request.method in SAFE_METHODS else ORGANISES


def token_of(request: Request) -> ApiToken | None:
    """Give the key the request came with, if it was a program."""
    return request.auth if isinstance(request.auth, ApiToken) else None
