"""Messages to many at the desk: written, looked at person by person, sent with a number, and watched."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.errors import Refusal
from events.models import EventSeries
from events.queries import events_of
from notifications import kinds
from registrations.actions import campaigns as actions
from registrations.actions.campaign_words import as_read_by, words_of, words_of_each
from registrations.models import Campaign
from registrations.queries.campaigns import (
    campaign_for,
    campaigns_for,
    is_old,
    progress,
    reasons_of,
    recipients_of,
)
from registrations.rules.segments import FAILED, KIND, REASONS, UNCLEAR, Segment
from web.desk.access import desk_page, person, the_series
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.base import DeskForm
from web.desk.forms.campaigns import CampaignForm, NumberForm, starting_from
from web.desk.page import page_of, see_other, show
from web.desk.words import placeholders_said


@require_safe
@never_cache
@desk_page
def campaigns(request: HttpRequest, pk: int) -> HttpResponse:
    """List the messages to many of a series."""
    series = the_series(request, pk, to_change=True)
    found = list(campaigns_for(person(request)).filter(series=series)[:100])
    words = words_of_each(found)
    rows = [(one, words[one.pk].subject) for one in found]
    return show(request, "desk/campaigns.html", series=series, here="messages", rows=rows)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a message to many; its list is made by this, and nothing is sent."""
    return _written(request, the_series(request, pk, to_change=True), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a message that has not been sent; its list is made anew."""
    one = _the_campaign(request, pk)
    return _written(request, one.series, one)


def _written(request: HttpRequest, series: EventSeries, one: Campaign | None) -> HttpResponse:
    initial = (
        starting_from(Segment.of(one.segment), words_of(one), send_at=one.send_at, zone=series.timezone)
        if one
        else {}
    )
    events = events_of(series, drafts=False)
    form = CampaignForm(request.POST or None, series=series, events=events, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            made = actions.prepare(
                series=series,
                segment=form.segment,
                words=form.words,
                send_at=form.send_at,
                at=timezone.now(),
                actor=person(request),
                campaign=one,
            )
            return see_other(reverse("desk:campaign", args=[made.pk]))
        except Refusal as no:
            form.say(no)
    return show(
        request,
        "desk/campaign_form.html",
        series=series,
        here="messages",
        status=422 if form.shown_errors else 200,
        form=form,
        problems=list(form.problems()),
        placeholders=placeholders_said(kinds.get(KIND)),
        back=reverse("desk:campaign", args=[one.pk]) if one else reverse("desk:campaigns", args=[series.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the list before it is sent, and how far it is afterwards; the buttons decide about it."""
    one, form, refusal = _the_campaign(request, pk), NumberForm(), None
    if request.method == "POST":
        form = NumberForm(request.POST if request.POST.get("step") == "send" else None)
        try:
            if to := _pressed(request, one, form):
                return see_other(to)
        except Refusal as no:
            refusal = no
            if form.is_bound:
                form.say(no)
        one = _the_campaign(request, pk)
    status = refusal.status if refusal else 422 if form.shown_errors else 200
    shown = _listed(request, one) if one.state in Campaign.EDITABLE else _on_its_way(one)
    template = "desk/campaign.html" if one.state in Campaign.EDITABLE else "desk/campaign_sent.html"
    return show(
        request,
        template,
        series=one.series,
        here="messages",
        status=status,
        refusal=None if form.is_bound else refusal,
        form=form,
        problems=list(form.problems()),
        words=words_of(one),
        **shown,
    )


def _pressed(request: HttpRequest, one: Campaign, form: NumberForm) -> str:
    """Do what the button says; gives the address of the page to go to, none when the form is not right."""
    given: dict[str, Any] = {"campaign": one, "at": timezone.now(), "actor": person(request)}
    step = request.POST.get("step", "")
    if step == "send":
        if not form.is_valid():
            return ""
        actions.send(**given, number=form.cleaned_data["number"])
    elif step == "copy":
        one = actions.copy_campaign(**given)
        return reverse("desk:campaign-edit", args=[one.pk])
    elif step in {"resend", "resend-unclear"}:
        actions.resend(**given, states=UNCLEAR if step == "resend-unclear" else FAILED)
    elif deed := _DEEDS.get(step):
        deed(**given)
    return reverse("desk:campaign", args=[one.pk])


_DEEDS: dict[str, Callable[..., Campaign]] = {
    "pin": actions.pin,
    "undo": actions.undo,
    "pause": actions.pause,
    "resume": actions.resume,
    "stop": actions.stop,
}


def _listed(request: HttpRequest, one: Campaign) -> dict[str, Any]:
    reason = request.GET.get("reason", "")
    reason = reason if reason in REASONS else ""
    return {
        "campaign": one,
        "reasons": [(name, REASONS[name], count) for name, count in reasons_of(one)],
        "chosen": reason,
        "filters": {"address": f"reason={reason}"},
        "page": page_of(request, recipients_of(one, reason=reason)),
        "old": is_old(one, at=timezone.now()),
    }


def _on_its_way(one: Campaign) -> dict[str, Any]:
    now = timezone.now()
    return {
        "campaign": one,
        "progress": progress(one, at=now),
        "reasons": [(name, REASONS[name], count) for name, count in reasons_of(one)],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a message away that has not been sent, after saying what that means."""
    one = _the_campaign(request, pk)

    def save(_form: DeskForm) -> str:
        actions.remove(campaign=one, at=timezone.now(), actor=person(request))
        return _("The message was removed.")

    def preview(_form: DeskForm) -> Preview:
        actions.require_removable(one)
        effects = [_("The words and the list are removed. Nothing has been sent to anybody.")]
        return Preview(effects=effects, button=_("Remove the message"), danger=True)

    change = Change(
        title=_("Remove the message"),
        intro=str(words_of(one).subject),
        form=DeskForm(request.POST or None),
        preview=preview,
        save=save,
        then=reverse("desk:campaigns", args=[one.series_id]),
        back=reverse("desk:campaign", args=[one.pk]),
        series=one.series,
        here="messages",
    )
    return carry_out(request, change)


@require_safe
@never_cache
@desk_page
def campaign_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the part of the page that changes, for the page that looks by itself."""
    one = _the_campaign(request, pk)
    return render(request, "desk/campaign_state.html", {"series": one.series, **_on_its_way(one)})


@require_safe
@never_cache
@desk_page
def reading(request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
    """Show what one person of the list reads, without the addresses that only they may open."""
    one = _the_campaign(request, pk)
    rows = recipients_of(one)
    row = rows.filter(pk=recipient).select_related("attendee__series").first()
    if row is None:
        raise Http404
    made = as_read_by(row, campaign=one, at=timezone.now())
    return show(
        request,
        "desk/campaign_text.html",
        series=one.series,
        here="messages",
        campaign=one,
        recipient=row,
        subject=made.subject,
        text=made.text,
    )


def _the_campaign(request: HttpRequest, pk: int) -> Campaign:
    one = campaign_for(person(request), pk)
    the_series(request, one.series_id, to_change=True)
    return one
