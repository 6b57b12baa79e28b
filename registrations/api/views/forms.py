"""The form of a series, as programs read it."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from events.queries import series_by_slug
from registrations import queries
from registrations.api.form_serializers import FormSerializer


class PublicForm(APIView):
    """What a series asks of those who register."""

    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(
        operation_id="form",
        tags=["registration"],
        auth=[],
        responses={200: FormSerializer, **problems(404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Describe the questions and the consents in the three languages, in the order they are asked."""
        return Response(FormSerializer(queries.form_of(series_by_slug(slug))).data)
