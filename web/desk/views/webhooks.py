"""Pages of the webhooks: who else is told of a series, every delivery, and sending again."""

from datetime import datetime, time

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from backend.core.errors import Refusal
from events.models import EventSeries
from notifications.endpoints.managing import Shared, endpoints_of
from notifications.models import Endpoint, EndpointDelivery
from registrations.actions import endpoints as actions
from registrations.queries.endpoints import endpoint_for
from web.desk.access import desk_page, person, the_series
from web.desk.forms.base import moment_of
from web.desk.forms.webhooks import ReplayForm, WebhookForm
from web.desk.page import done, page_of, see_other, show


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def webhooks(request: HttpRequest, pk: int) -> HttpResponse:
    """List who else is told, and add one; its secret stands on this one answer only."""
    series = the_series(request, pk, to_change=True)
    form = WebhookForm(request.POST or None)
    new: Shared | None = None
    if form.is_bound and form.is_valid():
        try:
            new = actions.add_endpoint(
                series=series, at=timezone.now(), actor=person(request), **form.cleaned_data
            )
        except Refusal as no:
            form.say(no)
        else:
            form = WebhookForm()
    return show(
        request,
        "desk/webhooks.html",
        series=series,
        here="webhooks",
        status=422 if form.shown_errors else 200,
        form=form,
        problems=list(form.problems()),
        rows=endpoints_of(actions.scope_of(series)),
        new=new,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one webhook with its log; the buttons try it, change its secret, or send again what failed."""
    endpoint, series = _found(request, pk)
    if request.POST.get("deed") == "roll":
        at = timezone.now()
        new = actions.roll_endpoint(series=series, endpoint=endpoint, at=at, actor=person(request))
        return _page(request, new.endpoint, series, form=ReplayForm(), new=new)
    if request.POST.get("deed") != "since":
        return _page(request, endpoint, series, form=ReplayForm())
    form = ReplayForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["since"]
        since = moment_of(day, time(), zone=series.timezone) if day else None
        try:
            return _again(request, endpoint, series, since=since)
        except Refusal as no:
            form.say(no)
    return _page(request, endpoint, series, form=form)


def _page(
    request: HttpRequest,
    endpoint: Endpoint,
    series: EventSeries,
    *,
    form: ReplayForm,
    new: Shared | None = None,
) -> HttpResponse:
    return show(
        request,
        "desk/webhook.html",
        series=series,
        here="webhooks",
        status=422 if form.shown_errors else 200,
        endpoint=endpoint,
        form=form,
        problems=list(form.problems()),
        page=page_of(request, endpoint.deliveries.all()),
        failed=endpoint.deliveries.filter(state=EndpointDelivery.State.FAILED).exists(),
        new=new,
    )


@require_POST
@desk_page
def deed(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a webhook, switch it, send one piece of news again, or remove it."""
    endpoint, series = _found(request, pk)
    own, at, actor = reverse("desk:webhook", args=[pk]), timezone.now(), person(request)
    try:
        match request.POST.get("deed"):
            case "ping":
                actions.ping_endpoint(endpoint=endpoint, at=at)
                return done(request, _("A test is on its way. Look at the log in a moment."), to=own)
            case "off" | "on" as way:
                on = way == "on"
                actions.switch_endpoint(series=series, endpoint=endpoint, on=on, at=at, actor=actor)
                said = _("The webhook is in use.") if on else _("The webhook is switched off.")
                return done(request, said, to=own)
            case "again":
                number = request.POST.get("delivery", "")
                return _again(request, endpoint, series, delivery=int(number) if number.isdecimal() else 0)
            case "remove":
                actions.remove_endpoint(series=series, endpoint=endpoint, at=at, actor=actor)
                back = reverse("desk:webhooks", args=[series.pk])
                return done(request, _("The webhook and its log are removed."), to=back)
            case _:
                return see_other(own)  # no button of ours
    except Refusal as no:
        form = ReplayForm({})
        form.say(no)
        return _page(request, endpoint, series, form=form)


def _again(
    request: HttpRequest,
    endpoint: Endpoint,
    series: EventSeries,
    *,
    delivery: int | None = None,
    since: datetime | None = None,
) -> HttpResponse:
    number = actions.replay_deliveries(
        series=series,
        endpoint=endpoint,
        at=timezone.now(),
        actor=person(request),
        delivery=delivery,
        since=since,
    )
    said = ngettext(
        "%(count)d piece of news is sent again.", "%(count)d pieces of news are sent again.", number
    )
    return done(request, said % {"count": number}, to=reverse("desk:webhook", args=[endpoint.pk]))


def _found(request: HttpRequest, pk: int) -> tuple[Endpoint, EventSeries]:
    """Give a webhook to be changed; somebody who may only look is told so."""
    endpoint = Endpoint.objects.filter(pk=pk, scope__startswith="series:").first()
    if endpoint is None:
        raise Http404
    the_series(request, int(endpoint.scope.partition(":")[2]), to_change=True)
    return endpoint_for(person(request), pk)
