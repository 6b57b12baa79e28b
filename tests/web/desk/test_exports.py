"""Lists to take along at the desk: chosen on a page, watched without JavaScript, fetched once ready."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bench import many
from events.models import Event, EventSeries
from registrations.models import RegistrationExport, WorkState
from registrations.tasks import make_export, nudge_export, tend_exports
from tests.registrations.people import AINO, sign_up
from tests.web.desk.seen import page, text


def ask(desk: Client, series: EventSeries, **chosen: object) -> str:
    given = {"format": "csv", "columns": ["name", "email"], **chosen}
    response = desk.post(reverse("desk:exports", args=[series.pk]), given)
    assert response.status_code == 303, text(response)
    return str(response["Location"])


def test_a_short_list_is_ready_at_once(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    address = ask(desk, mornings)

    assert "The list is ready: 1 registration." in text(desk.get(address))
    file = desk.get(reverse("desk:export-file", args=[RegistrationExport.objects.get().pk]))
    assert AINO.email in b"".join(file).decode()
    assert "the whole series, CSV" in page(desk, "exports", mornings.pk)


def test_a_list_of_one_event(desk: Client, mornings: EventSeries, morning: Event) -> None:
    assert morning.title.in_language("en") in text(desk.get(ask(desk, mornings, event=morning.slug)))


def test_a_list_without_columns_is_not_made(desk: Client, mornings: EventSeries) -> None:
    response = desk.post(reverse("desk:exports", args=[mornings.pk]), {"format": "csv"})

    assert response.status_code == 422
    assert "Choose at least one column." in text(response)


def test_a_long_list_shows_how_far_it_is_whenever_the_page_is_loaded(
    desk: Client, mornings: EventSeries, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.desk.views.exports.AT_ONCE", 2)
    many.fill(mornings, people=8, at=noon)
    address = ask(desk, mornings)
    export = RegistrationExport.objects.get()

    assert "0 of 8 registrations written." in text(desk.get(address))
    early = desk.get(reverse("desk:export-file", args=[export.pk]))
    assert (early.status_code, early["Location"]) == (303, address)
    RegistrationExport.objects.update(state=WorkState.RUNNING, done=4)
    assert "4 of 8 registrations written." in text(desk.get(address))
    part = desk.get(reverse("desk:export-progress", args=[export.pk])).content.decode()
    assert "data-moving" in part
    make_export(export_id=export.pk)
    assert "The list is ready: 8 registrations." in text(desk.get(address))


def test_a_list_that_failed_says_so(desk: Client, mornings: EventSeries) -> None:
    address = ask(desk, mornings)
    RegistrationExport.objects.update(state=WorkState.FAILED)

    assert "The list could not be made." in text(desk.get(address))


def test_the_tick_takes_up_what_was_left_and_removes_what_is_over(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    ask(desk, mornings)
    RegistrationExport.objects.update(state=WorkState.QUEUED)
    with time_machine.travel(noon + timedelta(minutes=6), tick=False):
        tend_exports()
    assert RegistrationExport.objects.exists()
    with time_machine.travel(noon + timedelta(hours=24), tick=False):
        tend_exports()

    assert not RegistrationExport.objects.exists()


def test_a_broker_that_is_away_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_more: object) -> None:
        raise OSError

    monkeypatch.setattr(make_export, "apply_async", away)

    nudge_export(1)  # the tick finds the list
