"""Lists of registrations for programs: have one made, see how far it is, fetch it."""

from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.errors import NotFound
from backend.core.i18n import _
from backend.core.shapes import problems
from events.queries import series_named
from registrations import sheets
from registrations.actions.exporting import ask_for_export
from registrations.api.permissions import SeesPeople, token_of
from registrations.api.views.organiser import actor_of, checked, reach
from registrations.models import RegistrationExport
from registrations.queries.exporting import columns_for, export_for

_TAGS = ["organiser"]


class ExportIn(serializers.Serializer[Any]):
    """What the list is to hold."""

    series = serializers.CharField(max_length=100)
    event = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    format = serializers.ChoiceField(choices=RegistrationExport.Format.choices, default="xlsx")
    columns = serializers.ListField(
        child=serializers.CharField(max_length=100),
        required=False,
        max_length=500,
        help_text="Left out: all columns that you may have, protected ones not among them.",
    )


class ExportSerializer(serializers.ModelSerializer[RegistrationExport]):
    """How far a list has come."""

    series = serializers.CharField(source="series.slug")
    event = serializers.CharField(source="event.slug", default=None, allow_null=True)
    columns = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = RegistrationExport
        fields = (
            "id",
            "series",
            "event",
            "format",
            "columns",
            "state",
            "total",
            "done",
            "created_at",
            "finished_at",
            "expires_at",
        )
        read_only_fields = fields


class Exports(APIView):
    """Having lists made."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="export_registrations",
        tags=_TAGS,
        request=ExportIn,
        responses={202: ExportSerializer, **problems(400, 401, 403, 404, 422)},
    )
    def post(self, request: Request) -> Response:
        """Have a list made; ask for it by its number until its state is ``done``."""
        given = checked(ExportIn, request.data)
        series = series_named(request.user, given["series"], **reach(request))
        event = series.events.filter(slug=given["event"]).first()
        if given["event"] and event is None:
            raise NotFound(_("Nothing was found at this address."))
        token = token_of(request)
        usual = [
            one.key for one in columns_for(request.user, series, event, token=token) if not one.protected
        ]
        with transaction.atomic():
            export = ask_for_export(
                series=series,
                event=event,
                file_format=given["format"],
                columns=given.get("columns", usual),
                at=timezone.now(),
                actor=actor_of(request),
                token=token,
            )
            sheets.have_made(export)
        return Response(ExportSerializer(export).data, status=202)


class OneExport(APIView):
    """How far a list has come."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="export_state",
        tags=_TAGS,
        responses={200: ExportSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Tell how many registrations are in it already, and whether it may be fetched."""
        export = export_for(request.user, pk, at=timezone.now(), token=token_of(request))
        return Response(ExportSerializer(export).data)


class ExportFile(APIView):
    """The finished file."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="export_file",
        tags=_TAGS,
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            **problems(401, 403, 404, 409),
        },
    )
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        """Fetch the file; it is there for a day."""
        return sheets.download(export_for(request.user, pk, at=timezone.now(), token=token_of(request)))
