"""From an answer to the catalogue: telling, writing, sending, judging, publishing, revising."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent, Membership, Organisation, User
from backend.core.errors import NotFound, Refusal
from backend.core.i18n import Text
from backend.core.links import digest
from catalogue import actions, queries, rules
from catalogue.models import Assessment, CriteriaSet, Practice, PracticeVersion, Review
from catalogue.rules import DraftTexts
from events.models import EventSeries
from notifications.models import Message
from tests import factories
from tests.catalogue import world

LATER = timedelta(days=1)


def mails() -> list[tuple[str, str, int]]:
    return list(Message.objects.order_by("pk").values_list("kind", "recipient", "version"))


def test_a_lead_becomes_a_draft_with_what_is_known(lead: Practice, mornings: EventSeries) -> None:
    draft = queries.draft_by_token(lead.token)

    assert draft.practice == lead
    assert (draft.version.number, draft.version.state, draft.editable) == (1, "draft", True)
    assert draft.version.title == Text(fi="Lähimetsä koulun pihana")
    assert draft.version.summary == Text(fi="Koululaiset hoitavat lähimetsää.")
    assert [place.code for place in lead.municipalities.all()] == ["182"]
    assert lead.came_from == mornings.events.first()
    assert (lead.owner_name, lead.owner_email, lead.show_name, lead.permission_at) == (
        "Aino Esimerkki",
        "aino@example.org",
        False,
        None,
    )
    assert mails() == [("practice_receipt", "aino@example.org", 1)]


def test_the_theme_of_the_morning_is_a_first_guess(
    mornings: EventSeries, themes: None, places: None, noon: datetime
) -> None:
    event = mornings.events.first()
    assert event is not None
    event.accent = "nature"
    event.save()

    practice = world.lead(event=event, at=noon, municipality_code="")

    assert [theme.key for theme in practice.themes.all()] == ["healthy"]
    assert not practice.municipalities.exists()


def test_a_link_opens_one_draft_and_is_kept_only_as_a_digest(lead: Practice) -> None:
    assert lead.link_hash == digest(lead.token)
    with pytest.raises(NotFound):
        queries.draft_by_token(lead.token[:-1])


def test_writing_keeps_what_is_not_named(lead: Practice, noon: datetime) -> None:
    actions.save_draft(practice=lead, texts=DraftTexts(title={"sv": "Närskogen"}), at=noon)
    version = actions.save_draft(
        practice=lead, texts=DraftTexts(partners="Jämsän kaupunki", themes=["social"]), at=noon
    )

    assert version.title == Text(fi="Lähimetsä koulun pihana", sv="Närskogen")
    assert version.partners == "Jämsän kaupunki"
    assert [theme.key for theme in lead.themes.all()] == ["social"]
    assert [place.code for place in lead.municipalities.all()] == ["182"]


def test_permission_keeps_its_first_moment_and_can_be_taken_back(lead: Practice, noon: datetime) -> None:
    for yes, at, kept in ((True, noon, noon), (True, noon + LATER, noon), (False, noon + LATER, None)):
        actions.save_draft(practice=lead, texts=DraftTexts(may_publish=yes), at=at)
        lead.refresh_from_db()
        assert lead.permission_at == kept


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        (DraftTexts(themes=["healthy", "wealthy"]), "themes"),
        (DraftTexts(municipalities=["182", "999"]), "municipalities"),
        (DraftTexts(title={"fi": "x" * 201}), "title"),
    ],
)
def test_what_cannot_be_kept_leaves_no_trace(
    lead: Practice, noon: datetime, texts: DraftTexts, field: str
) -> None:
    with pytest.raises(rules.Invalid) as refused, transaction.atomic():
        actions.save_draft(practice=lead, texts=texts, at=noon)

    assert list(refused.value.fields) == [field]
    assert not lead.themes.exists()
    assert [place.code for place in lead.municipalities.all()] == ["182"]


def test_an_unfinished_draft_is_not_sent(lead: Practice, noon: datetime) -> None:
    with pytest.raises(rules.Incomplete) as refused, transaction.atomic():
        actions.submit(practice=lead, at=noon)

    assert list(refused.value.fields) == ["description", "results", "scaling", "may_publish"]
    assert queries.draft_by_token(lead.token).editable


def test_a_sent_text_does_not_change(lead: Practice, noon: datetime) -> None:
    version = world.sent(lead, at=noon)

    assert (version.state, version.submitted_at) == ("submitted", noon)
    assert not queries.draft_by_token(lead.token).editable
    with pytest.raises(rules.AlreadySent):
        actions.save_draft(practice=lead, texts=DraftTexts(partners="Muu"), at=noon)
    with pytest.raises(rules.AlreadySent):
        actions.submit(practice=lead, at=noon)


def test_publishing_gives_the_label_the_address_and_the_mail(
    lead: Practice, reviewer: User, noon: datetime
) -> None:
    version = world.sent(lead, at=noon)

    review = world.decided(version, "publish", reviewer=reviewer, at=noon + LATER)

    lead.refresh_from_db()
    version.refresh_from_db()
    assert (lead.slug, lead.label, lead.published) == ("lahimetsa-koulun-pihana", "meets_criteria", version)
    assert (version.state, version.decided_at) == ("published", noon + LATER)
    assert [one.level for one in review.assessments.all()] == ["met"] * 5
    assert queries.practice_by_slug("lahimetsa-koulun-pihana") == lead
    assert mails()[-1] == ("review_result", "aino@example.org", 1)
    assert AuditEvent.objects.filter(action="practice.decided", actor=reviewer).count() == 1


def test_what_is_not_met_is_published_as_lessons(lead: Practice, reviewer: User, noon: datetime) -> None:
    given = world.ALL_MET | {"demand": ("not_met", "Kukaan ei ole kysynyt.")}

    world.decided(world.sent(lead, at=noon), "publish", reviewer=reviewer, at=noon, assessments=given)

    lead.refresh_from_db()
    assert lead.label == Practice.Label.LEARNING


def test_asking_for_additions_opens_the_next_version_with_the_same_text(
    lead: Practice, reviewer: User, noon: datetime
) -> None:
    first = world.sent(lead, at=noon)
    world.decided(first, "request_changes", reviewer=reviewer, at=noon, assessments={}, message="Montako?")

    draft = queries.draft_by_token(lead.token)
    first.refresh_from_db()
    assert (first.state, draft.version.number, draft.version.state) == ("changes_requested", 2, "draft")
    assert draft.version.title == first.title
    assert draft.version.dimensions == ["ecological", "social"]
    assert draft.review is not None
    assert (draft.review.message, draft.editable, draft.missing) == ("Montako?", True, {})

    actions.save_draft(practice=lead, texts=DraftTexts(results={"fi": "13 koulua"}), at=noon)
    second = actions.submit(practice=lead, at=noon)
    world.decided(second, "publish", reviewer=reviewer, at=noon + LATER)

    first.refresh_from_db()
    lead.refresh_from_db()
    assert first.results == Text(fi="12 koulua\n300 lasta")
    assert lead.published == second
    assert [review.message for review in queries.earlier_reviews(second)] == ["Montako?"]
    assert mails() == [
        ("practice_receipt", "aino@example.org", 1),
        ("review_result", "aino@example.org", 1),
        ("review_result", "aino@example.org", 2),
    ]


def test_declining_ends_it_with_words(lead: Practice, reviewer: User, noon: datetime) -> None:
    world.decided(
        world.sent(lead, at=noon), "decline", reviewer=reviewer, at=noon, assessments={}, message="Ei nyt."
    )

    draft = queries.draft_by_token(lead.token)
    lead.refresh_from_db()
    assert (draft.version.state, draft.editable, lead.published) == ("declined", False, None)
    assert not queries.published().exists()
    with pytest.raises(rules.WrongState):
        actions.revise(practice=lead, at=noon)


def test_a_refused_decision_changes_nothing(lead: Practice, reviewer: User, noon: datetime) -> None:
    version = world.sent(lead, at=noon)
    with pytest.raises(Refusal), transaction.atomic():
        world.decided(version, "publish", reviewer=reviewer, at=noon, assessments={})

    version.refresh_from_db()
    assert (version.state, Review.objects.count(), len(mails())) == ("submitted", 0, 1)


def test_the_second_of_two_reviewers_is_told(
    lead: Practice, reviewer: User, demos: Organisation, noon: datetime
) -> None:
    version = world.sent(lead, at=noon)
    world.decided(version, "decline", reviewer=reviewer, at=noon, assessments={})
    other = factories.organiser(demos, email="roni@example.org", role=Membership.Role.REVIEWER)

    with pytest.raises(rules.AlreadyDecided):
        world.decided(version, "publish", reviewer=other, at=noon)


def test_nobody_decides_on_their_own_practice(demos: Organisation, lead: Practice, noon: datetime) -> None:
    aino = factories.organiser(demos, email="AINO@example.org".lower(), role=Membership.Role.REVIEWER)
    version = world.sent(lead, at=noon)

    with pytest.raises(rules.OwnPractice):
        world.decided(version, "publish", reviewer=aino, at=noon)


def test_a_practice_without_an_address_is_decided_without_mail(
    lead: Practice, reviewer: User, noon: datetime
) -> None:
    version = world.sent(lead, at=noon)
    Practice.objects.update(owner_email="")

    world.decided(version, "publish", reviewer=reviewer, at=noon)

    assert [kind for kind, *_ in mails()] == ["practice_receipt"]


def test_a_published_practice_stays_while_its_next_version_is_written(
    lead: Practice, reviewer: User, noon: datetime
) -> None:
    first = world.sent(lead, at=noon)
    world.decided(first, "publish", reviewer=reviewer, at=noon)
    lead.refresh_from_db()

    second = actions.revise(practice=lead, at=noon)
    assert actions.revise(practice=lead, at=noon) == second  # never two open at once
    actions.save_draft(practice=lead, texts=DraftTexts(title={"fi": "Uusi nimi"}), at=noon)
    assert queries.practice_by_slug("lahimetsa-koulun-pihana").published == first

    actions.submit(practice=lead, at=noon)
    world.decided(second, "publish", reviewer=reviewer, at=noon)
    first.refresh_from_db()
    lead.refresh_from_db()
    assert (first.state, lead.published, lead.slug) == ("replaced", second, "lahimetsa-koulun-pihana")


def test_two_practices_of_one_name_get_two_addresses(lead: Practice, reviewer: User, noon: datetime) -> None:
    other = world.lead(event=None, at=noon, owner_email="veera@example.org")
    for practice in (lead, other):
        world.decided(world.sent(practice, at=noon), "publish", reviewer=reviewer, at=noon)

    assert sorted(Practice.objects.values_list("slug", flat=True)) == [
        "lahimetsa-koulun-pihana",
        f"lahimetsa-koulun-pihana-{other.pk}",
    ]


def test_the_database_keeps_the_promises(lead: Practice, reviewer: User, noon: datetime) -> None:
    def refused(row: PracticeVersion | Review | Assessment | CriteriaSet) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    refused(PracticeVersion(practice=lead, number=2))
    refused(PracticeVersion(practice=lead, number=1, state="declined"))
    review = world.decided(world.sent(lead, at=noon), "publish", reviewer=reviewer, at=noon)
    review.pk = None
    refused(review)
    refused(CriteriaSet(key="other", is_current=True))
    first = Assessment.objects.all()[0]
    refused(Assessment(pk=first.pk, review=first.review, criterion=first.criterion, level="met", reason=""))
    refused(Assessment(review=first.review, criterion=first.criterion, level="met", reason="Kaksi."))
