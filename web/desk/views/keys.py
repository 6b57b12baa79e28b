"""The page of one's own keys, with which a program uses the API."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.policies import READS, organisations_where
from accounts.queries import keys_of
from backend.core.errors import Refusal
from web.desk.access import desk_page, person
from web.desk.forms.keys import KeyForm
from web.desk.page import done, page_of, show


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def keys(request: HttpRequest) -> HttpResponse:
    """List the person's keys and make a new one; its secret stands on this one answer only."""
    organisations = list(organisations_where(person(request), roles=READS))
    form = KeyForm(request.POST or None, organisations=organisations)
    new = None
    if form.is_bound and form.is_valid():
        try:
            new = actions.make_key(
                user=person(request),
                organisation=form.organisation,
                name=form.cleaned_data["name"],
                days=form.cleaned_data["days"],
                at=timezone.now(),
            )
        except Refusal as no:
            form.say(no)
        else:
            form = KeyForm(organisations=organisations)
    return show(
        request,
        "desk/keys.html",
        here="keys",
        status=422 if form.shown_errors else 200,
        form=form,
        problems=list(form.problems()),
        page=page_of(request, keys_of(person(request))),
        new=new,
        may_make=bool(organisations),
        now=timezone.now(),
    )


@require_POST
@desk_page
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one's own key stop working."""
    token = keys_of(person(request)).filter(pk=pk).first()
    if token is None:
        raise Http404
    actions.drop_key(token=token, at=timezone.now(), actor=person(request))
    return done(request, _("The key does not work any more."), to=reverse("desk:keys"))
