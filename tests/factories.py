"""The smallest valid thing of each kind, and nothing surprising."""

from datetime import UTC, datetime, timedelta

from accounts.models import Membership, Organisation, User
from events.models import Event, EventSeries
from registrations.actions.ruling import remind_the_day_before
from registrations.models import Quota, RegistrationForm

OPENS = datetime(2027, 2, 1, 7, 0, tzinfo=UTC)
FIRST_MORNING = datetime(2027, 4, 13, 5, 30, tzinfo=UTC)  # 8.30 in Helsinki, summer time
THEMES = (
    ("Lähiluonnon saavutettavuus", "Närnaturens tillgänglighet", "Accessibility of nearby nature"),
    (
        "Osallisuus, liikunta ja kestävyys",
        "Delaktighet, motion och hållbarhet",
        "Participation, sport and sustainability",
    ),
    (
        "Kestävyyden digitalisaatio ja tiedolla johtaminen",
        "Digitalisering och kunskapsledning",
        "Digitalisation",
    ),
    (
        "Kestävä rakentaminen ja asuminen",
        "Hållbart byggande och boende",
        "Sustainable construction and housing",
    ),
)


def organisation(slug: str = "esimerkkijarjestaja") -> Organisation:
    return Organisation.objects.create(
        slug=slug, name_fi="Esimerkkijärjestäjä", name_sv="Exempel", name_en="Example"
    )


def organiser(
    of: Organisation, *, email: str = "olli@example.org", role: str = Membership.Role.ORGANISER
) -> User:
    user = User.objects.create_user(email, "a long enough password", name="Olli Esimerkki")
    Membership.objects.create(user=user, organisation=of, role=role)
    return user


def four_mornings(
    *, organisation: Organisation, capacity: int = 2, slug: str = "aamukahvit-2027"
) -> EventSeries:
    series = EventSeries.objects.create(
        organisation=organisation,
        slug=slug,
        title_fi="Vipuvoimaa skaalaamiseen -aamukahvit",
        title_sv="Morgonkaffe: hävstång för skalning",
        title_en="Leverage for scaling: morning coffees",
        contact_email="aamukahvit@example.org",
        state=EventSeries.State.PUBLISHED,
        created_at=OPENS,
    )
    RegistrationForm.objects.create(series=series, opens_at=OPENS)
    remind_the_day_before(series, at=OPENS)
    for index, (fi, sv, en) in enumerate(THEMES):
        start = FIRST_MORNING + timedelta(days=index)
        event = Event.objects.create(
            series=series,
            slug=f"{slug.removesuffix('-2027')}-{start:%Y-%m-%d}",
            title_fi=fi,
            title_sv=sv,
            title_en=en,
            starts_at=start,
            ends_at=start + timedelta(minutes=90),
            state=Event.State.PUBLISHED,
        )
        Quota.objects.create(event=event, capacity=capacity, hard_cap=capacity, closes_at=start)
    return series
