"""What is meant for one reader is kept by no cache and listed by no search engine."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

_BEHIND_A_DOOR = ("/desk/", "/accounts/", "/admin/", "/api/v1/organiser/")


class ForOneReader:
    """Marks every answer that needed a sign-in, a key or a personal link; refusals too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say who may keep the answer: nobody."""
        response = self.get_response(request)
        if request.path.startswith(_BEHIND_A_DOOR) or "Authorization" in request.headers:
            add_never_cache_headers(response)
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response
