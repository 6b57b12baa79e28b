"""How allauth treats our doors."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Nobody signs up: an administrator makes the accounts of organisers and reviewers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Keep the sign-up page shut."""
        return False
