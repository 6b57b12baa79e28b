"""Who may come, as organisers set it: the mode of an event, its invitations, and groups of members."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Organisation, User
from backend.core.i18n import Language, _
from backend.core.text import email_key, one_line
from events.models import Event
from notifications import outbox
from registrations import messages, rules
from registrations.actions.placing import lock_quotas
from registrations.models import GroupMember, InvitationCode, MemberGroup, Quota, Registration
from registrations.rules.modes import CODES_AT_ONCE
from registrations.rules.person import NAME_LIMIT

Mode = Quota.Mode


@transaction.atomic
def set_mode(
    *, event: Event, mode: str, group: MemberGroup | None, at: datetime, actor: User | None
) -> Quota:
    """Say who may come from now on; the places given before stay.

    An event leaves "by application" only when every application has been decided.
    """
    quota = lock_quotas([event.pk]).get(event.pk)
    if quota is None:
        sentence = _("Give the event its places first.")
        raise rules.Invalid(sentence, fields={"mode": [sentence]})
    if mode == Mode.MEMBERS and (group is None or group.organisation_id != event.series.organisation_id):
        sentence = _("Choose the group whose members may come.")
        raise rules.Invalid(sentence, fields={"group": [sentence]})
    undecided = Registration.objects.filter(event=event, state__in=Registration.APPLIED)
    if quota.mode == Mode.APPLICATION != mode and undecided.exists():
        sentence = _("Some applications have not been decided yet. Decide them first.")
        raise rules.Undecided(sentence, fields={"mode": [sentence]})
    before, quota.mode, quota.group = quota.mode, mode, group if mode == Mode.MEMBERS else None
    quota.save(update_fields=["mode", "group"])
    _record("event.mode", event, at=at, actor=actor, old=before, new=mode)
    return quota


@transaction.atomic
def make_codes(*, event: Event, number: int, at: datetime, actor: User | None) -> list[InvitationCode]:
    """Make codes for whoever holds them, each for one person."""
    if not 1 <= number <= CODES_AT_ONCE:
        sentence = _("Give a number of codes between 1 and 500.")
        raise rules.Invalid(sentence, fields={"number": [sentence]})
    codes = InvitationCode.objects.bulk_create(
        InvitationCode(event=event, created_at=at).with_link() for _number in range(number)
    )
    _record("invitation.codes", event, at=at, actor=actor, number=number)
    return codes


@transaction.atomic
def invite(
    *, event: Event, people: Sequence[rules.Invited], language: Language, at: datetime, actor: User | None
) -> list[InvitationCode]:
    """Invite these people by name and mail; whoever has an invitation already gets no second one."""
    named = {email_key(one.email): one for one in people}
    fresh = [
        InvitationCode(event=event, name=one.name, email=one.email, email_key=key, created_at=at).with_link()
        for key, one in named.items()
    ]
    InvitationCode.objects.bulk_create(fresh, ignore_conflicts=True)
    hashes = [code.link_hash for code in fresh]
    made = list(
        InvitationCode.objects.filter(link_hash__in=hashes).select_related("event__series").order_by("pk")
    )
    outbox.queue_many(messages.invitations_by_name(made, language=language), at=at)
    _record("invitation.named", event, at=at, actor=actor, number=len(made))
    return made


@transaction.atomic
def revoke(*, code: InvitationCode, at: datetime, actor: User | None) -> InvitationCode:
    """Take an invitation back; a place that was got by it stays."""
    rows = InvitationCode.objects.filter(pk=code.pk, revoked_at__isnull=True, used_at__isnull=True)
    if not rows.update(revoked_at=at):
        raise rules.Undecided(_("The invitation has been used or taken back already."))
    outbox.withdraw(
        subjects=[f"invitation:{code.pk}"], kinds={messages.INVITED}, at=at, note="invitation-revoked"
    )
    _record("invitation.revoked", code.event, at=at, actor=actor, invitation=code.pk)
    code.refresh_from_db()
    return code


@transaction.atomic
def save_group(
    *,
    organisation: Organisation,
    name: str,
    members: Sequence[str],
    at: datetime,
    actor: User | None,
    group: MemberGroup | None = None,
) -> MemberGroup:
    """Make a group, or give one its name and members anew."""
    name = one_line(name)
    if not name or len(name) > NAME_LIMIT:
        sentence = _("Give the group a name of at most 200 characters.")
        raise rules.Invalid(sentence, fields={"name": [sentence]})
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one name at a time
    same = MemberGroup.objects.filter(organisation=organisation, name=name).first()
    if same is not None and same != group:
        sentence = _("There is a group with this name already.")
        raise rules.Invalid(sentence, fields={"name": [sentence]})
    kept = group or MemberGroup(organisation=organisation)
    kept.name = name
    kept.save()
    kept.members.exclude(who__in=members).delete()
    GroupMember.objects.bulk_create(
        (GroupMember(group=kept, who=who) for who in members), ignore_conflicts=True
    )
    audit.record(
        action="group.saved",
        subject=f"group:{kept.pk}",
        at=at,
        actor=actor,
        organisation_id=organisation.pk,
        details={"members": len(members)},
    )
    return kept


def _record(action: str, event: Event, *, at: datetime, actor: User | None, **details: object) -> None:
    audit.record(
        action=action,
        subject=f"event:{event.pk}",
        at=at,
        actor=actor,
        organisation_id=event.series.organisation_id,
        details=details,
    )
