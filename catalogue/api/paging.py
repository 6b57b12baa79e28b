"""Pages of the catalogue, with what the list can be narrowed by."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Municipality
from backend.core.api import Pages
from backend.core.i18n import LANGUAGES, Text
from catalogue.models import Practice, Theme
from catalogue.queries import Facets, facets

_TEXT = {"type": "object", "additionalProperties": {"type": "string"}}
_FACET = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["key", "name", "count"],
        "properties": {"key": {"type": "string"}, "name": _TEXT, "count": {"type": "integer"}},
    },
}


class FacetPages(Pages):
    """Newest first; ``facets`` counts the whole list found, whatever page is shown."""

    ordering = "-pk"
    facets: Facets

    def paginate_queryset(  # type: ignore[override]  # only ever practices
        self, queryset: QuerySet[Practice], request: Request, view: APIView | None = None
    ) -> list[Practice] | None:
        """Count, then cut."""
        self.facets = facets(queryset)
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: object) -> Response:
        """Put the counts beside the page."""
        response = super().get_paginated_response(data)
        themes, places, labels = self.facets.themes, self.facets.municipalities, self.facets.labels
        response.data["facets"] = {
            "themes": [
                _facet(theme.key, theme.name, themes[theme.key])
                for theme in Theme.objects.filter(key__in=themes)
            ],
            "municipalities": [
                _facet(place.code, place.name, places[place.code])
                for place in Municipality.objects.filter(code__in=places)
            ],
            "labels": [
                _facet(label, _words(label), labels[label]) for label in Practice.Label if label in labels
            ],
        }
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Tell the reference of the counts."""
        page = super().get_paginated_response_schema(schema)
        names: Sequence[str] = ("themes", "municipalities", "labels")
        page["properties"]["facets"] = {
            "type": "object",
            "required": list(names),
            "properties": dict.fromkeys(names, _FACET),
        }
        page["required"] = [*page.get("required", []), "facets"]
        return page


def _facet(key: str, name: Text, count: int) -> dict[str, Any]:
    return {"key": str(key), "name": name.as_dict(), "count": count}


def _words(label: Practice.Label) -> Text:
    said: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(label.label)
    return Text.from_dict(said)


class ByName(Pages):
    """Alliances in the order of their names."""

    ordering = ("name_fi", "pk")  # type: ignore[assignment]  # the framework takes several, its types one


class ByDate(Pages):
    """Stories, newest first."""

    ordering = ("-published_on", "-pk")  # type: ignore[assignment]  # as above


class LongestWaiting(Pages):
    """Submissions, the longest waiting first."""

    ordering = ("submitted_at", "pk")  # type: ignore[assignment]  # as above
