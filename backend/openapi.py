"""The reference of the API: one document, whoever asks. Its first page is templates/backend/reference.md."""

from typing import Any

from django.utils import translation
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api import PROBLEM_JSON


def pages_may_not_be_there(result: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
    """Tell of every list that it refuses a cursor that is none of its own."""
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    refused = {"content": {PROBLEM_JSON: problem}, "description": ""}
    for methods in result["paths"].values():
        for told in methods.values():
            if any(one["name"] == "cursor" for one in told.get("parameters", ())):
                told["responses"] = dict(sorted({"400": refused, **told["responses"]}.items()))
    return result


class Reference(SpectacularAPIView):
    """The OpenAPI document. Its prose is English, so the names of states and choices in it are, too."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Write it."""
        with translation.override("en"):
            answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # not typed by its maker
            return answer
