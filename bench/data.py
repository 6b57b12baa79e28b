"""Makes the events of a run: many with endless places, one that everybody wants, four mornings, a rush."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402 - the settings come first
from django.utils import timezone  # noqa: E402 - as above

from accounts.models import Organisation  # noqa: E402 - as above
from events.models import Event, EventSeries  # noqa: E402 - as above
from registrations.actions.ruling import remind_the_day_before  # noqa: E402 - as above
from registrations.models import Quota, RegistrationForm  # noqa: E402 - as above

ENDLESS = 1_000_000


@transaction.atomic
def make(slug: str, *, events: int, capacity: int) -> list[str]:
    """Publish a series of so many events and open its doors."""
    at = timezone.now()
    organisation, _new = Organisation.objects.get_or_create(
        slug="esimerkki", defaults={"name_fi": "Esimerkkijärjestäjä"}
    )
    series = EventSeries.objects.create(
        organisation=organisation,
        slug=slug,
        title_fi=f"Esimerkkisarja {slug}",
        contact_email="esimerkki@example.org",
        state=EventSeries.State.PUBLISHED,
        created_at=at,
    )
    RegistrationForm.objects.create(series=series, opens_at=at - timedelta(days=1))
    remind_the_day_before(series, at=at)
    made = [
        Event.objects.create(
            series=series,
            slug=f"{slug}-{number}",
            title_fi=f"Esimerkkitapahtuma {number}",
            starts_at=at + timedelta(days=30 + number % 20),
            ends_at=at + timedelta(days=30 + number % 20, hours=2),
            state=Event.State.PUBLISHED,
        )
        for number in range(events)
    ]
    Quota.objects.bulk_create(
        Quota(event=event, capacity=capacity, hard_cap=capacity, closes_at=event.starts_at) for event in made
    )
    return [event.slug for event in made]


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    print(json.dumps({slug: make(slug, **how) for slug, how in wanted.items()}))
