"""The numbers of a series for programs."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.shapes import problems
from events.queries import series_for
from registrations.api.permissions import SeesPeople
from registrations.api.views.organiser import reach
from registrations.queries.numbers import Numbers, numbers_of


class CountSerializer(serializers.Serializer[Any]):
    """How many of one kind."""

    key = serializers.CharField()
    count = serializers.IntegerField()


class PlacesSerializer(serializers.Serializer[Any]):
    """The places of one event and who came."""

    event = serializers.CharField(source="event.slug")
    capacity = serializers.IntegerField(allow_null=True)
    confirmed = serializers.IntegerField()
    offered = serializers.IntegerField(help_text="Kept for people who have not answered yet.")
    waiting = serializers.IntegerField()
    came = serializers.IntegerField()
    absent = serializers.IntegerField()
    unmarked = serializers.IntegerField()
    no_show = serializers.FloatField(allow_null=True, help_text="Share of the marked who stayed away.")


class NumbersSerializer(serializers.Serializer[Any]):
    """People who come, wait or apply, each counted once; days count registrations."""

    people = serializers.IntegerField()
    days = CountSerializer(many=True)
    municipalities = CountSerializer(many=True, help_text="By official code.")
    regions = CountSerializer(many=True)
    size_groups = CountSerializer(many=True)
    organisations = CountSerializer(many=True, help_text="municipality, other or untold")
    languages = CountSerializer(many=True)
    events = PlacesSerializer(many=True)


class SeriesNumbers(APIView):
    """The numbers of one series."""

    permission_classes = [SeesPeople]

    @extend_schema(
        operation_id="series_numbers",
        tags=["organiser"],
        responses={200: NumbersSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Count those who registered."""
        series = series_for(request.user, **reach(request)).filter(pk=pk).first()
        if series is None:
            raise Http404
        return Response(NumbersSerializer(_shaped(numbers_of(series))).data)


def _shaped(numbers: Numbers) -> dict[str, Any]:
    return {
        "people": numbers.people,
        "days": _counts((day.isoformat(), count) for day, count in numbers.days),
        "municipalities": _counts((one.pk, count) for one, count in numbers.municipalities),
        "regions": _counts((fi, count) for fi, _sv, count in numbers.regions),
        "size_groups": _counts(numbers.size_groups),
        "organisations": _counts(numbers.organisations),
        "languages": _counts(numbers.languages),
        "events": numbers.events,
    }


def _counts(pairs: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - pairs of a key and a count
    return [{"key": key, "count": count} for key, count in pairs]
