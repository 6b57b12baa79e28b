"""What is told to people whose practice it is: where to go on writing, and what was decided."""

from backend.core.i18n import Language, Text, _, as_language
from catalogue.models import Practice, PracticeVersion, Review
from notifications.kinds import Kind, Lane, Policy
from notifications.outbox import Draft, Link
from notifications.placeholders import Placeholder

DRAFT_PATH = "/d/{token}/"
PAGE_PATHS: dict[Language, str] = {
    "fi": "/fi/kaytannot/{slug}/",
    "sv": "/sv/praxis/{slug}/",
    "en": "/en/practices/{slug}/",
}


def practice_receipt(version: PracticeVersion) -> Draft:
    """Thank for a lead and give the link by which its owner goes on writing."""
    practice = version.practice
    language = as_language(practice.language)
    title = version.title.in_language(language)
    event = practice.came_from
    return Draft(
        kind="practice_receipt",
        subject=f"practice:{practice.pk}",
        version=version.number,
        recipient=practice.owner_email,
        language=language,
        context={
            "name": practice.owner_name,
            "title": title,
            "summary": version.summary.in_language(language),
            "event": event.title.told(language) if event else "",
            "contact_email": _contact(practice),
        },
        scope=_scope(practice),
        links={"draft": Link("practice", practice.link_seed, DRAFT_PATH)},
    )


def review_result(review: Review) -> Draft:
    """Tell what a reviewer decided, in the reviewer's words, and what comes next."""
    practice = review.version.practice
    language = as_language(practice.language)
    links = {"draft": Link("practice", practice.link_seed, DRAFT_PATH)}
    if review.decision == Review.Decision.PUBLISH:
        links["page"] = Link("page", "", PAGE_PATHS[language].format(slug=practice.slug))
    return Draft(
        kind="review_result",
        subject=f"practice:{practice.pk}",
        version=review.version.number,
        recipient=practice.owner_email,
        language=language,
        context={
            "name": practice.owner_name,
            "title": review.version.title.in_language(language),
            "decision": review.decision,
            "meets_criteria": practice.label == Practice.Label.MEETS_CRITERIA,
            "message": review.message.split("\n\n") if review.message else [],
            "contact_email": _contact(practice),
        },
        scope=_scope(practice),
        links=links,
    )


def _scope(practice: Practice) -> str:
    """Name the series whose own words its people get: the one that the practice came from."""
    return f"series:{practice.came_from.series_id}" if practice.came_from else ""


def _contact(practice: Practice) -> str:
    return practice.came_from.series.contact_email if practice.came_from else ""


# --- Made-up data for previews and tests ----------------------------------------------------------

_TITLE: dict[Language, str] = {
    "fi": "Lähimetsä koulun pihana",
    "sv": "Närskogen som skolgård",
    "en": "The nearby forest as a school yard",
}
_SUMMARY: dict[Language, str] = {
    "fi": "Koululaiset hoitavat lähimetsää yhdessä kaupungin puutarhurien kanssa.",
    "sv": "Eleverna sköter närskogen tillsammans med stadens trädgårdsmästare.",
    "en": "Pupils look after the nearby forest together with the town's gardeners.",
}
_EVENT: dict[Language, str] = {
    "fi": "Lähiluonnon saavutettavuus",
    "sv": "Närnaturens tillgänglighet",
    "en": "Accessibility of nearby nature",
}
_WORDS: dict[Language, str] = {
    "fi": "Kertokaa vielä, kuinka monta koulua on mukana ja mistä tulokset näkee.",
    "sv": "Berätta också hur många skolor som är med och var resultaten syns.",
    "en": "Please add how many schools take part and where the results can be seen.",
}
_NAME: dict[Language, str] = {"fi": "Aino Esimerkki", "sv": "Veera Exempel", "en": "Olli Example"}


def sample_receipt(language: Language) -> Draft:
    """Show what a receipt of a lead looks like."""
    return Draft(
        kind="practice_receipt",
        subject="practice:0",
        version=1,
        recipient="aino@example.org",
        language=language,
        context={
            "name": _NAME[language],
            "title": _TITLE[language],
            "summary": _SUMMARY[language],
            "event": _EVENT[language],
        },
        links={"draft": Link("practice", "sample", DRAFT_PATH)},
    )


def sample_result(language: Language) -> Draft:
    """Show what a request for additions looks like."""
    return Draft(
        kind="review_result",
        subject="practice:0",
        version=1,
        recipient="aino@example.org",
        language=language,
        context={
            "name": _NAME[language],
            "title": _TITLE[language],
            "decision": Review.Decision.REQUEST_CHANGES.value,
            "meets_criteria": False,
            "message": [_WORDS[language]],
        },
        links={"draft": Link("practice", "sample", DRAFT_PATH)},
    )


WORDS = (
    Placeholder(name="name", meaning=_("the reader's name"), fact="name"),
    Placeholder(name="practice", meaning=_("the title of the practice"), fact="title"),
    Placeholder(name="summary", meaning=_("the summary of the practice"), fact="summary"),
    Placeholder(
        name="event", meaning=_("the event that the practice came from"), fact="event", sometimes=True
    ),
    Placeholder(
        name="decision",
        meaning=_("what was decided and what comes next, in our words and the reviewer's"),
        part="catalogue/messages/parts/decision",
        block=True,
        essential=True,
    ),
    Placeholder(
        name="draft",
        meaning=_("the link to the draft of the practice"),
        link="draft",
        label=Text("Jatka luonnosta", "Fortsätt med utkastet", "Continue the draft"),
        needs="summary",
    ),
)
KINDS = (
    Kind(
        key="practice_receipt",
        template="catalogue/messages/practice_receipt",
        policy=Policy.HOLD,
        lane=Lane.NORMAL,
        sample=sample_receipt,
        words=WORDS,
    ),
    Kind(
        key="review_result",
        template="catalogue/messages/review_result",
        policy=Policy.HOLD,
        lane=Lane.NORMAL,
        sample=sample_result,
        words=WORDS,
    ),
)
