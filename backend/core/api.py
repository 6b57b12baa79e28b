"""How the API says no, turns pages, and reads the reader's language."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DatabaseError, DataError, OperationalError
from django.db.models import QuerySet
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination, permissions
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.errors import Busy, Refusal, TooLarge, TooMany

if TYPE_CHECKING:  # the framework reads this module while it loads its own views
    from rest_framework.views import APIView

logger = logging.getLogger("vipu.api")
PROBLEM_JSON = "application/problem+json"
_READ_ONLY = "25006"  # PostgreSQL's read_only_sql_transaction: a standby, or one that is being repaired


class Nobody(permissions.BasePermission):
    """The default: an endpoint that does not state its permission lets nobody in."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Refuse."""
        return False


class Pages(pagination.CursorPagination):
    """Cursor pages: rows may come and go between two pages and none is shown twice."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"

    def paginate_queryset(  # type: ignore[override]  # only ever rows of the database
        self, queryset: QuerySet[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any] | None:
        """Turn to the page; a cursor that somebody made themselves is refused, whatever it trips over."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (
            ValueError,
            OverflowError,
            ValidationError,
            DataError,
        ):  # no number or moment, or too large a one
            if self.cursor_query_param not in request.query_params:
                raise
            raise self._no_page() from None

    def decode_cursor(self, request: Request) -> Any:  # noqa: ANN401 - the framework's own
        """Read where a page begins."""
        try:
            return super().decode_cursor(request)
        except exceptions.NotFound:
            raise self._no_page() from None

    def _no_page(self) -> exceptions.ValidationError:
        sentence = _("There is no such page. Begin with the first one.")
        return exceptions.ValidationError({self.cursor_query_param: [sentence]})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page as it comes; the framework's own way of saying null is not of OpenAPI 3.1."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }


def problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn every refusal into problem+json (RFC 9457) with a stable ``code`` and the reader's own words.

    ``errors`` maps each field to its sentences. An unexpected error is None: it is logged and answered 500.
    """
    error = _named(error)
    if isinstance(error, Refusal):
        response = _answer(error.status, error.code, str(error.sentence), error.fields)
        response.data.update(error.members)
        if isinstance(error, TooMany | Busy):
            response["Retry-After"] = str(error.retry_after)
        return response
    if not isinstance(error, exceptions.APIException):
        return None
    fields = error.detail if isinstance(error, exceptions.ValidationError) else None
    if fields is not None and not isinstance(fields, Mapping):
        fields = {"": fields}
    sentence = _("Some of the information needs correcting.") if fields is not None else str(error.detail)
    code = "invalid" if fields is not None else str(error.get_codes()).replace("_", "-")
    response = _answer(error.status_code, code, sentence, _flat(fields or {}))
    for header in ("auth_header", "wait"):
        if value := getattr(error, header, None):
            response["WWW-Authenticate" if header == "auth_header" else "Retry-After"] = str(value)
    return response


def _named(error: Exception) -> Exception:
    """Give an error that the framework raised on its own the name under which the API tells it."""
    match error:
        case DatabaseError() if database_cannot(error):
            return busy(error)
        case RequestDataTooBig():
            return too_large()
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied()
        case _:
            return error


def database_cannot(error: Exception) -> bool:
    """Tell whether the database could not do it just now: gone, too slow, full, or open for reading only."""
    return isinstance(error, OperationalError) or getattr(error.__cause__, "sqlstate", "") == _READ_ONLY


def busy(error: Exception) -> Busy:
    """Say that the service has more to do than it can; a lock or a statement took too long."""
    logger.error("the database did not answer in time", exc_info=error)
    return Busy(_("There is a rush just now, and nothing was saved. Try again in a moment."))


def too_large() -> TooLarge:
    """Say that a body is longer than ``DATA_UPLOAD_MAX_MEMORY_SIZE``."""
    return TooLarge(_("This is more than can be sent at once. Shorten the texts and send it again."))


def plain_problem(*, status: int, code: str, sentence: str) -> JsonResponse:
    """Answer a program where no view of the API could: an address that leads nowhere, or our own failure."""
    return JsonResponse(_body(status, code, sentence), status=status, content_type=PROBLEM_JSON)


def _answer(status: int, code: str, sentence: str, fields: Mapping[str, Sequence[Any]]) -> Response:
    body = _body(status, code, sentence)
    if fields:
        body["errors"] = {
            name: [str(sentence) for sentence in sentences] for name, sentences in fields.items()
        }
    return Response(body, status=status, content_type=PROBLEM_JSON)


def _body(status: int, code: str, sentence: str) -> dict[str, Any]:
    return {
        "type": f"/api/docs/#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": sentence,
    }


def _flat(fields: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    flat: dict[str, list[str]] = {}
    for name, value in fields.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            flat |= _flat({str(key): inner for key, inner in value.items()}, prefix=f"{path}.")
        else:
            flat[path] = [str(item) for item in (value if isinstance(value, list) else [value])]
    return flat
