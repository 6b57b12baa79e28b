"""Series that an organiser starts from: days, hours and themes that have worked before."""

from dataclasses import dataclass

from backend.core.i18n import Text
from events.models import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a new series is filled with; everything can be changed afterwards."""

    key: str
    name: Text
    kind: Event.Kind
    starts: str  # on the wall clock, "08:30"
    minutes: int
    days: int
    themes: tuple[Text, ...] = ()  # one for each day; without one the event takes the name of its series
    accents: tuple[Event.Accent, ...] = ()
    capacity: int = 60
    mode: Event.Mode = Event.Mode.ONLINE

    def theme(self, day: int, *, otherwise: Text) -> Text:
        """Name the theme of a day, counted from nought."""
        return self.themes[day] if day < len(self.themes) else otherwise

    def accent(self, day: int) -> Event.Accent:
        """Choose the accent of a day."""
        return self.accents[day] if day < len(self.accents) else Event.Accent.NONE


TEMPLATES: dict[str, Template] = {
    template.key: template
    for template in (
        Template(
            key="morning_coffee",
            name=Text("Aamukahvit", "Morgonkaffe", "Morning coffees"),
            kind=Event.Kind.THEME_DAY,
            starts="08:30",
            minutes=90,
            days=4,
            themes=(
                Text(
                    "Lähiluonnon saavutettavuus",
                    "Närnaturens tillgänglighet",
                    "Accessibility of nearby nature",
                ),
                Text(
                    "Osallisuus, liikunta ja kestävyys",
                    "Delaktighet, motion och hållbarhet",
                    "Participation, sport and sustainability",
                ),
                Text(
                    "Kestävyyden digitalisaatio ja tiedolla johtaminen",
                    "Hållbarhetens digitalisering och kunskapsbaserad ledning",
                    "Digitalisation of sustainability and knowledge-based management",
                ),
                Text(
                    "Kestävä rakentaminen ja asuminen",
                    "Hållbart byggande och boende",
                    "Sustainable construction and housing",
                ),
            ),
            accents=(
                Event.Accent.NATURE,
                Event.Accent.PARTICIPATION,
                Event.Accent.DIGITAL,
                Event.Accent.BUILDING,
            ),
        ),
        Template(
            key="theme_day",
            name=Text("Teemapäivä", "Temadag", "Theme day"),
            kind=Event.Kind.THEME_DAY,
            starts="09:00",
            minutes=420,
            days=1,
            capacity=80,
            mode=Event.Mode.HYBRID,
        ),
        Template(
            key="sparring",
            name=Text("Sparraus", "Sparring", "Sparring"),
            kind=Event.Kind.SPARRING,
            starts="13:00",
            minutes=120,
            days=1,
            capacity=15,
        ),
    )
}
