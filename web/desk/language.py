"""The desk speaks the language of the person who sits at it; its addresses carry none."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User
from backend.core.i18n import as_language

_PREFIXES = ("/desk/", "/accounts/")


class DeskLanguage:
    """Speak the person's own language on every page of the desk, sign-in pages included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Choose the language before the page is made, and say it in the answer."""
        if not request.path.startswith(_PREFIXES) or not isinstance(request.user, User):
            return self.get_response(request)
        language = as_language(request.user.language)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        return self.get_response(request)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Change the language; whoever is signed in keeps it for the next time."""
    language = as_language(request.POST.get("language"))
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = HttpResponseRedirect(_back(request))
    response.status_code = 303
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
    return response


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("desk:home")
