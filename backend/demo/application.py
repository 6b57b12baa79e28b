"""Sets up a small made-up series by application, so that a newcomer sees how people are chosen."""

from datetime import datetime, timedelta

from accounts.models import Organisation, User
from backend.core.i18n import Text
from backend.core.text import email_key
from backend.demo.mornings import first_morning
from events.actions import edit_event, edit_series, publish_series
from events.models import EventSeries
from events.queries import events_of
from events.templates import TEMPLATES
from registrations import invitations
from registrations.actions import new_series_from_template, set_capacity, set_mode
from registrations.actions.forms import add_question
from registrations.models import Answer, Attendee, Question, Quota, Registration
from registrations.rules import QuestionDraft

_TITLE = Text(
    "Sparraus hakemuksella (keksitty esimerkki)",
    "Sparrning genom ansökan (påhittat exempel)",
    "Sparring by application (a made-up example)",
)
_LEAD = Text(
    "Keksitty esimerkki: viisi paikkaa, järjestäjä valitsee hakijoista osallistujat.",
    "Ett påhittat exempel: fem platser, arrangören väljer bland de sökande.",
    "A made-up example: five places, the organiser chooses among those who apply.",
)
_APPLICANTS = ("Aino", "Eero", "Helmi", "Ilmari", "Kerttu", "Lauri", "Oili")
_PLACES = 5
_WHY = QuestionDraft(
    label=Text(
        "Mitä toivot sparraukselta?",
        "Vad hoppas du få av sparrningen?",
        "What do you hope to get from the sparring?",
    ),
    kind="long_text",
)
_HOPES = (
    "Meillä on pilotti, jota pitäisi laajentaa koko kuntaan.",
    "Kaipaan vertaisia, jotka ovat tehneet saman ennen meitä.",
    "Haluan testata ideaa ennen kuin esittelen sen johtoryhmälle.",
)


def load_application(at: datetime, *, organisation: Organisation, organiser: User) -> int:
    """Set the series up unless it is there; return how many were made."""
    slug = f"sparraus-{first_morning(at).year}"
    if EventSeries.objects.filter(slug=slug).exists():
        return 0
    series = new_series_from_template(
        organisation=organisation,
        template=TEMPLATES["sparring"],
        title=_TITLE,
        first_day=first_morning(at) + timedelta(days=14),
        slug=slug,
        at=at,
        actor=organiser,
    )
    edit_series(series=series, lead=_LEAD, at=at, actor=organiser)
    for event in events_of(series, drafts=True):
        edit_event(event=event, title=_TITLE, at=at, actor=organiser)
        set_capacity(event=event, capacity=_PLACES, at=at, actor=organiser)
        set_mode(event=event, mode=Quota.Mode.APPLICATION, group=None, at=at, actor=organiser)
    add_question(series=series, draft=_WHY, at=at, actor=organiser)
    publish_series(series=series, at=at, actor=organiser)
    _fill(series, at=at)
    return 1


def _fill(series: EventSeries, *, at: datetime) -> None:
    """Let made-up people have applied; no mail is written to them."""
    addresses = {f"{name.lower()}.esimerkki@example.org": name for name in _APPLICANTS}
    people = Attendee.objects.bulk_create(
        Attendee(
            series=series,
            email=address,
            email_key=email_key(address),
            name=f"{name} Esimerkki",
            organisation="Esimerkkilä",
            language="fi",
            created_at=at,
        ).with_link()
        for address, name in addresses.items()
    )
    question = Question.objects.get(series=series)
    Answer.objects.bulk_create(
        Answer(attendee=person, question=question, value=hope)
        for person, hope in zip(people, _HOPES, strict=False)
    )
    for event in events_of(series):
        rows = Registration.objects.bulk_create(
            Registration(
                attendee=person,
                event=event,
                state=Registration.State.RECEIVED,
                registered_at=at,
                state_changed_at=at,
            )
            for person in people
        )
        invitations.make(rows, at=at)
