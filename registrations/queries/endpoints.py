"""The webhooks that a person may see: those of the series they organise."""

from typing import Any

from accounts.policies import ORGANISES, Person
from backend.core.errors import NotFound
from backend.core.i18n import _
from events.models import EventSeries
from events.queries import series_for
from notifications.models import Endpoint


def endpoint_for(person: Person, pk: int, **reach: Any) -> tuple[Endpoint, EventSeries]:  # noqa: ANN401 - roles and key
    """Give a webhook with its series, or say that nothing is there; only organisers look."""
    reach = {"roles": ORGANISES, **reach}
    endpoint = Endpoint.objects.filter(pk=pk).first()
    kind, _colon, number = endpoint.scope.partition(":") if endpoint else ("", "", "")
    if endpoint is not None and kind == "series" and number.isdecimal():
        series = series_for(person, **reach).filter(pk=int(number)).first()
        if series is not None:
            return endpoint, series
    raise NotFound(_("Nothing was found at this address."))
