"""Demonstration data, so that a newcomer can try the whole life of a theme day.

The events that have been held, the practices, stories and alliances are real, each with its source. One open
series lies ahead, with people who are visibly made up.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from backend.core.errors import Refusal
from backend.demo.application import load_application
from backend.demo.catalogue import load_catalogue
from backend.demo.history import load_history
from backend.demo.mornings import load_mornings, series_slug
from backend.demo.people import (
    ORGANISER,
    PASSWORD,
    REVIEWER,
    demonstration_organisation,
    load_people,
    public_sources,
)
from backend.reference import load_reference

__all__ = ["Demonstration", "NotInProduction", "load"]


class NotInProduction(Refusal):
    """Made-up people do not belong among real ones."""

    code = "demonstration-in-production"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What a newcomer is told."""

    series: str
    added: int
    organiser: str = ORGANISER
    reviewer: str = REVIEWER
    password: str = PASSWORD

    @property
    def lines(self) -> tuple[str, ...]:
        """Tell where to begin, in plain words."""
        home = settings.PUBLIC_URL
        return (
            f"Start here:          {home}/fi/  (svenska {home}/sv/, English {home}/en/)",
            f"The open mornings:   {home}/fi/tapahtumat/{self.series}/",
            f"Mail that was sent:  {home}/mailbox/",
            f"The organiser:       {home}/desk/  sign in with {self.organiser}, password {self.password}",
            f"The reviewer:        {home}/desk/  sign in with {self.reviewer}, password {self.password}",
        )


@transaction.atomic
def load(at: datetime) -> Demonstration:
    """Add what is missing of the demonstration; what is there already stays as it is.

    Refused in the production profile. Loading again changes nothing until the mornings have passed:
    then the next four are set up.
    """
    if settings.PRODUCTION:
        raise NotInProduction("Demonstration data is never loaded into the production profile.")
    added = load_reference(at) + load_catalogue(at)
    added += load_history(at, organisation=public_sources())
    organisation = demonstration_organisation()
    added += load_people(at, organisation=organisation)
    organiser = User.objects.get(email=ORGANISER)
    added += load_mornings(at, organisation=organisation, organiser=organiser)
    added += load_application(at, organisation=organisation, organiser=organiser)
    return Demonstration(series=series_slug(at), added=added)
