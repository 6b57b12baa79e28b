"""What a person reads when something is refused, gone, or broken: what happened, and what to do next."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from backend.core.api import busy, database_cannot, plain_problem, too_large
from backend.core.errors import Busy, Refusal, Sentence, TooMany
from web.public.forms import LostLinkForm
from web.public.links import asked


class RefusalPages:
    """Turns a refusal that no view has answered into a page; the API answers its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let everything through."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is a bug and flies on."""
        if database_cannot(exception):
            exception = busy(exception)
        if not isinstance(exception, Refusal):
            return None
        response = _page(request, exception.status, sentence=exception.sentence)
        if isinstance(exception, TooMany | Busy):
            response["Retry-After"] = str(exception.retry_after)
        add_never_cache_headers(response)
        return response


def _page(request: HttpRequest, status: int, *, sentence: Sentence = "") -> HttpResponse:
    if language := asked(request):  # the header of a page behind a mailed link changes it like this
        translation.activate(language)
    titles = {
        403: _("You may not open this page"),
        404: _("The page was not found"),
        410: _("This link no longer works"),
        429: _("Too many tries"),
        503: _("There is a rush just now"),
    }
    context = {
        "heading": titles.get(status, _("This did not work")),
        "sentence": sentence,
        "status": status,
        "form": LostLinkForm() if status in {404, 410} else None,
    }
    return render(request, "public/refusal.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be understood, or was too much."""
    if isinstance(exception, RequestDataTooBig):
        return _page(request, 413, sentence=too_large().sentence)
    return _page(request, 400, sentence=_("The request could not be understood. Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer somebody who may not."""
    return _page(
        request, 403, sentence=_("Sign in with the account of your organisation, or ask its administrator.")
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection has run out; nothing was done."""
    sentence = _(
        "The form was open for a long time, or your browser does not take cookies. "
        "Go back, reload the page and send it again."
    )
    return _page(request, 403, sentence=sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address where nothing stands."""
    if _from_a_program(request):
        sentence = _("Nothing was found at this address.")
        return plain_problem(status=404, code="not-found", sentence=sentence)
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when we failed: in three languages, from one file, leaning on nothing that may be broken."""
    if _from_a_program(request):
        sentence = _("Something went wrong on our side, and we have been told. Try again later.")
        return plain_problem(status=500, code="broken", sentence=sentence)
    return TemplateResponse(request, "500.html", status=500).render()


def _from_a_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
