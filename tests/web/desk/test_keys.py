"""A person's own keys: shown once, listed, dropped."""

import re

from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from backend.core.links import digest
from tests import factories
from tests.web.desk.seen import page, problems, save, text


def test_a_key_is_shown_once_and_only_its_digest_is_kept(desk: Client) -> None:
    answer = desk.post(reverse("desk:keys"), {"name": "Website", "days": "30"})
    secret = re.search(r"vipu_\S+?(?=<)", answer.content.decode())

    assert secret is not None
    assert ApiToken.objects.get().digest == digest(secret[0])
    assert "Copy the key now" in text(answer)
    assert secret[0] not in page(desk, "keys")
    assert "no-store" in answer["Cache-Control"]


def test_a_key_without_a_name_is_refused(desk: Client) -> None:
    assert problems(desk.post(reverse("desk:keys"), {"name": "", "days": "7"})).keys() == {
        "id_name",
        "id_days",
    }


def test_only_ones_own_key_can_be_dropped(desk: Client, stranger: Client) -> None:
    desk.post(reverse("desk:keys"), {"name": "Website", "days": "30"})
    key = ApiToken.objects.get()

    assert stranger.post(reverse("desk:key-drop", args=[key.pk])).status_code == 404
    assert save(desk, "key-drop", key.pk) == "The key does not work any more."
    assert not ApiToken.objects.exists()


def test_somebody_in_two_organisations_chooses_where_the_key_acts(olli: User, desk: Client) -> None:
    other = factories.organisation(slug="toinen")
    olli.memberships.create(organisation=other, role="viewer")

    desk.post(reverse("desk:keys"), {"name": "Website", "days": "30", "organisation": str(other.pk)})

    assert ApiToken.objects.get().organisation == other
