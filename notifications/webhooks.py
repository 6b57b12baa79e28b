"""The door for mail that a provider hands over: checks who knocks, keeps the bytes, and answers at once."""

from http import HTTPStatus

import anymail.urls
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications import inbound

_ENDING = "_inbound_webhook"
_PROVIDERS = {
    str(pattern.name).removesuffix(_ENDING): pattern.callback
    for pattern in anymail.urls.urlpatterns
    if str(pattern.name).endswith(_ENDING)
}
_ENVELOPE = 64 * 1024  # what a provider writes around the mail
_LARGEST = inbound.LIMIT * 4 // 3 + _ENVELOPE  # the mail in base64


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Take a mail in. Without a secret in the settings this address does not exist."""
    view = _PROVIDERS.get(provider)
    if view is None or not settings.WEBHOOK_SECRET:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    # read here: the limit for forms is far below that of a mail, and the provider's view reads what we read
    request._body = request.read(_LARGEST)  # noqa: SLF001 - the one place where Django looks for it
    answer: HttpResponse = view(request)
    return answer


def keep(event: AnymailInboundEvent, esp_name: str, **_kwargs: object) -> None:
    """Keep the mail that a provider's view has checked and read."""
    message: AnymailInboundMessage = event.message
    inbound.keep(
        raw=message.as_bytes(),
        source=f"webhook:{esp_name.lower()}",
        recipient=message.envelope_recipient or "",
        at=timezone.now(),
    )
