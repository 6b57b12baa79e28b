"""Inputs that the programme's API reads in its own way."""

from datetime import UTC, datetime

from rest_framework import serializers

from backend.core.dates import HELSINKI
from events import rules


class Moment(serializers.DateTimeField):
    """A moment with its offset, or a time on the clock of the place where the event is held.

    A clock time that the spring change skips, or the autumn change repeats, is refused by the rules;
    with an offset it is always exact.
    """

    def enforce_timezone(self, value: datetime) -> datetime:
        """Make the moment exact."""
        rules.require_year(value.year, field=str(self.field_name))
        if value.tzinfo is not None:
            return value.astimezone(UTC)
        zone: str = self.context.get("zone", HELSINKI)
        return rules.on_the_clock(value, zone=zone, field=str(self.field_name))

    def to_representation(self, value: datetime) -> str:
        """Write it as every other moment is written."""
        return str(serializers.DateTimeField().to_representation(value))
