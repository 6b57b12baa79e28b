"""What the open series asks: three questions nobody must answer, and one consent."""

from datetime import datetime

from accounts.models import User
from backend.core.i18n import Text
from events.models import EventSeries
from registrations.actions.forms import add_question, set_consent
from registrations.rules import OptionDraft, QuestionDraft

_HOW = QuestionDraft(
    label=Text("Miten osallistut?", "Hur deltar du?", "How do you take part?"),
    kind="one_of",
    options=[
        OptionDraft(label=Text("Yksin", "Ensam", "On my own")),
        OptionDraft(label=Text("Työkavereiden kanssa", "Med kolleger", "With colleagues")),
    ],
)
_WHO = QuestionDraft(
    label=Text(
        "Mistä tehtävistä ryhmänne tulee?",
        "Vilka uppgifter arbetar ni med?",
        "What does your group work with?",
    ),
    kind="long_text",
    condition="miten-osallistut",
    condition_values=["tyokavereiden-kanssa"],
)
_ACCESS = QuestionDraft(
    label=Text(
        "Mitä osallistumisen esteettömyys vaatii?",
        "Vad behövs för ett tillgängligt deltagande?",
        "What do you need in order to take part?",
    ),
    help=Text(
        "Esimerkiksi tekstitys tai tulkkaus.",
        "Till exempel textning eller tolkning.",
        "For example captions or interpretation.",
    ),
    kind="text",
    special="accessibility",
)
_PICTURES = Text(
    "Minut saa näyttää tapahtuman kuvakaappauksissa.",
    "Jag får synas i skärmbilder från evenemanget.",
    "I may be seen in screenshots of the event.",
)


def ask(series: EventSeries, *, at: datetime, organiser: User) -> None:
    """Write the form of the series as its organiser would."""
    for draft in (_HOW, _WHO, _ACCESS):
        add_question(series=series, draft=draft, at=at, actor=organiser)
    set_consent(series=series, text=_PICTURES, at=at, actor=organiser)
