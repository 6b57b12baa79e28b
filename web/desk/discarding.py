"""The page before a draft of words is thrown away: what is gone, and what stays in use."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events.models import EventSeries
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.base import DeskForm


def discard_page(
    request: HttpRequest,
    *,
    intro: str,
    discard: Callable[[], object],
    stays: Callable[[], str | None],
    back: str,
    series: EventSeries,
    here: str,
) -> HttpResponse:
    """Ask, then throw away; ``stays`` tells what stays in use, or None where there is no draft."""

    def save(_form: DeskForm) -> str:
        discard()
        return _("The draft was discarded.")

    def preview(_form: DeskForm) -> Preview:
        standing = stays()
        if standing is None:
            raise Http404
        return Preview(
            effects=[_("What was kept last and never taken into use is gone for good."), standing],
            button=_("Discard the draft"),
            danger=True,
        )

    change = Change(
        title=_("Discard the draft"),
        intro=intro,
        form=DeskForm(request.POST or None),
        preview=preview,
        save=save,
        then=back,
        back=back,
        series=series,
        here=here,
    )
    return carry_out(request, change)
