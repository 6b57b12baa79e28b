"""Whether the database holds what every installation needs, and nothing that is made up."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from accounts.models import Membership, Municipality, Organisation, User
from backend.demo import people as demonstration
from backend.doctor.line import Line, bad, ok, warn
from catalogue.models import CriteriaSet, Theme


def lists(at: datetime) -> Iterator[Line]:
    """Tell whether municipalities, themes and criteria are there."""
    missing = [
        name
        for name, there in (
            ("municipalities", Municipality.objects.exists()),
            ("themes", Theme.objects.exists()),
            ("criteria", CriteriaSet.objects.filter(is_current=True).exists()),
        )
        if not there
    ]
    if missing:
        yield bad(f"Lists: no {' and no '.join(missing)}. Run: vipu migrate")
    else:
        living = Municipality.objects.filter(valid_to__isnull=True).count()
        yield ok(f"Lists: {living} municipalities, the themes and the criteria are there.")


def people(at: datetime) -> Iterator[Line]:
    """Tell whether somebody can sign in, and whether made-up people can where they must not."""
    if not Membership.objects.filter(user__is_active=True).exists():
        yield warn("People: nobody can sign in to the desk yet. Run: vipu user --help")
    made_up = (
        User.objects.filter(email__in=demonstration.EMAILS).exists()
        or Organisation.objects.filter(slug=demonstration.ORGANISATION).exists()
    )
    if made_up and settings.PRODUCTION:
        yield bad("People: DEMONSTRATION DATA IS HERE, and everybody knows its password. Start anew.")
    elif made_up:
        yield ok("People: demonstration data is here; its people are made up.")
