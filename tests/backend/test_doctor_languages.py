"""What the doctor says of languages: words, wordings and published texts."""

from datetime import datetime
from pathlib import Path

import pytest

from accounts.models import Organisation
from backend.core.i18n import Language
from backend.doctor import Level, Line, languages
from catalogue.models import Story
from events.models import EventSeries
from notifications import kinds
from notifications.drafts import Draft
from notifications.kinds import Kind, Lane, Policy

OK, WARN, BAD = Level.OK, Level.WARN, Level.BAD


def test_words_that_wait_for_their_translation_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "events" / "locale" / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "event"\nmsgstr "evenemang"\n\n'
        'msgid "queue"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgid "place"\nmsgstr "plats"\n\n'
        'msgid "one place"\nmsgid_plural "%(count)s places"\nmsgstr[0] "en plats"\nmsgstr[1] ""\n',
        encoding="utf-8",
    )

    assert languages.unfinished(tmp_path) == ["3 texts in events/locale/sv/LC_MESSAGES/django.po"]


def _sample(language: Language) -> Draft:
    return Draft(
        kind="lost", subject="registration:1", version=0, recipient="aino@example.org", language=language,
        context={},
    )  # fmt: skip


@pytest.fixture
def _kind_without_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Kind(key="lost", template="nowhere/lost", policy=Policy.HOLD, lane=Lane.BULK, sample=_sample)
    monkeypatch.setitem(kinds._kinds, lost.key, lost)  # noqa: SLF001 - taken back after the test


@pytest.mark.usefixtures("_kind_without_wording")
def test_a_mail_without_its_wording_is_bad(noon: datetime) -> None:
    last = list(languages.words(noon))[-1]

    assert last.level is BAD
    assert "lost (fi), lost (sv), lost (en)" in last.text


@pytest.mark.django_db
def test_published_texts_that_lack_a_language_are_named(mornings: EventSeries, noon: datetime) -> None:
    assert list(languages.published(noon)) == [Line(OK, "Languages: everything that has been published.")]

    EventSeries.objects.update(title_sv="", lead_fi="Neljä aamua.")
    Story.objects.create(slug="tarina", title_fi="Tarina", published_on=noon)
    assert list(languages.published(noon)) == [
        Line(WARN, "Languages: missing from series aamukahvit-2027 (sv, en), story tarina (sv, en).")
    ]


@pytest.mark.django_db
def test_only_the_first_five_are_named(noon: datetime) -> None:
    for number in range(7):
        Story.objects.create(slug=f"tarina-{number}", title_fi="Tarina", published_on=noon)

    (line,) = languages.published(noon)
    assert line.text.endswith("story tarina-4 (sv, en) and 2 more.")


@pytest.mark.django_db
def test_drafts_may_lack_a_language(demos: Organisation, noon: datetime) -> None:
    EventSeries.objects.create(organisation=demos, slug="luonnos", title_fi="Luonnos", created_at=noon)

    assert [line.level for line in languages.published(noon)] == [OK]
