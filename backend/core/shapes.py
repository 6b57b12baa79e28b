"""Shapes that the API of every app shares: a text in three languages, a refusal, an answer not sent twice."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
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
