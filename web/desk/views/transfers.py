"""Moving a place to somebody else on behalf of the person who has it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registrations import actions
from registrations.models import Registration
from web.desk.access import desk_page, person, the_registration
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.transfers import ReceiverForm


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody's place to another person; says first what both of them get."""
    row = the_registration(request, pk)

    def save(form: ReceiverForm) -> str:
        actions.pass_on(
            registration=row,
            to=form.person,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
            actor=person(request),
        )
        return _("The place is the other person's now, and both get a mail.")

    address = reverse("desk:attendee", args=[row.attendee_id])
    change = Change(
        title=_("Give the place to somebody else"),
        intro=f"{row.attendee.name}: {row.event.title}",
        form=ReceiverForm(
            request.POST or None,
            giver_email=row.attendee.email,
            initial={"language": row.attendee.language},
        ),
        preview=lambda form: Preview(effects=_effects(row, form), button=_("Give the place"), danger=True),
        save=save,
        then=address,
        back=address,
        series=row.event.series,
        here="registrations",
    )
    return carry_out(request, change)


def _effects(row: Registration, form: ReceiverForm) -> list[str]:
    """Say who gets which mail; the line does not move."""
    to = {"name": form.cleaned_data["name"].strip(), "email": form.cleaned_data["email"].strip()}
    return [
        _("%(name)s (%(email)s) gets the place, with a mail and an invitation for the calendar.") % to,
        _("%(name)s gets a mail, and the entry is removed from their calendar.")
        % {"name": row.attendee.name},
        _("The waiting list stays as it is."),
    ]
