"""The reference of the API: one document, whoever asks. Its first page is templates/backend/reference.md."""

from django.utils import translation
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response


class Reference(SpectacularAPIView):
    """The OpenAPI document. Its prose is English, so the names of states and choices in it are, too."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Write it."""
        with translation.override("en"):
            answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # not typed by its maker
            return answer
