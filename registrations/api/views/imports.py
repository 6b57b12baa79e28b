"""Bringing people in for programs: a dry run that tells of each row, how far it is, and the word to do it."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.errors import NotFound
from backend.core.i18n import LANGUAGE_CHOICES, _
from backend.core.shapes import problems
from events.models import EventSeries
from events.queries import series_for
from registrations.actions.importing import check_people, confirm_import
from registrations.api.permissions import SeesPeople, token_of
from registrations.api.views.organiser import actor_of, checked, reach
from registrations.lists import have_brought_in
from registrations.models import AttendeeImport, WorkState
from registrations.queries.importing import import_for, percent_done, report_on
from registrations.rules.importing import IMPORT_ROWS, PROBLEMS, WHY_FAILED, Choices, Typed

_TAGS = ["organiser"]
_READS = problems(401, 403, 404)
_WRITES = problems(400, 401, 403, 404, 409, 422)
_CELL: dict[str, Any] = {"required": False, "default": "", "allow_blank": True, "max_length": 1000}


class PersonIn(serializers.Serializer[Any]):
    """One person, as a row of a list has them; what is wrong is told by the dry run, not refused."""

    name = serializers.CharField(**_CELL)
    email = serializers.CharField(**_CELL)
    organisation = serializers.CharField(**_CELL)
    municipality = serializers.CharField(**_CELL, help_text="A code, or a name in Finnish or Swedish.")
    role = serializers.CharField(**_CELL)
    language = serializers.CharField(**_CELL, help_text="A code or a name: fi, sv, en, suomi, svenska …")


class ImportIn(serializers.Serializer[Any]):
    """The people, and what is decided for all of them."""

    events = serializers.ListField(child=serializers.CharField(max_length=100), max_length=100)
    people = serializers.ListField(child=PersonIn(), max_length=IMPORT_ROWS, allow_empty=False)
    mails = serializers.BooleanField(default=True, help_text="Whether each gets a confirmation.")
    wait = serializers.BooleanField(
        default=True, help_text="Whether those who find an event full stand in line; else they are reported."
    )
    language = serializers.ChoiceField(
        choices=LANGUAGE_CHOICES, default="fi", help_text="Of those whose row names none."
    )


class ConfirmIn(serializers.Serializer[Any]):
    """The word to do it."""

    leave_out = serializers.BooleanField(
        default=False, help_text="Whether rows with problems stay behind; without it they stop everything."
    )


class RowProblemSerializer(serializers.Serializer[Any]):
    """What is wrong with one row, counted from one."""

    row = serializers.IntegerField()
    field = serializers.CharField()
    code = serializers.ChoiceField(choices=sorted(PROBLEMS))
    event = serializers.CharField(allow_blank=True)


class RowSerializer(serializers.Serializer[Any]):
    """What would become of one row."""

    row = serializers.IntegerField(source="typed.row")
    outcome = serializers.ChoiceField(choices=["new", "more", "there", "left", "problem"])
    gets = serializers.IntegerField()
    waits = serializers.IntegerField()


class ImportSerializer(serializers.ModelSerializer[AttendeeImport]):
    """How far a list is; ``rows`` are told until it is confirmed, ``results`` when it is done."""

    series = serializers.CharField(source="series.slug")
    problems = RowProblemSerializer(many=True)
    percent = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()
    results = serializers.DictField()

    class Meta:
        model = AttendeeImport
        fields: ClassVar = (
            "id",
            "series",
            "state",
            "total",
            "percent",
            "problems",
            "rows",
            "results",
            "why",
            "created_at",
            "finished_at",
        )
        read_only_fields = fields

    def get_percent(self, work: AttendeeImport) -> int:
        """Tell how far it is."""
        return percent_done(work)

    @extend_schema_field(RowSerializer(many=True))
    def get_rows(self, work: AttendeeImport) -> list[dict[str, Any]]:
        """Tell what would become of each row now."""
        if work.state != WorkState.CHECKED:
            return []
        rows = report_on(work, at=timezone.now()).rows
        return list(RowSerializer(rows, many=True).data)

    def get_why(self, work: AttendeeImport) -> str:
        """Say why it failed, in the reader's language; empty otherwise."""
        return str(WHY_FAILED.get(work.results.get("why", ""), ""))


class Imports(APIView):
    """Lists of people for one series."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="imports_check",
        tags=_TAGS,
        request=ImportIn,
        responses={201: ImportSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Read a list and tell what would become of each row; nobody is registered by this."""
        series = _series(request, pk)
        given = checked(ImportIn, request.data)
        work = check_people(
            series=series,
            people=[Typed(row=row, **one) for row, one in enumerate(given["people"], start=1)],
            choices=Choices(
                events=tuple(given["events"]),
                mails=given["mails"],
                wait=given["wait"],
                language=given["language"],
            ),
            at=timezone.now(),
            actor=actor_of(request),
            token=token_of(request),
        )
        return Response(ImportSerializer(work).data, status=201)


def _series(request: Request, pk: int) -> EventSeries:
    series = series_for(request.user, **reach(request)).filter(pk=pk).first()
    if series is None:
        raise NotFound(_("Nothing was found at this address."))
    return series


class OneImport(APIView):
    """How far a list is."""

    permission_classes = [SeesPeople]

    @extend_schema(operation_id="imports_state", tags=_TAGS, responses={200: ImportSerializer, **_READS})
    def get(self, request: Request, pk: int) -> Response:
        """Tell what a list would do, how far it is, or what it did."""
        return Response(ImportSerializer(import_for(request.user, pk, **reach(request))).data)


class ConfirmImport(APIView):
    """The word to do it."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="imports_confirm",
        tags=_TAGS,
        request=ConfirmIn,
        responses={202: ImportSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Bring the people in, all or nobody; ask for the state until it is ``done`` or ``failed``."""
        work = import_for(request.user, pk, **reach(request))
        given = checked(ConfirmIn, request.data)
        work = confirm_import(work=work, leave_out=given["leave_out"], at=timezone.now())
        have_brought_in(work)
        work.refresh_from_db()
        return Response(ImportSerializer(work).data, status=202)
