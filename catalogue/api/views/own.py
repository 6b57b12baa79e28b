"""One's own draft, by the link in the mail."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from catalogue import actions
from catalogue.api.authentication import DraftLink, HoldsDraftLink
from catalogue.api.serializers.own import DraftInSerializer, DraftSerializer
from catalogue.queries import OwnDraft, own_draft


def _draft(request: Request) -> OwnDraft:
    draft: OwnDraft = request.auth  # type: ignore[assignment]  # HoldsDraftLink let nothing else in
    return draft


class PracticeDraft(APIView):
    """The draft that the link opens."""

    authentication_classes = [DraftLink]
    permission_classes = [HoldsDraftLink]

    @extend_schema(tags=["own practice"], responses={200: DraftSerializer, **problems(401, 404)})
    def get(self, request: Request) -> Response:
        """Show the draft, what is missing of it, and what a reviewer said."""
        return Response(DraftSerializer(_draft(request)).data)

    @extend_schema(
        tags=["own practice"],
        request=DraftInSerializer,
        responses={200: DraftSerializer, **problems(400, 401, 404, 409, 422)},
    )
    def patch(self, request: Request) -> Response:
        """Keep what was written; fields and languages that are not named stay as they were."""
        body = DraftInSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        practice = _draft(request).practice
        actions.save_draft(practice=practice, texts=body.texts(), at=timezone.now())
        return Response(DraftSerializer(own_draft(practice.pk)).data)


class PracticeDraftSubmit(APIView):
    """Sending the draft for review."""

    authentication_classes = [DraftLink]
    permission_classes = [HoldsDraftLink]

    @extend_schema(
        tags=["own practice"],
        request=None,
        responses={200: DraftSerializer, **problems(401, 404, 409, 422)},
    )
    def post(self, request: Request) -> Response:
        """Send it; from now on the text does not change until a reviewer has answered."""
        practice = _draft(request).practice
        actions.submit(practice=practice, at=timezone.now())
        return Response(DraftSerializer(own_draft(practice.pk)).data)
