"""Every kind of page there is, by name, in each language."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation

from tests.browser.week import Lived

DEMO_PRACTICE = "esteeton-aistipolku"


def public(language: str, *, series: str, event: str, practice: str) -> dict[str, str]:
    """List the pages that anybody may open."""
    with translation.override(language):
        plain = (
            "front", "events", "my_link", "practices", "criteria", "stories", "alliances", "about",
            "accessibility", "privacy",
        )  # fmt: skip
        return {name: reverse(f"public:{name}") for name in plain} | {
            "series": reverse("public:series", args=[series]),
            "event": reverse("public:event", args=[series, event]),
            "register": reverse("public:register", args=[series]),
            "practice": reverse("public:practice", args=[practice]),
            "nothing": f"/{language}/nothing-here/",
        }


def personal(language: str, lived: Lived) -> dict[str, str]:
    """List the pages that open by a mailed link, and those of the trial."""
    week = lived.week
    with translation.override(language):
        receipt = reverse("public:receipt", args=[lived.receipt.strip("/").rpartition("/")[2]])
    paths = {
        "own": lived.own,
        "change": f"{lived.own}muuta/",
        "cancel": f"{lived.own}peru/{week.mornings[1]}/",
        "give": f"{lived.own}anna/{week.mornings[1]}/",
        "cancel all": f"{lived.own}peru/",
        "address": f"{lived.own}osoite/",
        "what messages": f"{lived.own}viestit/",
        "survey": lived.survey,
        "survey answered": lived.answered,
        "draft": lived.draft,
        "draft, a part": f"{lived.draft}what/",
        "draft, preview": f"{lived.draft}esikatselu/",
        "expired link": "/r/made-up-link/",
        "mailbox": "/mailbox/",
        "mail": lived.letter,
    }
    return {"receipt": receipt} | {name: f"{path}?lang={language}" for name, path in paths.items()}
