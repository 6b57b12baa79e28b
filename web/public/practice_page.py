"""A practice as its page shows it: the facts box, the texts, and how each criterion was judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from backend.core import dates
from backend.core.i18n import Text, current
from catalogue.models import Assessment, Criterion, Practice, PracticeVersion, Presentation
from events.models import Event
from web.public.draft_forms import DIMENSION_NAMES
from web.public.signs import Sign

_TONES = {
    Practice.Label.MEETS_CRITERIA: "ok",
    Practice.Label.LEARNING: "info",
    Assessment.Level.MET: "ok",
    Assessment.Level.PARTLY: "warn",
    Assessment.Level.NOT_MET: "danger",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One criterion and what the reviewers said of it."""

    criterion: Criterion
    sign: Sign
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A day on which the practice was told of."""

    event: Event
    address: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePage:
    """All that the page shows."""

    practice: Practice
    version: PracticeVersion
    sign: Sign
    places: str
    themes: Sequence[Text]
    dimensions: Sequence[str | Promise]
    owner: str
    judged: Sequence[Judged]
    heard: Sequence[Heard]
    born: Heard | None


def practice_page(
    practice: Practice,
    version: PracticeVersion,
    *,
    assessments: Sequence[Assessment],
    presentations: Sequence[Presentation],
) -> PracticePage:
    """Gather a practice, published or not yet."""
    born = practice.came_from
    public = born is not None and born.state != Event.State.DRAFT
    return PracticePage(
        practice=practice,
        version=version,
        sign=Sign(
            label=str(practice.get_label_display()), tone=_TONES.get(Practice.Label(practice.label), "")
        ),
        places=", ".join(place.name_in(current()) for place in practice.municipalities.all()),
        themes=[theme.name for theme in practice.themes.all()],
        dimensions=[DIMENSION_NAMES[key] for key in version.dimensions if key in DIMENSION_NAMES],
        owner=practice.owner_name if practice.show_name else "",
        judged=[_judged(assessment) for assessment in assessments],
        heard=[_heard(presentation.session.event) for presentation in presentations],
        born=_heard(born) if born and public else None,
    )


def _judged(assessment: Assessment) -> Judged:
    level = Assessment.Level(assessment.level)
    return Judged(
        criterion=assessment.criterion,
        sign=Sign(label=str(level.label), tone=_TONES.get(level, "")),
        reason=assessment.reason,
    )


def _heard(event: Event) -> Heard:
    kwargs = {"series": event.series.slug, "event": event.slug}
    when = str(event.when_note) or dates.day(event.starts_at, language=current(), zone=event.series.timezone)
    return Heard(event=event, address=reverse("public:event", kwargs=kwargs), when=when)
