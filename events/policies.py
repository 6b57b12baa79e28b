"""Who may see and change a programme: the people of the organisation that arranges it."""

from accounts.models import ApiToken
from accounts.policies import LOOKS, ORGANISES, Person, may
from events.models import EventSeries

SEES = LOOKS
CHANGES = ORGANISES


def may_see(person: Person, *, series: EventSeries, token: ApiToken | None = None) -> bool:
    """Tell whether the person may see the drafts of this series."""
    return may(person, roles=SEES, organisation_id=series.organisation_id, token=token)


def may_change(person: Person, *, series: EventSeries, token: ApiToken | None = None) -> bool:
    """Tell whether the person may change this series and its events."""
    return may(person, roles=CHANGES, organisation_id=series.organisation_id, token=token)
