"""What an organiser does with an endpoint: add it, try it, change its secret, replay, switch it off."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from backend.core.errors import Refusal
from backend.core.i18n import _
from backend.core.seals import seal
from backend.core.text import has_control_characters, one_line
from notifications.endpoints.addresses import checked_url
from notifications.endpoints.announcing import row_for, wake
from notifications.endpoints.delivering import SEAL
from notifications.endpoints.facts import PING, Fact, all_kinds
from notifications.endpoints.signing import new_secret
from notifications.models import Endpoint, EndpointDelivery

OVERLAP = timedelta(hours=24)
MOST = 10
NAME_LIMIT = 100
State = EndpointDelivery.State


class EndpointRefused(Refusal):
    """It cannot be added or used like this."""

    code = "endpoint-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """An endpoint with its secret, which is told this once and kept sealed."""

    endpoint: Endpoint
    secret: str


def endpoints_of(scope: str) -> QuerySet[Endpoint]:
    """List the endpoints of a scope, each with how much waits for it and how much failed."""
    waiting = Count("deliveries", filter=Q(deliveries__state__in=[State.WAITING, State.SENDING]))
    failed = Count("deliveries", filter=Q(deliveries__state=State.FAILED))
    return Endpoint.objects.filter(scope=scope).annotate(waiting=waiting, failed=failed).order_by("pk")


@transaction.atomic
def add(
    *, scope: str, name: str, url: str, kinds: Collection[str], with_people: bool, at: datetime
) -> Shared:
    """Let another system be told from now on."""
    clean = _checked_name(name)
    wanted = _checked_kinds(kinds)
    address = checked_url(url)
    if Endpoint.objects.filter(scope=scope).count() >= MOST:
        raise EndpointRefused(_("There are ten webhooks already. Remove one first."))
    secret = new_secret()
    endpoint = Endpoint.objects.create(
        scope=scope,
        name=clean,
        url=address,
        kinds=wanted,
        with_people=with_people,
        secret=seal(secret, purpose=SEAL),
        created_at=at,
        changed_at=at,
    )
    return Shared(endpoint=endpoint, secret=secret)


def _checked_name(name: str) -> str:
    clean = one_line(name)
    if not clean or len(clean) > NAME_LIMIT or has_control_characters(name):
        sentence = _("Give the webhook a name of 1 to 100 characters.")
        raise EndpointRefused(sentence, fields={"name": [sentence]})
    return clean


def _checked_kinds(kinds: Collection[str]) -> list[str]:
    wanted = [kind for kind in all_kinds() if kind in set(kinds)]
    unknown = ", ".join(sorted(set(kinds) - set(wanted)))
    if unknown or not wanted:
        never = _("There is no news of this kind: %(kinds)s.") % {"kinds": unknown}
        sentence = never if unknown else _("Choose at least one kind of news.")
        raise EndpointRefused(sentence, fields={"kinds": [sentence]})
    return wanted


@transaction.atomic
def roll(*, endpoint: Endpoint, at: datetime) -> Shared:
    """Make a new secret; the former one signs as well for a day, so the receiver can change in peace."""
    row = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    secret = new_secret()
    row.former_secret, row.former_until = row.secret, at + OVERLAP
    row.secret, row.changed_at = seal(secret, purpose=SEAL), at
    row.save(update_fields=["former_secret", "former_until", "secret", "changed_at"])
    return Shared(endpoint=row, secret=secret)


@transaction.atomic
def switch(*, endpoint: Endpoint, on: bool, at: datetime) -> None:
    """Stop telling, or start again; what waited meanwhile is sent then."""
    off = Endpoint.Off.NOT if on else Endpoint.Off.PERSON
    Endpoint.objects.filter(pk=endpoint.pk).update(
        off=off, failing_since=None, resting_until=None, changed_at=at
    )
    endpoint.refresh_from_db()
    if on:
        wake()


@transaction.atomic
def ping(*, endpoint: Endpoint, at: datetime) -> EndpointDelivery:
    """Send a made-up piece of news, to see whether the receiver takes it."""
    if not endpoint.active:
        raise EndpointRefused(_("The webhook is switched off. Switch it on first."))
    Endpoint.objects.filter(pk=endpoint.pk).update(resting_until=None)
    row = row_for(endpoint, Fact(kind=PING, data={"scope": endpoint.scope}), event=uuid.uuid4(), at=at)
    row.save()
    wake()
    return row


@transaction.atomic
def replay(
    *, endpoint: Endpoint, at: datetime, delivery: int | None = None, since: datetime | None = None
) -> int:
    """Send one piece of news again, or all that failed since a moment; each keeps its number."""
    if not endpoint.active:
        raise EndpointRefused(_("The webhook is switched off. Switch it on first."))
    rows = EndpointDelivery.objects.filter(endpoint=endpoint)
    if delivery is not None:
        rows = rows.filter(pk=delivery, state__in=[State.FAILED, State.DELIVERED])
    else:
        rows = rows.filter(state=State.FAILED, created_at__gte=since or endpoint.created_at)
    again = rows.update(state=State.WAITING, next_at=at, attempts=0)
    if not again:
        raise EndpointRefused(_("There is nothing to send again."))
    Endpoint.objects.filter(pk=endpoint.pk).update(resting_until=None)
    wake()
    return again


def remove(*, endpoint: Endpoint) -> None:
    """Forget the endpoint and its log."""
    endpoint.delete()
