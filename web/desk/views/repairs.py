"""Pages that put right what did not arrive: a message once more, an address allowed again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from notifications import suppression
from notifications.models import Message
from registrations.actions import repairing
from web.desk.access import desk_page, person, require_organiser, the_attendee
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.series import ReasonForm
from web.desk.views.messages import owner_of
from web.desk.words import message_said

_FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(_FORMS)
@desk_page
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message that did not arrive once more; says first to whom, and that a block ends."""
    one = Message.objects.filter(pk=pk).first()
    series, event = owner_of(request, one) if one else (None, None)
    if one is None or series is None:
        raise Http404
    require_organiser(request, series.organisation_id)
    back = reverse("desk:message", args=[one.pk])

    def save(form: ReasonForm) -> str:
        repairing.send_again(
            message=one,
            organisation_id=series.organisation_id,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
            actor=person(request),
        )
        return _("The message is on its way once more.")

    def preview(form: ReasonForm) -> Preview:
        repairing.require_sendable(one, at=timezone.now())
        effects = [_("%(email)s gets the same message once more.") % {"email": one.recipient}]
        if suppression.suppressed([one.recipient]):
            effects.append(_("The address is no longer blocked: later messages go to it as well."))
        return Preview(effects=effects, button=_("Send it again"))

    change = Change(
        title=_("Send the message again"),
        intro=f"{message_said(one)}: {one.recipient}",
        form=ReasonForm(request.POST or None),
        preview=preview,
        save=save,
        then=back,
        back=back,
        series=series,
        event=event,
        here="messages",
    )
    return carry_out(request, change)


@require_http_methods(_FORMS)
@desk_page
def unblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Allow somebody's address again; a wrong address is corrected instead."""
    one = the_attendee(request, pk, to_change=True)
    back = reverse("desk:attendee", args=[one.pk])

    def save(form: ReasonForm) -> str:
        repairing.lift_block(
            attendee=one, reason=form.cleaned_data["reason"], at=timezone.now(), actor=person(request)
        )
        return _("Messages go to the address again.")

    def preview(form: ReasonForm) -> Preview:
        effects = [
            _("Messages to %(email)s are sent again from now on.") % {"email": one.email},
            _("What was not sent meanwhile stays so; each can be sent again on its own page."),
        ]
        return Preview(effects=effects, button=_("Lift the block"))

    change = Change(
        title=_("Lift the block of the address"),
        intro=f"{one.name}: {one.email}",
        form=ReasonForm(request.POST or None),
        preview=preview,
        save=save,
        then=back,
        back=back,
        series=one.series,
        here="registrations",
    )
    return carry_out(request, change)
