"""Everything asked about practices: the public catalogue, one's own draft, the reviewers' queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import ApiToken, Municipality
from accounts.policies import REVIEWS, Person, organisations_where
from backend.core.errors import NotFound, Sentence
from backend.core.i18n import _
from backend.core.links import digest
from catalogue import rules
from catalogue.models import (
    Alliance,
    Assessment,
    CriteriaSet,
    Practice,
    PracticeVersion,
    Presentation,
    Review,
    Story,
    Theme,
)
from events.models import Event

WORDS_READ = 8  # of a search; nobody types more by hand


# --- The public catalogue ------------------------------------------------------------------------


def published(*, q: str = "", theme: str = "", municipality: str = "", label: str = "") -> QuerySet[Practice]:
    """List the practices the public sees, newest first.

    ``q`` looks for each of its words in the texts of all three languages and in the names of municipalities;
    ``theme`` is a theme's key, ``municipality`` a code, ``label`` one of the labels.
    """
    found = Practice.objects.filter(published__isnull=False)
    theme, municipality, label = (value.replace("\x00", "") for value in (theme, municipality, label))
    words = rules.folded(q.replace("\x00", "")).split()[:WORDS_READ]
    named = _municipalities_named(words)
    for word in words:
        placed = Practice.municipalities.through.objects.filter(municipality__in=named[word])
        found = found.filter(Q(published__search__contains=word) | Q(pk__in=placed.values("practice")))
    if theme:
        found = found.filter(
            pk__in=Practice.themes.through.objects.filter(theme__key=theme).values("practice")
        )
    if municipality:
        located = Practice.municipalities.through.objects.filter(municipality=municipality)
        found = found.filter(pk__in=located.values("practice"))
    if label:
        found = found.filter(label=label)
    return found.select_related("published", "came_from__series").prefetch_related("themes", "municipalities")


def _municipalities_named(words: Sequence[str]) -> dict[str, list[str]]:
    """Find codes by the beginning of a name; here and not in SQL, since SQLite folds only ASCII letters."""
    if not words:
        return {}
    rows = Municipality.objects.values_list("code", "name_fi", "name_sv")
    names = [(code, rules.folded(name)) for code, *both in rows for name in both]
    return {word: [code for code, name in names if name.startswith(word)] for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many of the practices found have each theme (key), municipality (code) and label."""

    themes: Mapping[str, int]
    municipalities: Mapping[str, int]
    labels: Mapping[str, int]


def facets(found: QuerySet[Practice]) -> Facets:
    """Count a list of practices by theme, municipality and label, in three questions."""
    keys = found.order_by().values("pk")
    themes = Practice.themes.through.objects.filter(practice__in=keys).values_list("theme__key")
    places = Practice.municipalities.through.objects.filter(practice__in=keys).values_list("municipality")
    labels = Practice.objects.filter(pk__in=keys).order_by("label").values_list("label")
    return Facets(
        themes=dict(themes.annotate(n=Count("pk")).order_by("theme__position")),
        municipalities=dict(places.annotate(n=Count("pk")).order_by("municipality__name_fi")),
        labels=dict(labels.annotate(n=Count("pk"))),
    )


def practice_by_slug(slug: str) -> Practice:
    """Find a published practice by its address."""
    practice = published().filter(slug=slug).first()
    if practice is None:
        raise NotFound(_("There is no such practice."))
    return practice


def assessments_of(version: PracticeVersion | None) -> list[Assessment]:
    """Tell how each criterion was judged on this version, in the order of the criteria."""
    return list(Assessment.objects.filter(review__version=version).select_related("criterion", "review"))


def presented_at(event: Event) -> dict[int, Practice]:
    """Map the sessions of an event to the published practices told of in them, in the order of the day."""
    told = Presentation.objects.filter(session__event=event, practice__published__isnull=False)
    told = told.select_related("practice__published").order_by("session__position", "session")
    return {presentation.session_id: presentation.practice for presentation in told}


def presentations_of(practice: Practice) -> list[Presentation]:
    """List where a practice has been presented, in events the public may see."""
    told = practice.presentations.exclude(session__event__state=Event.State.DRAFT)
    return list(told.select_related("session__event__series").order_by("session__event__starts_at"))


def born_at(event: Event) -> QuerySet[Practice]:
    """List the published practices that were first told of after this event."""
    return published().filter(came_from=event)


def current_criteria() -> CriteriaSet:
    """Give the criteria that reviews are made with now."""
    criteria = CriteriaSet.objects.prefetch_related("criteria").filter(is_current=True).first()
    if criteria is None:
        raise NotFound(_("The criteria have not been loaded yet."))
    return criteria


def themes() -> QuerySet[Theme]:
    """List the themes in their own order."""
    return Theme.objects.all()


def stories() -> QuerySet[Story]:
    """List the stories, newest first."""
    return Story.objects.all()


def alliances() -> QuerySet[Alliance]:
    """List the alliances with their members."""
    return Alliance.objects.prefetch_related("members")


# --- One's own draft -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDraft:
    """What the holder of a draft's link sees: the newest version and the last word of a reviewer."""

    practice: Practice
    version: PracticeVersion
    review: Review | None  # of this version, or of the one before it when additions were asked for

    @property
    def editable(self) -> bool:
        """Whether the owner may still write."""
        return self.version.state == PracticeVersion.State.DRAFT

    @property
    def missing(self) -> dict[str, Sentence]:
        """What a reviewer still needs, by field."""
        return rules.missing(filled(self.version))

    @property
    def sections(self) -> list[tuple[rules.Section, rules.SectionState]]:
        """Each section with how far it has come."""
        told = filled(self.version)
        return [(section, rules.state_of(section, filled=told)) for section in rules.SECTIONS]


def draft_by_token(token: str) -> OwnDraft:
    """Find the practice that this link is for."""
    return _own_draft(Q(link_hash=digest(token)))


def own_draft(pk: int) -> OwnDraft:
    """Read the draft of a practice again, for somebody who was let in to it already."""
    return _own_draft(Q(pk=pk))


def _own_draft(wanted: Q) -> OwnDraft:
    practice = (
        Practice.objects.filter(wanted)
        .select_related("published", "came_from__series")
        .prefetch_related("themes", "municipalities")
        .first()
    )
    version = practice.versions.first() if practice else None
    if practice is None or version is None:
        raise NotFound(_("This link does not lead anywhere. Check that you copied all of it."))
    version.practice = practice
    said = _with_grounds().filter(version__practice=practice, version__number__gte=version.number - 1)
    return OwnDraft(practice=practice, version=version, review=said.last())


def filled(version: PracticeVersion) -> set[str]:
    """Name the fields in which something has been told, in any language."""
    practice = version.practice
    values = {name: any(text.strip() for _language, text in getattr(version, name)) for name in rules.TEXTS}
    values |= {name: bool(getattr(version, name)) for name in ("partners", "stage", "dimensions")}
    values |= {name: bool(getattr(practice, name)) for name in ("years", "owner_name", "show_name")}
    values["may_publish"] = practice.permission_at is not None
    values["themes"] = bool(practice.themes.all())
    values["municipalities"] = bool(practice.municipalities.all())
    return {name for name, told in values.items() if told}


# --- The reviewers' queue ------------------------------------------------------------------------


def submissions(person: Person, *, token: ApiToken | None = None) -> QuerySet[PracticeVersion]:
    """List every version sent for review that this reviewer may read.

    A practice belongs to the organisation whose event it came from; one that came from no event is for
    every reviewer.
    """
    mine = organisations_where(person, roles=REVIEWS, token=token)
    if not mine.exists():
        return PracticeVersion.objects.none()
    of_mine = Q(practice__came_from__series__organisation__in=mine) | Q(practice__came_from__isnull=True)
    return (
        PracticeVersion.objects.filter(of_mine)
        .filter(submitted_at__isnull=False)
        .select_related("practice__came_from__series")
        .prefetch_related("practice__themes", "practice__municipalities")
        .order_by("submitted_at", "pk")
    )


def review_queue(person: Person, *, token: ApiToken | None = None) -> QuerySet[PracticeVersion]:
    """List the versions waiting for this reviewer's decision, the longest waiting first."""
    return submissions(person, token=token).filter(state=PracticeVersion.State.SUBMITTED)


def submission_for(person: Person, pk: int, *, token: ApiToken | None = None) -> PracticeVersion:
    """Find one version sent for review, with the reviews of its practice."""
    version = (
        submissions(person, token=token)
        .filter(pk=pk)
        .prefetch_related(Prefetch("reviews", _with_grounds()))
        .first()
    )
    if version is None:
        raise NotFound(_("There is no such submission."))
    return version


def earlier_reviews(version: PracticeVersion) -> list[Review]:
    """List what reviewers said of the versions before this one, oldest first."""
    return list(
        _with_grounds().filter(version__practice=version.practice_id, version__number__lt=version.number)
    )


def _with_grounds() -> QuerySet[Review]:
    reviews = Review.objects.select_related("version", "reviewer", "criteria_set")
    return reviews.prefetch_related("assessments__criterion")
