"""An organiser's own words to many people: the facts that each of them may hold."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from backend.core.i18n import Language, as_language
from events.models import EventSeries
from notifications.outbox import Draft, Json
from registrations.messages import kinds
from registrations.messages.facts import event_facts, manage_links
from registrations.models import Campaign, CampaignRecipient
from registrations.rules.segments import GIVES_UP_AFTER

type Facts = Mapping[str, Json]

_NO_EVENT: Facts = {"title": "", "day": "", "starts": "", "when": "", "mode": "", "place": ""}


def notes(campaign: Campaign, recipients: Iterable[CampaignRecipient], *, at: datetime) -> list[Draft]:
    """Write to each of these people; the facts of an event are put into words once for each language.

    ``recipients`` come with their people, and those about an event with that event and its series.
    """
    facts: dict[tuple[int | None, Language], Facts] = {}
    leaves = campaign.leaves_at or at
    drafts = []
    for one in recipients:
        attendee = one.attendee
        assert attendee is not None  # noqa: S101 - who has been removed is not on the list that is sent
        language = as_language(one.language)
        event = one.registration.event if one.registration else None
        key = (event.pk if event else None, language)
        if key not in facts:
            facts[key] = (
                event_facts(event, language=language) if event else series_facts(campaign.series, language)
            )
        drafts.append(
            Draft(
                kind=kinds.NOTE,
                subject=f"registration:{one.registration_id}" if event else f"attendee:{attendee.pk}",
                version=1,
                recipient=attendee.email,
                language=language,
                context={**facts[key], "name": attendee.name},
                links=manage_links(attendee),
                audience=f"event:{event.pk}" if event else f"series:{campaign.series_id}",
                scope=f"series:{campaign.series_id}",  # what its reader can do without is kept by series
                occasion=campaign.batch,
                batch=campaign.batch,
                wording_id=campaign.wording_id,
                not_before=leaves,
                not_after=leaves + GIVES_UP_AFTER,
            )
        )
    return drafts


def series_facts(series: EventSeries, language: Language) -> dict[str, Json]:
    """Write down what a message about the whole series says; what it cannot say of an event is empty."""
    return {
        **_NO_EVENT,
        "series": series.title.told(language),
        "organisers": series.organisers,
        "contact_email": series.contact_email,
    }
