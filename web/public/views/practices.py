"""P11: the catalogue of good practices, one practice, and the criteria they are judged by."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Municipality
from backend.core.errors import NotFound
from backend.core.i18n import _, current
from catalogue import queries
from catalogue.models import CriteriaSet, Practice
from web.public.cards import practice_cards
from web.public.practice_page import practice_page

ON_A_PAGE = 24


@require_safe
def practices(request: HttpRequest) -> HttpResponse:
    """List the practices that match what was asked; every filter stands in the address."""
    asked = {
        name: request.GET.get(name, "")[:100].replace("\x00", "")
        for name in ("q", "theme", "municipality", "label")
    }
    found = queries.published(**asked)
    everything = queries.facets(queries.published())
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "asked": asked,
        "narrowed": any(asked.values()),
        "count": page.paginator.count,
        "cards": practice_cards(page),
        "page": page,
        "kept": kept.urlencode(),
        "themes": [(theme.key, theme.name) for theme in queries.themes() if theme.key in everything.themes],
        "places": _named(everything.municipalities),
        "labels": [(v, label) for v, label in Practice.Label.choices if v in everything.labels],
    }
    return render(request, "public/practices.html", context)


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    rows = Municipality.objects.filter(code__in=list(codes))
    return sorted(((row.code, row.name_in(current())) for row in rows), key=lambda row: row[1].casefold())


@require_safe
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one practice, how it was judged and where it was heard of."""
    found = queries.practice_by_slug(slug)
    if found.published is None:
        raise NotFound(_("There is no such practice."))
    page = practice_page(
        found,
        found.published,
        assessments=queries.assessments_of(found.published),
        presentations=queries.presentations_of(found),
    )
    return render(request, "public/practice.html", {"page": page})


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """Show the criteria in use."""
    found: CriteriaSet | None
    try:
        found = queries.current_criteria()
    except NotFound:
        found = None
    return render(request, "public/criteria.html", {"criteria": found})
