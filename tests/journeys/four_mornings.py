"""Sets up four mornings in the database this process is connected to; prints the address of the series."""

import sys
from datetime import date, datetime, timedelta

import django

TITLE = ("Vipuvoimaa skaalaamiseen -aamukahvit", "Morgonkaffe", "Morning coffees")


def set_up(at: datetime) -> str:
    """Do what an organiser does before people can register."""
    from accounts.models import Organisation  # noqa: PLC0415 - models need django.setup()
    from backend.core.i18n import Text  # noqa: PLC0415 - as above
    from events.actions import publish_series  # noqa: PLC0415 - as above
    from events.templates import TEMPLATES  # noqa: PLC0415 - as above
    from registrations.actions import new_series_from_template  # noqa: PLC0415 - as above

    series = new_series_from_template(
        organisation=Organisation.objects.create(slug="esimerkki", name_fi="Esimerkkijärjestäjä"),
        template=TEMPLATES["morning_coffee"],
        title=Text(*TITLE),
        first_day=_next_tuesday(at.date() + timedelta(days=30)),
        slug="aamukahvit",
        at=at,
        actor=None,
    )
    publish_series(series=series, at=at, actor=None)
    return str(series.slug)


def _next_tuesday(day: date) -> date:
    return day + timedelta(days=(1 - day.weekday()) % 7)


if __name__ == "__main__":
    django.setup()
    from django.utils import timezone

    sys.stdout.write(set_up(timezone.now()))
