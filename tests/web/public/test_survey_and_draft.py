"""P9 and P10: an answer becomes a draft, and a draft is written in parts by the same link."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Municipality
from backend.core.links import token_for
from catalogue.models import CriteriaSet, Criterion, Practice, PracticeVersion
from events.models import EventSeries
from surveys.actions import open_survey
from surveys.models import Answer, Invitation, Response
from tests.web.public.conftest import Comes

AFTER = datetime(2027, 4, 13, 9, 30, tzinfo=UTC)


@pytest.fixture
def asked(mornings: EventSeries, comes: Comes, today: time_machine.Traveller) -> str:
    """Aino was there on Tuesday and has been asked how it was."""
    comes(0)
    today.move_to(AFTER)
    open_survey(event=mornings.events.all()[0], at=AFTER)
    return f"/s/{Invitation.objects.get().token}/"


@pytest.fixture
def draft(asked: str, browser: Client) -> str:
    """Aino told of a practice and may be contacted."""
    Municipality.objects.create(code="853", name_fi="Turku", name_sv="Åbo", languages="fi-sv")
    criteria = CriteriaSet.objects.create(
        key="vipu", name_fi="Tunnusmerkistö", name_sv="Kriterier", name_en="Criteria", is_current=True
    )
    Criterion.objects.create(
        criteria_set=criteria, key="demand", position=1, name_fi="Kysyntä", meaning_fi="On kysyntää."
    )
    browser.post(asked, {"usefulness": "5", **LEAD})
    return f"/d/{Practice.objects.get().token}/"


LEAD = {
    "practice-title": "Lainattavat sähköpyörät",
    "practice-summary": "Kirjasto lainaa sähköpyöriä.",
    "practice-municipality": "Åbo",
    "practice-may_contact": "on",
}


def test_the_number_in_the_mail_is_ticked_and_nothing_is_answered(browser: Client, asked: str) -> None:
    for _time in range(2):
        page = browser.get(asked + "?usefulness=4").text
        assert re.search(r'name="usefulness" id="id_usefulness_3" value="4" checked', page)
    assert not Response.objects.exists()


def test_an_answer_is_thanked_and_kept_once(browser: Client, asked: str) -> None:
    for answer in ({"usefulness": "5", "takeaway": "Pyörät"}, {"usefulness": "1"}):
        sent = browser.post(asked, answer)
        assert (sent.status_code, sent["Location"]) == (303, asked)
    assert "<h1>Kiitos vastauksistasi</h1>" in browser.get(asked).text
    values = dict(Answer.objects.values_list("question__key", "value"))
    assert values == {"usefulness": 5, "takeaway": "Pyörät"}


def test_a_missing_answer_is_named_and_the_others_stay(browser: Client, asked: str) -> None:
    answer = browser.post(asked, {"takeaway": "Pyörät", **LEAD, "practice-title": ""})
    page = answer.text
    assert answer.status_code == 422
    assert "<title>Virhe: " in page
    summary = page[page.index('class="errors"') : page.index("<form method")]
    assert re.findall(r'href="#([\w]+)"', summary) == ["id_usefulness_0", "id_practice_title"]
    assert ">Pyörät</textarea>" in page
    assert 'value="Åbo"' in page
    assert not Response.objects.exists()


def test_a_survey_that_has_closed_says_so(browser: Client, asked: str, today: time_machine.Traveller) -> None:
    today.shift(timedelta(days=30))
    assert browser.get(asked).status_code == 410


def test_a_practice_told_of_becomes_a_draft_in_five_parts(browser: Client, draft: str) -> None:
    page = browser.get(draft).text
    assert "Lainattavat sähköpyörät" in page
    assert re.findall(rf'href="{draft}(\w+)/"', page) == [
        "what",
        "where",
        "results",
        "scaling",
        "permission",
        "esikatselu",
    ]
    for part in ("what", "where", "results", "scaling", "permission", "esikatselu"):
        assert browser.get(f"{draft}{part}/").status_code == 200
    assert browser.get(f"{draft}nothing/").status_code == 404


def test_each_part_is_saved_by_itself_and_the_whole_is_sent(browser: Client, draft: str) -> None:
    parts = {
        "what": {"title": "Pyörälainaamo", "summary": "Pyöriä lainataan.", "description": "Kirjastossa."},
        "where": {"municipalities": "Åbo", "themes": [], "partners": "", "stage": "running", "years": ""},
        "results": {"results": "12 pyörää", "effects": "", "dimensions": ["ecological", "social"]},
        "scaling": {"scaling": "Tila ja huolto."},
        "permission": {"owner_name": "Aino Esimerkki", "may_publish": "on"},
    }
    refused = browser.post(draft)
    assert refused.status_code == 422
    assert 'href="#section-results"' in refused.text
    for part, texts in parts.items():
        assert browser.post(f"{draft}{part}/", texts).status_code == 303
    assert browser.post(draft).status_code == 303
    version = PracticeVersion.objects.get()
    assert (version.state, version.title_fi) == ("submitted", "Pyörälainaamo")
    assert version.dimensions == ["ecological", "social"]
    page = browser.get(draft).text
    assert "Lähetä arvioitavaksi" not in page
    assert browser.post(draft).status_code == 303  # pressed twice
    assert browser.get(f"{draft}what/").status_code == 303  # nothing to write any more


def test_a_text_that_cannot_be_kept_stays_on_the_page(browser: Client, draft: str) -> None:
    answer = browser.post(f"{draft}what/", {"title": "x" * 300, "summary": "s", "description": "d"})
    assert answer.status_code == 422
    assert 'href="#id_title"' in answer.text
    assert "x" * 300 in answer.text


def test_the_other_languages_are_written_by_switching(browser: Client, draft: str) -> None:
    browser.post(f"{draft}scaling/?lang=sv", {"scaling": "Utrymme."})
    version = PracticeVersion.objects.get()
    assert (version.scaling_fi, version.scaling_sv) == ("", "Utrymme.")


def test_the_preview_is_the_page_to_be_and_public_to_nobody(browser: Client, draft: str) -> None:
    answer = browser.get(f"{draft}esikatselu/")
    assert "Tämä on esikatselu" in answer.text
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "aino@example.org" not in answer.text


def test_a_link_of_another_kind_opens_nothing(browser: Client, draft: str) -> None:
    practice = Practice.objects.get()
    for purpose in ("survey", "manage", "feed"):
        assert browser.get(f"/d/{token_for(purpose, practice.link_seed)}/").status_code == 404
