"""The first page: how full the events are and what waits for somebody."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import want_digest
from accounts.policies import ORGANISES, organisations_where
from catalogue.queries import review_queue
from web.desk.access import all_series, desk_page, may_review, person
from web.desk.overview import cards
from web.desk.page import done, page_of, show

SERIES_ON_A_PAGE = 10


@require_safe
@desk_page
def home(request: HttpRequest) -> HttpResponse:
    """Show every series the person may see."""
    page = page_of(request, all_series(request), size=SERIES_ON_A_PAGE)
    reviews = review_queue(person(request)).count() if may_review(request) else 0
    return show(
        request,
        "desk/home.html",
        here="home",
        page=page,
        cards=cards(list(page.object_list), at=timezone.now()),
        reviews=reviews,
        may_create=organisations_where(person(request), roles=ORGANISES).exists(),
    )


@require_POST
@desk_page
def digest(request: HttpRequest) -> HttpResponse:
    """Have the morning mail, or not."""
    wanted = request.POST.get("wanted") == "yes"
    want_digest(user=person(request), wanted=wanted)
    said = _("A mail comes in the morning when something waits.") if wanted else _("No morning mail comes.")
    return done(request, said, to=reverse("desk:home"))
