"""How the holder of a draft's link shows it to the API."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.core.link_authentication import LinkAuthentication, LinkScheme
from catalogue.queries import OwnDraft, draft_by_token


class DraftLink(LinkAuthentication[OwnDraft]):
    """Opens one practice for its writer."""

    def opened(self, token: str, *, request: Request) -> OwnDraft:
        """Find the draft."""
        return draft_by_token(token)


class HoldsDraftLink(BasePermission):
    """Only whoever holds the link."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let the holder in."""
        return isinstance(request.auth, OwnDraft)


class DraftLinkScheme(LinkScheme):  # type: ignore[no-untyped-call]  # registers itself
    """The draft's link, for the reference."""

    target_class = DraftLink
    name = "draftLink"
    mail = "the mail about one's own practice"
