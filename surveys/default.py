"""The questions asked after every event: seven of them, about three minutes, only the first one required."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.core.i18n import LANGUAGES, Text
from surveys.models import Question

NOTHING = Text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """One question of the default survey."""

    key: str
    kind: Question.Kind
    text: Text
    low: Text = NOTHING
    high: Text = NOTHING
    options: tuple[tuple[str, Text], ...] = ()
    required: bool = False


TRY_ONE = Text(
    "Kokeilla tapahtumassa kuultua käytäntöä",
    "Pröva en praxis som vi hörde om",
    "Try a practice we heard about",
)
TRY = Text("Kokeilla: {}", "Pröva: {}", "Try: {}")

QUESTIONS = (
    Default(
        key="usefulness",
        kind=Question.Kind.SCALE_5,
        required=True,
        text=Text(
            "Kuinka hyödyllinen tapahtuma oli työsi kannalta?",
            "Hur stor nytta hade du av evenemanget i ditt arbete?",
            "How useful was the event for your work?",
        ),
        low=Text("ei hyödyllinen", "ingen nytta", "not useful"),
        high=Text("hyvin hyödyllinen", "stor nytta", "very useful"),
    ),
    Default(
        key="takeaway",
        kind=Question.Kind.TEXT,
        text=Text(
            "Mitä viet mukanasi omaan työhösi?",
            "Vad tar du med dig till ditt eget arbete?",
            "What will you take with you to your own work?",
        ),
    ),
    Default(
        key="recommend",
        kind=Question.Kind.SCALE_10,
        text=Text(
            "Kuinka todennäköisesti suosittelisit tapahtumaa työtoverille?",
            "Hur sannolikt är det att du skulle rekommendera evenemanget för en kollega?",
            "How likely are you to recommend the event to a colleague?",
        ),
        low=Text("en lainkaan todennäköisesti", "inte alls sannolikt", "not at all likely"),
        high=Text("erittäin todennäköisesti", "mycket sannolikt", "very likely"),
    ),
    Default(
        key="technique",
        kind=Question.Kind.SCALE_5,
        text=Text(
            "Miten tekniikka ja viestintä toimivat?",
            "Hur fungerade tekniken och kommunikationen?",
            "How did the technology and communication work?",
        ),
        low=Text("huonosti", "dåligt", "badly"),
        high=Text("hyvin", "bra", "well"),
    ),
    Default(
        key="next",
        kind=Question.Kind.MANY_OF,
        text=Text(
            "Mitä kuntanne tai organisaationne haluaisi seuraavaksi?",
            "Vad skulle er kommun eller organisation vilja göra härnäst?",
            "What would your municipality or organisation like to do next?",
        ),
        options=(
            ("hear-more", Text("Kuulla lisää", "Höra mer", "Hear more")),
            ("spar", Text("Sparrata muiden kanssa", "Sparra med andra", "Spar with others")),
            ("try", TRY_ONE),  # one option for each practice presented, where they are known
            ("nothing", Text("Ei mitään juuri nyt", "Ingenting just nu", "Nothing right now")),
        ),
    ),
    Default(
        key="practice",
        kind=Question.Kind.PRACTICE_LEAD,
        text=Text(
            "Onko teillä käytäntö, jonka muut voisivat ottaa käyttöön?",
            "Har ni en praxis som andra kunde ta i bruk?",
            "Do you have a practice that others could take into use?",
        ),
    ),
    Default(
        key="wishes",
        kind=Question.Kind.TEXT,
        text=Text(
            "Mitä toivot seuraavilta tapahtumilta?",
            "Vad önskar du av kommande evenemang?",
            "What do you wish for from future events?",
        ),
    ),
)


def questions(*, presented: Iterable[tuple[int, Text]]) -> list[Question]:
    """Make the questions of one survey; practices presented at the event become options to try."""
    tries = tuple((f"try-{number}", _try(title)) for number, title in presented)
    made = []
    for position, default in enumerate(QUESTIONS, start=1):
        options = [
            {"key": key, **text.as_dict()}
            for own in default.options
            for key, text in (tries if tries and own[0] == "try" else (own,))
        ]
        made.append(
            Question(
                key=default.key,
                position=position,
                kind=default.kind,
                required=default.required,
                options=options,
                **default.text.columns("text"),
                **default.low.columns("low"),
                **default.high.columns("high"),
            )
        )
    return made


def _try(title: Text) -> Text:
    return Text(*(TRY.in_language(one).format(title.in_language(one)) for one in LANGUAGES))
