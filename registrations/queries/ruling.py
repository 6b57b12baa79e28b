"""The rules of messages that go out by themselves, as far as a person's own series go."""

import copy
from collections import Counter
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import ApiToken
from accounts.policies import LOOKS, Person, Roles
from backend.core.errors import NotFound
from backend.core.i18n import _
from events.queries import series_for
from registrations.models import MessageRule, Registration
from registrations.queries.automatic import Plan, counts, plans, recipients
from registrations.rules import Verdict


def rules_for(
    person: Person, *, roles: Roles = LOOKS, token: ApiToken | None = None
) -> QuerySet[MessageRule]:
    """List the rules of the person's own series, in the order they were made."""
    own = MessageRule.objects.filter(series__in=series_for(person, roles=roles, token=token))
    return own.select_related("series__organisation", "event", "question").order_by("pk")


def rule_for(person: Person, pk: int, *, roles: Roles = LOOKS, token: ApiToken | None = None) -> MessageRule:
    """Find one of them; somebody else's does not exist."""
    found = rules_for(person, roles=roles, token=token).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    return found


def plans_of(rule: MessageRule) -> list[Plan]:
    """List the events a rule counts for, drafts included, in order of time."""
    return plans(MessageRule.objects.filter(pk=rule.pk), drafts=True)


def shown_plan(found: list[Plan], *, event: str = "", at: datetime) -> Plan | None:
    """Choose the event to look at: the one named, or the next with something to do, or the last."""
    named = next((plan for plan in found if plan.event.slug == event), None) if event else None
    return named or next_plan(found, at=at) or (found[-1] if found else None)


def next_plan(found: list[Plan], *, at: datetime) -> Plan | None:
    """Find the first event at which the rule still has something to do."""
    return next((plan for plan in found if plan.is_ahead(at=at)), None)


def passed_if_on(rule: MessageRule, *, at: datetime) -> Counter[Verdict]:
    """Count what becomes of those whose moment has passed, at every event, if the rule is switched on now."""
    will = copy.copy(rule)
    will.changed_at = at
    return passed(will, at=at)


def passed(rule: MessageRule, *, at: datetime) -> Counter[Verdict]:
    """Count what becomes of those whose moment has passed, at every event, by the rule as it is given."""
    found = plans(MessageRule.objects.filter(pk=rule.pk), at=at)
    standing = [replace(plan, rule=rule) for plan in found if plan.concerns(at=at)]
    return counts(one for plan in standing for one in recipients(plan, at=at) if one.moment <= at)


def place_at(rule: MessageRule, *, registration: int) -> tuple[Plan, Registration] | None:
    """Find one registration that a rule looks at, with the plan for its event."""
    rows = Registration.objects.select_related("attendee", "calendar_entry")
    row = rows.filter(pk=registration, event__series=rule.series_id).first()
    plan = next((plan for plan in plans_of(rule) if row and plan.event.pk == row.event_id), None)
    if row is None or plan is None:
        return None
    row.event = plan.event
    return plan, row
