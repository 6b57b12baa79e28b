"""How a program shows whose key it holds."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from backend.core.links import digest


class ApiTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <key>``; the key acts as its user within one organisation."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Find the user of the key, or leave the request to the next way in."""
        scheme, _space, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        token = ApiToken.objects.select_related("user").filter(digest=digest(key.strip())).first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("This key is not valid."))
        if token.expires_at and token.expires_at <= timezone.now():
            raise AuthenticationFailed(_("This key has expired."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Say how to come in."""
        return self.keyword


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Tells the reference how a key is shown."""

    target_class = ApiTokenAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key made at `/desk/keys/`; it acts as its owner within one organisation.",
        }
