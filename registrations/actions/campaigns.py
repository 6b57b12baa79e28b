"""Messages to many people: chosen, looked at, sent, and taken back, paused or stopped.

What was looked at is what is sent: the list is written down at the preview, and sending refuses it when it is
old or would be another one now. From then on the ledger alone knows how far it is.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import LANGUAGES, _
from events.models import EventSeries
from notifications import batches, outbox
from registrations.actions.campaign_words import (
    Words,
    forget_words,
    keep_words,
    publish_words,
    require_whole,
    words_of,
)
from registrations.messages import notes
from registrations.models import Campaign, CampaignRecipient, Registration
from registrations.queries import segments as people
from registrations.queries.campaigns import about_an_event, difference, restless, waits
from registrations.rules import KEY_LIMIT, KeyReused, key_too_long
from registrations.rules.segments import (
    CampaignMoved,
    Segment,
    Verdict,
    leaves_at,
    require_fresh,
    require_number,
    require_same,
    require_segment,
)

State = Campaign.State
_AT_ONCE = 2000  # rows written by one statement


@transaction.atomic
def write_campaign(
    *,
    series: EventSeries,
    segment: Segment,
    words: Words,
    send_at: datetime | None,
    at: datetime,
    actor: User | None,
    campaign: Campaign | None = None,
    copied: Campaign | None = None,
) -> Campaign:
    """Write a message to many, or change one that has not been sent; a list made before is made anew."""
    kept = _held(campaign, among=Campaign.EDITABLE) if campaign else Campaign(series=series, created_at=at)
    _require_known(series, segment, standing=Segment.of((copied or kept).segment))
    leaves_at(send_at=send_at, at=at)  # refuses what is over already
    kept.segment, kept.send_at = segment.kept(), send_at
    kept.state, kept.pinned_at, kept.people = State.DRAFT, None, 0
    kept.made_by = kept.made_by or actor
    kept.save()
    kept.recipients.all().delete()
    keep_words(kept, words, at=at)
    _record("campaign.written", kept, at=at, actor=actor)
    return kept


def _require_known(series: EventSeries, segment: Segment, *, standing: Segment) -> None:
    questions = people.choosable_questions(series, standing=standing.question)
    require_segment(
        segment,
        events=set(series.events.values_list("slug", flat=True)),
        states=set(Registration.State.values),
        languages=LANGUAGES,
        options={key: keys for key, (_question, keys) in questions.items()},
    )


@transaction.atomic
def prepare(
    *,
    series: EventSeries,
    segment: Segment,
    words: Words,
    send_at: datetime | None,
    at: datetime,
    actor: User | None,
    campaign: Campaign | None = None,
) -> Campaign:
    """Write a message and make its list, both or neither."""
    written = write_campaign(
        series=series, segment=segment, words=words, send_at=send_at, at=at, actor=actor, campaign=campaign
    )
    return pin(campaign=written, at=at, actor=actor)


@transaction.atomic
def pin(*, campaign: Campaign, at: datetime, actor: User | None) -> Campaign:
    """Write down who would get the message now, and why everybody else would not."""
    kept = _held(campaign, among=Campaign.EDITABLE)
    require_whole(kept)
    segment = Segment.of(kept.segment)
    found = people.verdicts(kept.series, segment)
    kept.recipients.all().delete()
    about = about_an_event(segment)
    rows = [_recipient(kept, one, about=about) for one in found]
    CampaignRecipient.objects.bulk_create(rows, batch_size=_AT_ONCE)
    kept.people = sum(not one.reason for one in found)
    kept.state, kept.pinned_at = State.PINNED, at
    kept.save(update_fields=["people", "state", "pinned_at"])
    _record("campaign.listed", kept, at=at, actor=actor, people=kept.people)
    return kept


def _recipient(campaign: Campaign, verdict: Verdict, *, about: bool) -> CampaignRecipient:
    return CampaignRecipient(
        campaign=campaign,
        attendee_id=verdict.attendee,
        registration_id=verdict.registration if about else None,
        language=verdict.language,
        reason=verdict.reason,
    )


@transaction.atomic
def send(
    *, campaign: Campaign, number: int | None, at: datetime, actor: User | None, key: str = ""
) -> Campaign:
    """Give the pinned list to the ledger, whole; nothing leaves before a minute has passed.

    The same key again gives what the first one did; another press finds that it has been sent.
    """
    if len(key) > KEY_LIMIT:
        raise key_too_long()
    kept = _held(campaign)
    hashed = hashlib.sha256(key.encode()).hexdigest() if key else ""
    if hashed and kept.sent_key == hashed:
        return _same(kept, number=number)
    if kept.state == State.DRAFT:
        raise CampaignMoved(_("Make the list of people first, and look at it."))
    _require(kept, among=[State.PINNED])
    require_fresh(pinned_at=kept.pinned_at, at=at)
    require_number(number, people=kept.people)
    changed = difference(kept)
    require_same(came=len(changed.came), left=len(changed.left), changed=len(changed.changed))
    kept.leaves_at, kept.sent_at = leaves_at(send_at=kept.send_at, at=at), at
    kept.wording, kept.state, kept.sent_key = publish_words(kept, at=at), State.SENT, hashed
    kept.save(update_fields=["leaves_at", "sent_at", "wording", "state", "sent_key"])
    _queue(kept, at=at)
    _record("campaign.sent", kept, at=at, actor=actor, people=kept.people)
    return kept


def _same(campaign: Campaign, *, number: int | None) -> Campaign:
    if number != campaign.people:
        raise KeyReused(_("This idempotency key was used for another number."))
    return campaign


def _queue(campaign: Campaign, *, at: datetime) -> None:
    rows = campaign.recipients.filter(reason="").select_related("attendee", "registration__event__series")
    drafts = notes(campaign, rows.order_by("pk").iterator(_AT_ONCE), at=at)
    for start in range(0, len(drafts), _AT_ONCE):
        outbox.queue_batch(drafts[start : start + _AT_ONCE], at=at)


@transaction.atomic
def undo(*, campaign: Campaign, at: datetime, actor: User | None) -> Campaign:
    """Take everything back before any of it has left."""
    kept = _held(campaign, among=[State.SENT, State.PAUSED])
    if kept.leaves_at is None or at >= kept.leaves_at:
        raise CampaignMoved(_("The message has begun to leave. What has not left yet can be stopped."))
    taken = batches.cancel(batch=kept.batch, at=at, note="undone")
    if taken != kept.people:  # a clock was wrong: whoever undoes is promised that nothing has left
        raise CampaignMoved(_("The message has begun to leave. What has not left yet can be stopped."))
    _now(kept, State.UNDONE)
    _record("campaign.undone", kept, at=at, actor=actor, messages=taken)
    return kept


@transaction.atomic
def pause(*, campaign: Campaign, at: datetime, actor: User | None) -> Campaign:
    """Keep back what has not left."""
    kept = _held(campaign, among=[State.SENT])
    _require_waiting(kept)
    held = batches.hold(batch=kept.batch, at=at)
    _now(kept, State.PAUSED)
    _record("campaign.paused", kept, at=at, actor=actor, messages=held)
    return kept


@transaction.atomic
def resume(*, campaign: Campaign, at: datetime, actor: User | None) -> Campaign:
    """Let go what was kept back."""
    kept = _held(campaign, among=[State.PAUSED])
    released = batches.release(batch=kept.batch, at=at)
    _now(kept, State.SENT)
    _record("campaign.resumed", kept, at=at, actor=actor, messages=released)
    return kept


@transaction.atomic
def stop(*, campaign: Campaign, at: datetime, actor: User | None) -> Campaign:
    """Call off what has not left, for good."""
    kept = _held(campaign, among=[State.SENT, State.PAUSED])
    _require_waiting(kept)
    stopped = batches.cancel(batch=kept.batch, at=at)
    _now(kept, State.STOPPED)
    _record("campaign.stopped", kept, at=at, actor=actor, messages=stopped)
    return kept


@transaction.atomic
def resend(*, campaign: Campaign, states: Sequence[str], at: datetime, actor: User | None) -> int:
    """Send once more only what ended in these states; tells how many messages that is."""
    kept = _held(campaign, among=[State.SENT])
    count = batches.again(batch=kept.batch, states=states, at=at)
    if not count:
        raise CampaignMoved(_("There is nothing to send again."))
    kept.finished_at = None
    kept.save(update_fields=["finished_at"])
    _record("campaign.resent", kept, at=at, actor=actor, messages=count, states=sorted(states))
    return count


@transaction.atomic
def copy_campaign(*, campaign: Campaign, at: datetime, actor: User | None) -> Campaign:
    """Begin anew with the same choice of people and the same words; nobody is on its list yet."""
    return write_campaign(
        series=campaign.series,
        segment=Segment.of(campaign.segment),
        words=words_of(campaign),
        send_at=None,
        at=at,
        actor=actor,
        copied=campaign,
    )


def require_removable(campaign: Campaign) -> None:
    """Refuse to throw away what has been sent."""
    _require(campaign, among=Campaign.EDITABLE)


@transaction.atomic
def remove(*, campaign: Campaign, at: datetime, actor: User | None) -> None:
    """Throw away a message that was never sent, its words and its list with it."""
    kept = _held(campaign, among=Campaign.EDITABLE)
    _record("campaign.removed", kept, at=at, actor=actor)
    forget_words(kept)
    kept.delete()


def keep_still(*, at: datetime) -> int:
    """Stop again what came back by itself after a pause or a stop: it was being handed over just then."""
    moved = 0
    for one in restless(at=at):
        deed = batches.hold if one.state == State.PAUSED else batches.cancel
        moved += deed(batch=one.batch, at=at)
    return moved


def _held(campaign: Campaign, *, among: Sequence[str] | None = None) -> Campaign:
    """Hold the campaign, so that two people do not decide about it at once."""
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("series__organisation", "wording")
    kept = rows.get(pk=campaign.pk)
    if among is not None:
        _require(kept, among=among)
    return kept


def _require_waiting(campaign: Campaign) -> None:
    """Refuse to stop what has left whole: its failed ones could never be sent again."""
    if not waits(campaign):
        raise CampaignMoved(_("All of it has left already. There is nothing to pause or to stop."))


def _require(campaign: Campaign, *, among: Sequence[str]) -> None:
    if campaign.state not in among:
        raise CampaignMoved(_("The message has moved on meanwhile. Look where it stands."))


def _now(campaign: Campaign, state: State) -> None:
    campaign.state = state
    campaign.save(update_fields=["state"])


def _record(action: str, campaign: Campaign, *, at: datetime, actor: User | None, **details: object) -> None:
    audit.record(
        action=action,
        subject=f"series:{campaign.series_id}",
        at=at,
        actor=actor,
        organisation_id=campaign.series.organisation_id,
        details={"campaign": campaign.pk, **details},
    )
