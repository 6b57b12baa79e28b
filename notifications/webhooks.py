"""The doors for mail and news that providers hand over: who knocks is checked, what they bring is kept."""

import logging
from collections.abc import Callable
from http import HTTPStatus

import anymail.urls
from anymail.exceptions import AnymailConfigurationError, AnymailError, AnymailWebhookValidationFailure
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from notifications import inbound, news, tasks

logger = logging.getLogger("vipu.notifications")

type View = Callable[[HttpRequest], HttpResponse]


def _views(ending: str) -> dict[str, View]:
    return {
        str(pattern.name).removesuffix(ending): pattern.callback
        for pattern in anymail.urls.urlpatterns
        if str(pattern.name).endswith(ending)
    }


_PROVIDERS = _views("_inbound_webhook")
_TELLERS = _views("_tracking_webhook")
_LONGEST_NEWS = 256 * 1024
_NOT_UNDERSTOOD = (AnymailError, ImproperlyConfigured, LookupError, TypeError, ValueError, AttributeError)
_ENVELOPE = 64 * 1024  # what a provider writes around the mail
_LARGEST = inbound.LIMIT * 4 // 3 + _ENVELOPE  # the mail in base64


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Take a mail in. Without a secret in the settings this address does not exist.

    Whoever does not know the secret, or brings what is no mail, is refused before anything is written.
    """
    view = _PROVIDERS.get(provider)
    if view is None or not settings.WEBHOOK_SECRET:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    # read here: the limit for forms is far below that of a mail, and the provider's view reads what we read
    request._body = request.read(_LARGEST)  # noqa: SLF001 - the one place where Django looks for it
    try:
        return view(request)
    except _NOT_UNDERSTOOD as error:
        return _refused("mail", provider, error)


def keep(event: AnymailInboundEvent, esp_name: str, **_kwargs: object) -> None:
    """Keep the mail that a provider's view has checked and read."""
    message: AnymailInboundMessage = event.message
    inbound.keep(
        raw=message.as_bytes(),
        source=f"webhook:{esp_name.lower()}",
        recipient=message.envelope_recipient or "",
        at=timezone.now(),
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def hear(request: HttpRequest, provider: str) -> HttpResponse:
    """Take news in. Without a secret in the settings this address does not exist.

    Whoever does not know the secret, or brings what is no news, is refused before anything is written.
    """
    view = _TELLERS.get(provider)
    if view is None or not settings.WEBHOOK_SECRET:
        raise Http404
    if request.method != "POST":
        return HttpResponse()  # some providers look whether the address is there when it is written down
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST_NEWS:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        with transaction.atomic():
            answer = view(request)
            transaction.on_commit(tasks.wake_news)
    except _NOT_UNDERSTOOD as error:
        return _refused("news", provider, error)
    return answer


def _refused(what: str, provider: str, error: Exception) -> HttpResponse:
    """Refuse what was brought; the log says why in words of ours, since an error may repeat what it read."""
    if isinstance(error, AnymailWebhookValidationFailure):
        why = "the secret or the signature is not the one in the settings"
    elif isinstance(error, ImproperlyConfigured):
        why = "the key that checks its signature is missing, or a package is; see vipu doctor"
    else:
        why = f"it cannot be read ({type(error).__name__})"
    logger.warning("%s from %s was refused: %s", what, provider, why)
    return HttpResponse(status=HTTPStatus.BAD_REQUEST)


def keep_news(event: AnymailTrackingEvent, esp_name: str, **_kwargs: object) -> None:
    """Keep the news that a provider's view has checked and read."""
    news.keep(event, provider=esp_name, at=timezone.now())


def cannot_hear(provider: str) -> str:
    """Tell what is missing before this provider's news can be checked; empty: nothing, or it tells none."""
    view = _TELLERS.get(provider)
    if view is None:
        return ""
    try:
        view.view_class()  # type: ignore[attr-defined]  # where Django keeps the class of a view
    except AnymailConfigurationError as error:
        return str(error).partition("\n")[0]
    return ""


def tells_news(provider: str) -> bool:
    """Tell whether this provider tells what became of a message."""
    return provider in _TELLERS
