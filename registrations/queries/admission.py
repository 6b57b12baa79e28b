"""Who may come: which codes open an event, and which groups an address belongs to."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, QuerySet

from backend.core.links import digest
from events.models import Event
from registrations.models import GroupMember, InvitationCode, Registration
from registrations.rules import names_of

_GIVEN_UP = (Registration.State.CANCELLED, Registration.State.DECLINED)


def opening_codes(
    event: Event | int, *, key: str, codes: Sequence[str], own: bool = False
) -> QuerySet[InvitationCode]:
    """List the codes that open this event to this address, those with its name first.

    A code is used once; somebody who gave their place up may come back by the same one. ``own``: asked by
    the holder of the address's own link, so an invitation by name needs no code.
    """
    back = Q(used_by__attendee__email_key=key, used_by__state__in=_GIVEN_UP)
    shown = Q(link_hash__in=[digest(code) for code in codes])
    if own:
        shown |= Q(email_key=key) | back
    rows = InvitationCode.objects.filter(shown, Q(used_at__isnull=True) | back, event=event)
    return rows.filter(email_key__in=["", key], revoked_at__isnull=True).order_by("-email_key", "pk")


def groups_of(key: str, *, among: Collection[int]) -> set[int]:
    """Tell to which of these groups an address belongs, itself or by its domain."""
    rows = GroupMember.objects.filter(group__in=among, who__in=names_of(key))
    return set(rows.values_list("group", flat=True))


def belongs_by_domain(key: str, *, group: int) -> bool:
    """Tell whether an address is of one of the group's domains; who is listed by name does not count."""
    _address, *domains = names_of(key)
    return GroupMember.objects.filter(group=group, who__in=domains).exists()


def groups_by_address(group_ids: Iterable[int]) -> set[int]:
    """Tell which of these groups list people by their addresses, so that a refusal would tell on them."""
    rows = GroupMember.objects.filter(group__in=list(group_ids), who__contains="@")
    return set(rows.values_list("group", flat=True))
