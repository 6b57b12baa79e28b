"""Whether this installation is well, told to supervisors: alive, ready, and in figures."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

from backend import pulse
from notifications import queries
from notifications.models import Message

OVERDUE = 300  # seconds a due message may wait before somebody should look


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks nothing else, so that a slow database restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether people can be served (503 when not) and whether anything lags behind ("degraded")."""
    try:
        state = _state(at=timezone.now())
    except DatabaseError:
        return JsonResponse({"state": "unavailable", "database": False}, status=503)
    return JsonResponse(state)


def _state(*, at: datetime) -> dict[str, Any]:
    waiting = queries.oldest_due(at)
    oldest = round(waiting.total_seconds()) if waiting else 0
    figures = {
        "oldest_due_seconds": oldest,
        "worker_seconds": _silence("worker", at=at),
        "beat_seconds": _silence("beat", at=at),
    }
    well = oldest <= OVERDUE and pulse.is_alive("worker", at=at) and pulse.is_alive("beat", at=at)
    return {"state": "ready" if well else "degraded", "database": True, **figures}


def _silence(kind: str, *, at: datetime) -> int | None:
    heard = pulse.last(kind)
    return round((at - heard.at).total_seconds()) if heard else None


class Ledger(Collector):
    """What the database knows; every process tells the same."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the figures at the moment they are asked for."""
        at = timezone.now()
        messages = GaugeMetricFamily("vipu_messages", "Messages in the ledger, by state", labels=["state"])
        counts = Message.objects.order_by().values_list("state").annotate(Count("pk"))
        for state, count in counts:
            messages.add_metric([state], count)
        yield messages
        waiting = queries.oldest_due(at)
        yield GaugeMetricFamily(
            "vipu_oldest_due_seconds",
            "How long the oldest due message has waited",
            value=waiting.total_seconds() if waiting else 0,
        )
        silence = GaugeMetricFamily("vipu_silence_seconds", "Since the last sign of life", labels=["kind"])
        for kind in ("worker", "beat"):
            if (seconds := _silence(kind, at=at)) is not None:
                silence.add_metric([kind], seconds)
        yield silence


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to who carries the token; to everybody else this address does not exist."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    own = CollectorRegistry()
    own.register(Ledger())
    body = generate_latest(own) + generate_latest(REGISTRY)
    return HttpResponse(body, content_type="text/plain; version=0.0.4; charset=utf-8")
