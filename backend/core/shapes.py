"""Shapes that the API of every app shares: a text in three languages, a refusal, an answer not sent twice."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework import serializers

from backend.core.api import PROBLEM_JSON
from backend.core.i18n import LANGUAGES, Text, _


class TextSerializer(serializers.Serializer[Text]):
    """One thing said in up to three languages; an empty string means not said."""

    fi = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)
    sv = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)
    en = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)

    def to_internal_value(self, data: object) -> Text:
        """Read the object. A PATCH keeps the languages it does not name; an unknown language is refused."""
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(LANGUAGES))):
            raise serializers.ValidationError(
                {name: [_("The languages are fi, sv and en.")] for name in unknown}
            )
        given: dict[str, str] = super().to_internal_value(data)
        row = getattr(self.root, "instance", None)
        if getattr(self.root, "partial", False) and row is not None and self.field_name:
            return Text.from_dict(getattr(row, self.field_name).as_dict() | given)
        return Text.from_dict(given)

    def to_representation(self, instance: Text) -> dict[str, str]:
        """Write all three languages."""
        return instance.as_dict()


class ExactSerializer[Row](serializers.Serializer[Row]):
    """A body that holds nothing but what it names: a misspelt choice of people would choose everybody."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 - whatever was sent
        """Read the object; what is not a field of it is refused by name, beside everything else."""
        mine = {name for name, field in self.fields.items() if not field.read_only}
        unknown = sorted(set(map(str, data)) - mine) if isinstance(data, Mapping) else []
        wrong = {name: [_("There is no such field.")] for name in unknown}
        try:
            given = super().to_internal_value(data)
        except serializers.ValidationError as no:
            raise serializers.ValidationError({**no.detail, **wrong}) from None  # type: ignore[dict-item]  # of an object by field
        if wrong:
            raise serializers.ValidationError(wrong)
        return given


class ExactSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Tells the reference that such a body takes no other fields."""

    target_class = ExactSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        """Describe it as any other, and close it."""
        shape: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # type: ignore[no-untyped-call]  # noqa: SLF001 - the way its manual shows
        return {**shape, "additionalProperties": False} if direction == "request" else shape


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal (RFC 9457): ``code`` for programs, ``detail`` and ``errors`` in the reader's language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # the standard gives the field its name
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="The sentences for each input, by its path: `title.fi`.",
    )


def problems(*statuses: int) -> dict[tuple[int, str], type[ProblemSerializer]]:
    """List for the schema which refusals an operation may answer with."""
    return {(status, PROBLEM_JSON): ProblemSerializer for status in statuses}


class ConditionalReads:
    """A view whose answers carry an ETag, so that nobody is sent again what they already have."""

    @method_decorator(conditional_page)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer 304 to those who have this very content."""
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view this is mixed into
        return answer
