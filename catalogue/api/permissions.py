"""Who may use the reviewers' side of the API; which rows they reach is decided by the queries."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken
from accounts.policies import REVIEWS, organisations_where


class Reviews(BasePermission):
    """Reviewer or administrator of some organisation."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask for the role."""
        return organisations_where(request.user, roles=REVIEWS, token=token_of(request)).exists()


def token_of(request: Request) -> ApiToken | None:
    """Give the key the request came with, if it was a program."""
    return request.auth if isinstance(request.auth, ApiToken) else None
