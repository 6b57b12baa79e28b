"""Messages to many people: which there are, whom each is for, and how far it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from accounts.models import ApiToken
from accounts.policies import LOOKS, Person, Roles
from backend.core.errors import NotFound
from backend.core.i18n import _
from events.queries import series_for
from notifications import rules
from notifications.models import Message
from notifications.queries import counts_in, counts_in_each
from registrations.models import Campaign, CampaignRecipient
from registrations.queries.segments import chosen
from registrations.rules.segments import FAILED, GIVES_UP_AFTER, PIN_HOLDS, REASONS, UNCLEAR, Segment


def campaigns_for(
    person: Person, *, roles: Roles = LOOKS, token: ApiToken | None = None
) -> QuerySet[Campaign]:
    """List the messages to many of the person's own series, the newest first."""
    own = Campaign.objects.filter(series__in=series_for(person, roles=roles, token=token))
    return own.select_related("series__organisation", "made_by", "wording").order_by("-pk")


def campaign_for(person: Person, pk: int, *, roles: Roles = LOOKS, token: ApiToken | None = None) -> Campaign:
    """Find one of them; somebody else's does not exist."""
    found = campaigns_for(person, roles=roles, token=token).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    return found


def recipients_of(campaign: Campaign, *, reason: str = "") -> QuerySet[CampaignRecipient]:
    """List those who are written to, or those left out for one reason, by name as the list was made."""
    rows = campaign.recipients.select_related("attendee", "registration__event__series")
    if reason == "gone":
        return rows.filter(reason="", attendee=None).order_by("pk")
    wanted = rows.filter(reason=reason)
    return (wanted if reason else wanted.exclude(attendee=None)).order_by("pk")


def reasons_of(campaign: Campaign) -> list[tuple[str, int]]:
    """Count those left out by reason, in the order in which the choices are made."""
    rows = campaign.recipients.order_by().values_list("reason").annotate(count=Count("pk"))
    counted = dict(rows)
    counted["gone"] = campaign.recipients.filter(reason="", attendee=None).count()
    return [(reason, counted[reason]) for reason in REASONS if counted.get(reason)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How the people chosen now differ from the list that was looked at."""

    came: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()  # another language, or another registration

    @property
    def any(self) -> bool:
        """Tell whether there is any."""
        return bool(self.came or self.left or self.changed)


def difference(campaign: Campaign) -> Difference:
    """Compare the pinned list with those who would be chosen now."""
    rows = campaign.recipients.filter(reason="").order_by()
    pinned = {
        attendee or -pk: (registration, language)
        for pk, attendee, registration, language in rows.values_list(
            "pk", "attendee", "registration", "language"
        )
    }
    segment = Segment.of(campaign.segment)
    now = {
        pk: (one.registration if about_an_event(segment) else None, one.language)
        for pk, one in chosen(campaign.series, segment).items()
    }
    both = pinned.keys() & now.keys()
    return Difference(
        came=frozenset(now.keys() - both),
        left=frozenset(pinned.keys() - both),
        changed=frozenset(pk for pk in both if pinned[pk] != now[pk]),
    )


def about_an_event(segment: Segment) -> bool:
    """Tell whether a message to these people is about one event, and not about the whole series."""
    return len(segment.events) == 1


def is_old(campaign: Campaign, *, at: datetime) -> bool:
    """Tell whether the list has to be made anew before it can be sent."""
    return campaign.pinned_at is None or at - campaign.pinned_at > PIN_HOLDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a message to many is, from the ledger alone."""

    states: Mapping[Message.State, int]
    waiting: int
    held: int
    sent: int
    failed: int  # can be sent once more
    unclear: int  # so can these, but somebody may get it twice
    troubled: int
    not_sent: int
    undo_left: timedelta | None  # until it leaves; None: it has begun to leave

    @property
    def total(self) -> int:
        """How many messages there are."""
        return sum(self.states.values())

    @property
    def moving(self) -> bool:
        """Tell whether something is still to be sent without anybody doing anything."""
        return bool(self.waiting)

    @property
    def decided(self) -> int:
        """How many messages have been brought to an end."""
        return self.total - self.waiting - self.held


_SENT = (rules.ACCEPTED, rules.DELIVERED, rules.DEFERRED)
_NOT_SENT = (rules.CANCELLED, rules.EXPIRED, rules.SUPPRESSED)


def progress(campaign: Campaign, *, at: datetime) -> Progress:
    """Count the messages of a campaign by how they stand, whatever happens to pages and workers."""
    return _progress(campaign, counts_in(campaign.batch), at=at)


def progress_of_each(campaigns: Collection[Campaign], *, at: datetime) -> dict[int, Progress]:
    """Count those of several campaigns, in one question however many they are."""
    counted = counts_in_each({one.batch for one in campaigns})
    return {one.pk: _progress(one, counted.get(one.batch, {}), at=at) for one in campaigns}


def _progress(campaign: Campaign, states: Mapping[Message.State, int], *, at: datetime) -> Progress:
    def together(*names: str) -> int:
        return sum(count for state, count in states.items() if state in names)

    leaves = campaign.leaves_at
    ahead = campaign.state == Campaign.State.SENT and leaves is not None and at < leaves
    return Progress(
        states=states,
        waiting=together(*(rules.WAITING - {rules.HELD})),
        held=together(rules.HELD),
        sent=together(*_SENT),
        failed=together(*FAILED),
        unclear=together(*UNCLEAR),
        troubled=together(*(rules.TROUBLED - {rules.SUPPRESSED}), rules.CLOSED),
        not_sent=together(*_NOT_SENT),
        undo_left=leaves - at if ahead and leaves else None,
    )


def restless(*, at: datetime) -> list[Campaign]:
    """List the campaigns paused or stopped of which something is about to leave all the same."""
    still = Campaign.objects.filter(state__in=[Campaign.State.PAUSED, Campaign.State.STOPPED])
    found = {one.batch: one for one in still.filter(leaves_at__gt=at - GIVES_UP_AFTER).order_by("pk")}
    rows = Message.objects.filter(batch__in=found, state__in=rules.HOLDABLE).order_by()
    return [found[batch] for batch in sorted(rows.values_list("batch", flat=True).distinct())]


def unfinished() -> QuerySet[Campaign]:
    """List what was sent and has not been seen to be at its end."""
    return Campaign.objects.filter(sent_at__isnull=False, finished_at=None).order_by("pk")


def waits(campaign: Campaign) -> bool:
    """Tell whether any of its messages is still to be sent, or is kept back."""
    return Message.objects.filter(batch=campaign.batch, state__in=rules.WAITING).exists()
