"""What calendars answered about one event, what they hold, and sending the entry to those who are behind."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registrations.actions.replying import seen
from registrations.actions.resending import resend_entries, resend_entry
from registrations.models import CalendarReply
from registrations.queries.replies import answers_by_event, to_look_at
from registrations.queries.versions import behind
from web.desk.access import desk_page, person, the_event, the_registration
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.base import DeskForm
from web.desk.page import done, page_of, show


@require_safe
@desk_page
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the calendars of those who come said, and who holds an older version."""
    one = the_event(request, pk)
    said = answers_by_event([one]).get(one.pk, {})
    older = behind(one).select_related("attendee").order_by("attendee__name", "pk")
    return show(
        request,
        "desk/calendar.html",
        event=one,
        here="calendar",
        said={name.lower(): said.get(name, 0) for name in ("ACCEPTED", "TENTATIVE", "DECLINED")},
        looks=to_look_at(one.series).filter(registration__event=one),
        page=page_of(request, older),
        over=timezone.now() >= one.ends_at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the entry as it stands now to those whose calendar holds an older one."""
    one = the_event(request, pk, to_change=True)
    address = reverse("desk:calendar", args=[one.pk])
    count = behind(one).count()
    if not count:
        nobody = _("Every calendar shows what stands now, or the newest mail is on its way.")
        return done(request, nobody, to=address)
    told = ngettext(
        "%(count)d person gets the entry by mail as it stands now.",
        "%(count)d people get the entry by mail as it stands now.",
        count,
    )

    def save(form: DeskForm) -> str:
        sent = resend_entries(event=one, at=timezone.now(), actor=person(request))
        sentence = ngettext("%(count)d entry is on its way.", "%(count)d entries are on their way.", sent)
        return sentence % {"count": sent}

    change = Change(
        title=_("Send the calendar entry again"),
        form=DeskForm(request.POST or None),
        preview=lambda _form: Preview(
            effects=[told % {"count": count}, _("Nothing else changes.")], button=_("Send again")
        ),
        save=save,
        then=address,
        back=address,
        event=one,
        here="calendar",
    )
    return carry_out(request, change)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def resend_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one person their entry as it stands now."""
    row = the_registration(request, pk)
    address = reverse("desk:attendee", args=[row.attendee_id])

    def save(form: DeskForm) -> str:
        resend_entry(registration=row, at=timezone.now(), actor=person(request))
        return _("The entry is on its way.")

    change = Change(
        title=_("Send the calendar entry again"),
        intro=f"{row.attendee.name}: {row.event.title}",
        form=DeskForm(request.POST or None),
        preview=lambda _form: Preview(
            effects=[_("The person gets the entry by mail as it stands now."), _("Nothing else changes.")],
            button=_("Send again"),
        ),
        save=save,
        then=address,
        back=address,
        series=row.event.series,
        here="registrations",
    )
    return carry_out(request, change)


@require_POST
@desk_page
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an answer off the list of what needs a look."""
    reply = CalendarReply.objects.filter(pk=pk).select_related("registration").first()
    if reply is None:
        raise Http404
    row = the_registration(request, reply.registration_id)
    seen(reply=reply, at=timezone.now())
    return done(request, _("Marked as seen."), to=reverse("desk:calendar", args=[row.event_id]))
