"""Loads the real practices, stories and alliances. Nobody here assessed them, and their label says so."""

from datetime import date, datetime

from backend.core.i18n import LANGUAGES, Text
from backend.demo.files import Json, joined, lines, read, text
from catalogue.models import Alliance, Practice, PracticeVersion, Story, Theme

_MORE = Text("Lisää lähteitä: {}", "Fler källor: {}", "More sources: {}")


def load_catalogue(at: datetime) -> int:
    """Add the practices, stories and alliances that are missing; return how many.

    The file begins with the practices of which most is known. The last added is shown first.
    """
    return _load_practices(at) + _load_stories() + _load_alliances()


def _load_practices(at: datetime) -> int:
    known = set(Practice.objects.values_list("slug", flat=True))
    missing = [given for given in reversed(read("practices")) if given["slug"] not in known]
    if not missing:
        return 0
    practices = Practice.objects.bulk_create(_practice(given, at=at) for given in missing)
    pairs = list(zip(missing, practices, strict=True))
    _place(pairs)
    versions = PracticeVersion.objects.bulk_create(
        _version(given, practice=practice, at=at) for given, practice in pairs
    )
    for version in versions:
        version.practice.published = version
    Practice.objects.bulk_update(practices, ["published"])
    return len(practices)


def _practice(given: Json, *, at: datetime) -> Practice:
    return Practice(
        slug=given["slug"],
        language="fi",
        label=Practice.Label.NOT_ASSESSED,
        years=given["years"],
        source_url=given["source_url"],
        created_at=at,
    ).with_link()


def _place(pairs: list[tuple[Json, Practice]]) -> None:
    """Say where each practice is from and which themes it has, in two statements."""
    themes = dict(Theme.objects.values_list("key", "pk"))
    where, about = Practice.municipalities.through, Practice.themes.through
    where.objects.bulk_create(
        where(practice=practice, municipality_id=code)
        for given, practice in pairs
        for code in given["municipalities"]
    )
    about.objects.bulk_create(
        about(practice=practice, theme_id=themes[key]) for given, practice in pairs for key in given["themes"]
    )


def _version(given: Json, *, practice: Practice, at: datetime) -> PracticeVersion:
    return PracticeVersion(
        practice=practice,
        state=PracticeVersion.State.PUBLISHED,
        partners=", ".join(given["partners"]),
        submitted_at=at,
        decided_at=at,
        **text(given["title"]).columns("title"),
        **text(given["summary"]).columns("summary"),
        **_description(given).columns("description"),
        **lines(given.get("results")).columns("results"),
        **lines(given.get("effects")).columns("effects"),
        **lines(given.get("scaling")).columns("scaling"),
    )


def _description(given: Json) -> Text:
    """Tell of which call the practice was, what else is known, and the sources beside the first one."""
    call = text(read("calls")[given["call"]] if given["call"] else None)
    return joined(call, text(given.get("details")), _more_sources(given.get("more_sources", ())))


def _more_sources(addresses: list[str]) -> Text:
    if not addresses:
        return Text()
    written = ", ".join(addresses)
    return Text(*(_MORE.in_language(language).format(written) for language in LANGUAGES))


def _load_stories() -> int:
    known = set(Story.objects.values_list("slug", flat=True))
    missing = [
        Story(
            slug=given["slug"],
            published_on=date.fromisoformat(given["published_on"]),
            source_url=given["source_url"],
            **text(given["title"]).columns("title"),
            **text(given["summary"]).columns("summary"),
        )
        for given in read("stories")
        if given["slug"] not in known
    ]
    return len(Story.objects.bulk_create(missing))


def _load_alliances() -> int:
    known = set(Alliance.objects.values_list("slug", flat=True))
    missing = [given for given in read("alliances") if given["slug"] not in known]
    alliances = Alliance.objects.bulk_create(
        Alliance(
            slug=given["slug"],
            member_count=given.get("member_count"),
            source_url=given["source_url"],
            **text(given["name"]).columns("name"),
            **text(given["summary"]).columns("summary"),
        )
        for given in missing
    )
    members = Alliance.members.through
    members.objects.bulk_create(
        members(alliance=alliance, municipality_id=code)
        for given, alliance in zip(missing, alliances, strict=True)
        for code in given["members"]
    )
    return len(alliances)
