"""What the surveys' tests do over and over: somebody came, was asked, and answers."""

from datetime import UTC, date, datetime

from accounts.models import Municipality
from events.models import Event
from registrations.models import Attendee, Registration
from surveys import actions
from surveys.models import Invitation

AFTER = datetime(2027, 4, 13, 9, 0, tzinfo=UTC)
BEFORE = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


def places() -> None:
    for code, fi, sv in (("182", "Jämsä", "Jämsä"), ("853", "Turku", "Åbo"), ("989", "Ähtäri", "Etseri")):
        Municipality.objects.create(
            code=code,
            name_fi=fi,
            name_sv=sv,
            region_fi="Esimerkki",
            region_sv="Exempel",
            languages="fi",
            valid_from=date(2021, 1, 1),
        )


def came(
    event: Event,
    *,
    name: str,
    email: str,
    language: str = "fi",
    municipality: str | None = None,
    state: str = Registration.State.CONFIRMED,
    attended: bool | None = None,
) -> Registration:
    attendee = Attendee(
        series=event.series,
        email=email,
        email_key=email,
        name=name,
        language=language,
        municipality_id=municipality,
        created_at=BEFORE,
    ).with_link()
    attendee.save()
    return Registration.objects.create(
        attendee=attendee,
        event=event,
        state=state,
        waiting_number=1 if state == Registration.State.WAITING else None,
        registered_at=BEFORE,
        state_changed_at=BEFORE,
        attended=attended,
    )


def asked(registration: Registration, *, at: datetime = AFTER) -> Invitation:
    actions.open_survey(event=registration.event, at=at)
    return Invitation.objects.get(registration=registration)
