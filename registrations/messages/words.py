"""What organisers may name in their own words for the mails about registrations."""

from typing import Final

from backend.core.i18n import Text, _
from notifications.placeholders import Placeholder

_PARTS: Final = "registrations/messages/parts"

_FACTS: Final = (
    Placeholder(name="name", meaning=_("the reader's name"), fact="name"),
    Placeholder(name="event", meaning=_("the title of the event"), fact="title"),
    Placeholder(name="day", meaning=_("the day of the event, short"), fact="day"),
    Placeholder(name="starts", meaning=_("when the event starts"), fact="starts"),
    Placeholder(name="when", meaning=_("the day and the hours of the event"), part=f"{_PARTS}/when"),
    Placeholder(
        name="where", meaning=_("the place, or that it is online"), part=f"{_PARTS}/where", needs="mode"
    ),
    Placeholder(name="series", meaning=_("the title of the series"), fact="series"),
    Placeholder(name="organiser", meaning=_("who arranges the series"), fact="organisers"),
    Placeholder(name="contact", meaning=_("the address that answers questions"), fact="contact_email"),
    Placeholder(name="position", meaning=_("the place in line"), fact="position", sometimes=True),
    Placeholder(
        name="deadline",
        meaning=_("until when one can change or cancel, if before the start"),
        fact="deadline",
        sometimes=True,
    ),
    Placeholder(name="until", meaning=_("until when one can answer"), fact="until"),
    Placeholder(
        name="colleague",
        meaning=_("who registered the reader"),
        fact="registered_by",
        needs="asks",
        sometimes=True,
    ),
    Placeholder(name="giver", meaning=_("who gave the place"), fact="giver", sometimes=True),
    Placeholder(name="receiver", meaning=_("who got the place"), fact="receiver"),
    Placeholder(name="reason", meaning=_("why the event was called off"), fact="reason", sometimes=True),
    Placeholder(name="old_when", meaning=_("the earlier time"), fact="old_when", sometimes=True),
    Placeholder(
        name="held_until",
        meaning=_("until when the place can be taken back"),
        fact="held_until",
        sometimes=True,
    ),
)
_LISTS: Final = (
    Placeholder(
        name="standing",
        meaning=_("whether the reader is in, waits or applies, in our words"),
        part=f"{_PARTS}/still",
        block=True,
        needs="moved",
        essential=True,
    ),
    Placeholder(
        name="standing",
        meaning=_("what the reader has given up, in our words"),
        part=f"{_PARTS}/given_up",
        block=True,
        needs="held_until",
        essential=True,
    ),
    Placeholder(
        name="standing",
        meaning=_("what was cancelled, in our words"),
        part=f"{_PARTS}/called_off",
        block=True,
        needs="reason",
        essential=True,
    ),
    Placeholder(
        name="changes",
        meaning=_("a list of what changed"),
        part=f"{_PARTS}/changes",
        block=True,
        needs="moved",
        essential=True,
    ),
    Placeholder(
        name="programme", meaning=_("the programme"), part=f"{_PARTS}/programme", block=True, sometimes=True
    ),
    Placeholder(
        name="others",
        meaning=_("the reader's other registrations"),
        part=f"{_PARTS}/others",
        block=True,
        sometimes=True,
    ),
    Placeholder(
        name="places",
        meaning=_("the reader's registrations"),
        part=f"{_PARTS}/places",
        block=True,
        sometimes=True,
    ),
    Placeholder(
        name="wanted",
        meaning=_("the events chosen on the form"),
        part=f"{_PARTS}/wanted",
        block=True,
        sometimes=True,
    ),
    Placeholder(
        name="questions",
        meaning=_("that some questions wait for an answer"),
        part=f"{_PARTS}/questions",
        block=True,
        needs="asks",
        sometimes=True,
    ),
)
_LINKS: Final = (
    Placeholder(
        name="manage",
        meaning=_("the link to the reader's own registrations"),
        link="manage",
        label=Text("Omat ilmoittautumiset", "Mina anmälningar", "My registrations"),
    ),
    Placeholder(
        name="join",
        meaning=_("the link by which one joins online"),
        link="join",
        label=Text("Liity mukaan", "Anslut dig", "Join"),
        needs="tells_link",
        sometimes=True,
    ),
    Placeholder(
        name="ticket",
        meaning=_("the link to the ticket shown at the door"),
        link="ticket",
        label=Text("Lippu ja QR-koodi", "Biljett och QR-kod", "Ticket and QR code"),
        needs="tells_link",
        sometimes=True,
    ),
    Placeholder(
        name="answer",
        meaning=_("the link by which the offer is answered"),
        link="answer",
        label=Text("Vastaa tarjoukseen", "Svara på erbjudandet", "Answer the offer"),
    ),
    Placeholder(
        name="change",
        meaning=_("the link by which the chosen events are added"),
        link="change",
        label=Text("Lisää ja tallenna", "Lägg till och spara", "Add and save"),
        sometimes=True,
    ),
    Placeholder(
        name="confirm",
        meaning=_("the link that confirms the address"),
        link="confirm",
        label=Text("Vahvista osoite", "Bekräfta adressen", "Confirm the address"),
    ),
    Placeholder(
        name="register",
        meaning=_("the link to the registration form"),
        link="register",
        label=Text("Ilmoittaudu", "Anmäl dig", "Register"),
    ),
)

WORDS: Final = (*_FACTS, *_LISTS, *_LINKS)
