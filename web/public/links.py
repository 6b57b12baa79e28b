"""Pages that open by a mailed link: never kept, never indexed, and in the language of the person."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_variables

from backend.core.i18n import LANGUAGES, Language


def personal[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Mark the answer as for this reader only."""

    @wraps(view)
    @sensitive_variables("token")
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "same-origin"  # stricter would refuse our own forms, see settings
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def speak(request: HttpRequest, language: str) -> None:
    """Go on in the language the reader chose for this page, or else in the person's own."""
    translation.activate(asked(request) or language)


def asked(request: HttpRequest) -> Language | None:
    """Read which language the header's links ask for."""
    code = request.GET.get("lang", "")
    return next((language for language in LANGUAGES if language == code), None)


def see_other(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser on after a POST, in the language it was reading."""
    if (language := asked(request)) and "?" not in address:
        address += "?" + urlencode({"lang": language})
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
