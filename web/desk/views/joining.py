"""Pages about who somebody is: correcting an address, and making two registrations of one person one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registrations import actions
from registrations.queries.merging import forecast, likely_twins
from registrations.rules import AddressTaken
from web.desk.access import desk_page, person, the_attendee
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.joining import AddressForm
from web.desk.forms.series import ReasonForm
from web.desk.joining import address_effects, effects_of
from web.desk.page import show

_FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(_FORMS)
@desk_page
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct somebody's address; everything goes anew to the right one."""
    one = the_attendee(request, pk, to_change=True)
    back = reverse("desk:attendee", args=[one.pk])

    def save(form: AddressForm) -> str:
        with _twin_shown(change):
            actions.correct_address(
                attendee=one, **form.cleaned_data, at=timezone.now(), actor=person(request)
            )
        return _("The address is corrected. The mails are on their way to it.")

    def preview(form: AddressForm) -> Preview:
        with _twin_shown(change):
            email = actions.require_own_address(attendee=one, email=form.cleaned_data["email"])
        return Preview(effects=address_effects(old=one.email, new=email), button=_("Correct the address"))

    change = Change(
        title=_("Correct the address"),
        intro=f"{one.name}: {one.email}",
        form=AddressForm(request.POST or None),
        preview=preview,
        save=save,
        then=back,
        back=back,
        series=one.series,
        here="registrations",
        template="desk/address.html",
        context={"attendee": one, "twin": None},
    )
    return carry_out(request, change)


@contextmanager
def _twin_shown(change: Change[AddressForm]) -> Iterator[None]:
    """Remember whose the address is when it is refused: the page leads to joining the two."""
    try:
        yield
    except AddressTaken as taken:
        change.context["twin"] = taken.owner
        raise


@require_safe
@desk_page
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the other registration of the same person, within the series."""
    one = the_attendee(request, pk, to_change=True)
    q = request.GET.get("q", "")[:200].replace("\x00", "")
    return show(
        request,
        "desk/merge_choose.html",
        series=one.series,
        here="registrations",
        attendee=one,
        q=q,
        found=likely_twins(one, q),
    )


@require_http_methods(_FORMS)
@desk_page
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Say precisely what stays, and then make the two registrations one."""
    one, twin = (the_attendee(request, number, to_change=True) for number in (pk, other))
    if one.series_id != twin.series_id or one == twin:
        raise Http404
    address = reverse("desk:attendee", args=[one.pk])

    def save(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        actions.merge(kept=one, other=twin, reason=reason, at=timezone.now(), actor=person(request))
        return _("The two registrations are one now.")

    change = Change(
        title=_("Join two registrations"),
        intro=_("%(kept)s stays, %(other)s is joined with it.") % {"kept": one.email, "other": twin.email},
        form=ReasonForm(request.POST or None),
        preview=lambda _form: Preview(
            effects=effects_of(forecast(one, twin), kept=one, other=twin),
            button=_("Join the registrations"),
            danger=True,
        ),
        save=save,
        then=address,
        back=address,
        series=one.series,
        here="registrations",
        template="desk/merge.html",
        context={"pair": [one, twin]},
    )
    return carry_out(request, change)
