"""What the catalogue's tests do over and over: tell of a practice, write it, send it, judge it."""

from datetime import datetime
from typing import Any

from rest_framework.test import APIClient

from accounts.models import Municipality, User
from backend.core.i18n import Text
from catalogue import actions
from catalogue.models import CriteriaSet, Criterion, Practice, PracticeVersion, Review, Theme
from catalogue.rules import DraftTexts
from events.models import Event

CRITERIA = ("multidimensional-impact", "demand", "verifiable-results", "stakeholder-needs", "documentation")
ALL_MET = {key: ("met", f"Because of {key}.") for key in CRITERIA}
COMPLETE = DraftTexts(
    title={"fi": "Lähimetsä koulun pihana"},
    summary={"fi": "Koululaiset hoitavat lähimetsää."},
    description={"fi": "Metsä on osa koulupäivää."},
    results={"fi": "12 koulua\n300 lasta"},
    scaling={"fi": "Metsä ja yksi innostunut puutarhuri."},
    dimensions=["social", "ecological"],
    themes=["healthy"],
    municipalities=["182"],
    stage="running",
    may_publish=True,
)


def criteria() -> CriteriaSet:
    made = CriteriaSet.objects.create(
        key="vipu",
        version=1,
        name_fi="Tunnusmerkistö",
        name_sv="Kriterier",
        name_en="Criteria",
        is_current=True,
    )
    for position, key in enumerate(CRITERIA):
        texts = {
            f"{field}_{one}": f"{key} {one}" for field in ("name", "meaning") for one in ("fi", "sv", "en")
        }
        Criterion.objects.create(criteria_set=made, key=key, position=position, **texts)
    return made


def lead(*, event: Event | None, at: datetime, **changed: object) -> Practice:
    facts: dict[str, Any] = {
        "title": "Lähimetsä koulun pihana",
        "summary": "Koululaiset hoitavat lähimetsää.",
        "municipality_code": "182",
        "owner_name": "Aino Esimerkki",
        "owner_email": "aino@example.org",
        "language": "fi",
        **changed,
    }
    return actions.open_lead(event=event, at=at, **facts)


def sent(practice: Practice, *, at: datetime, texts: DraftTexts = COMPLETE) -> PracticeVersion:
    actions.save_draft(practice=practice, texts=texts, at=at)
    return actions.submit(practice=practice, at=at)


def decided(
    version: PracticeVersion,
    decision: str,
    *,
    reviewer: User,
    at: datetime,
    assessments: dict[str, tuple[str, str]] | None = None,
    message: str = "Kiitos, tämä on hyvä.",
) -> Review:
    return actions.decide(
        version=version,
        reviewer=reviewer,
        decision=decision,
        assessments=ALL_MET if assessments is None else assessments,
        message=message,
        at=at,
    )


def published(
    slug: str,
    *,
    at: datetime,
    title: Text,
    summary: Text | None = None,
    municipality: str = "",
    theme: str = "",
    **columns: object,
) -> Practice:
    """A practice as the loader of real ones makes it."""
    practice = Practice(slug=slug, created_at=at, owner_email="omistaja@example.org", **columns).with_link()
    practice.save()
    practice.municipalities.set(Municipality.objects.filter(pk=municipality))
    practice.themes.set(Theme.objects.filter(key=theme))
    version = PracticeVersion.objects.create(
        practice=practice,
        state=PracticeVersion.State.PUBLISHED,
        decided_at=at,
        **title.columns("title"),
        **(summary or Text()).columns("summary"),
    )
    practice.published = version
    practice.save()
    return practice


def holder(practice: Practice) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Vipu-Link {practice.token}")
    return client


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client
