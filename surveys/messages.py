"""What is told to those who came: that there is one question, and the link to it."""

from backend.core import dates
from backend.core.i18n import Language, Text, _, as_language
from notifications.kinds import Kind, Lane, Policy
from notifications.outbox import Draft, Link
from notifications.placeholders import Placeholder
from notifications.topics import SURVEY
from surveys.models import Invitation

SURVEY_PATH = "/s/{token}/"
NOON = 12


def survey(invitation: Invitation) -> Draft:
    """Ask one person how the event was."""
    event = invitation.survey.event
    attendee = invitation.registration.attendee
    language = as_language(invitation.language)
    zone = event.series.timezone
    return Draft(
        kind="survey",
        subject=f"invitation:{invitation.pk}",
        version=1,
        audience=f"event:{event.pk}",
        scope=f"series:{event.series_id}",
        recipient=attendee.email,
        language=language,
        context={
            "name": attendee.name,
            "event": event.title.told(language),
            "day": dates.day(event.starts_at, language=language, zone=zone, year=False),
            "morning": dates.local(event.starts_at, zone=zone).hour < NOON,
            "closes": dates.moment(invitation.survey.closes_at, language=language, zone=zone),
            "contact_email": event.series.contact_email,
        },
        links={"survey": Link("survey", invitation.link_seed, SURVEY_PATH)},
        not_after=invitation.survey.closes_at,
    )


# --- Made-up data for previews and tests ----------------------------------------------------------

_EVENT: dict[Language, str] = {
    "fi": "Lähiluonnon saavutettavuus",
    "sv": "Närnaturens tillgänglighet",
    "en": "Accessibility of nearby nature",
}
_NAME: dict[Language, str] = {"fi": "Aino Esimerkki", "sv": "Veera Exempel", "en": "Olli Example"}
_DAY: dict[Language, str] = {"fi": "ti 13.4.", "sv": "ti 13.4", "en": "Tue 13 April"}
_CLOSES: dict[Language, str] = {
    "fi": "ti 27.4.2027 klo 12.00",
    "sv": "ti 27.4.2027 kl. 12.00",
    "en": "Tue 27 April 2027, 12.00",
}


def sample(language: Language) -> Draft:
    """Show what the invitation to the survey looks like."""
    return Draft(
        kind="survey",
        subject="invitation:0",
        version=1,
        recipient="aino@example.org",
        language=language,
        context={
            "name": _NAME[language],
            "event": _EVENT[language],
            "day": _DAY[language],
            "morning": True,
            "closes": _CLOSES[language],
            "contact_email": "aamukahvit@example.org",
        },
        links={"survey": Link("survey", "sample", SURVEY_PATH)},
    )


WORDS = (
    Placeholder(name="name", meaning=_("the reader's name"), fact="name"),
    Placeholder(name="event", meaning=_("the title of the event"), fact="event"),
    Placeholder(name="day", meaning=_("the day of the event, short"), fact="day"),
    Placeholder(name="until", meaning=_("until when one can answer"), fact="closes"),
    Placeholder(name="contact", meaning=_("the address that answers questions"), fact="contact_email"),
    Placeholder(
        name="survey",
        meaning=_("the link to the survey"),
        link="survey",
        label=Text("Vastaa kyselyyn", "Svara på enkäten", "Answer the survey"),
    ),
)
KINDS = (
    Kind(
        key="survey",
        template="surveys/messages/survey",
        policy=Policy.HOLD,
        lane=Lane.BULK,
        topic=SURVEY,
        sample=sample,
        words=WORDS,
    ),
)
