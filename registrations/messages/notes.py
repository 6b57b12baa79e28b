"""An organiser's own words, to many people at once or by a rule: the facts that each reader may hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from backend.core.i18n import Language, as_language
from events.models import Event, EventSeries
from notifications.models import Wording
from notifications.outbox import Draft, Json
from registrations.messages import kinds
from registrations.messages.facts import event_facts, manage_links, reader
from registrations.models import Attendee, Campaign, CampaignRecipient, MessageRule, Registration
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
            replace(
                _note(attendee, registration=one.registration, facts=facts[key], language=language),
                occasion=campaign.batch,
                batch=campaign.batch,
                wording_id=campaign.wording_id,
                not_before=leaves,
                not_after=leaves + GIVES_UP_AFTER,
            )
        )
    return drafts


def rule_notes(
    registrations: Sequence[Registration],
    *,
    rule: MessageRule,
    wording: Wording,
    days: Mapping[int, date],
    ends: Mapping[int, datetime],
    at: datetime,
) -> list[Draft]:
    """Write to each what a rule says in the organiser's own words, to be read now.

    ``days`` names for each the day it counts from, ``ends`` when it would be too late to send it.
    """
    facts: dict[tuple[int, Language], Facts] = {}
    drafts = []
    for row in registrations:
        language = reader(row.attendee)
        key = (row.event_id, language)
        if key not in facts:
            facts[key] = event_facts(row.event, language=language)
        drafts.append(
            replace(
                _note(row.attendee, registration=row, facts=facts[key], language=language),
                version=row.calendar_entry.revision,
                occasion=f"{rule.scope}:{days[row.pk]}",
                wording_id=wording.pk,
                not_before=at,
                not_after=ends[row.pk],
            )
        )
    return drafts


def _note(
    attendee: Attendee, *, registration: Registration | None, facts: Facts, language: Language
) -> Draft:
    """Write to one person, about an event or the whole series; what they can do without is kept by series."""
    about: Event | None = registration.event if registration else None
    return Draft(
        kind=kinds.NOTE,
        subject=f"registration:{registration.pk}" if registration else f"attendee:{attendee.pk}",
        version=1,
        recipient=attendee.email,
        language=language,
        context={**facts, "name": attendee.name},
        links=manage_links(attendee),
        audience=f"event:{about.pk}" if about else f"series:{attendee.series_id}",
        scope=f"series:{attendee.series_id}",
    )


def series_facts(series: EventSeries, language: Language) -> dict[str, Json]:
    """Write down what a message about the whole series says; what it cannot say of an event is empty."""
    return {
        **_NO_EVENT,
        "series": series.title.told(language),
        "organisers": series.organisers,
        "contact_email": series.contact_email,
    }
