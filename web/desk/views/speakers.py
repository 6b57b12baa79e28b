"""The speakers of one event: where they are invited, whether they were, and what their calendars answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from events.actions.speaking import Wanted, invite_speakers, set_contact, wanted_of
from events.models import Event, Speaker, SpeakerEntry
from events.queries import presented_elsewhere
from web.desk.access import desk_page, person, the_event
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.base import DeskForm
from web.desk.forms.speakers import ContactForm
from web.desk.page import show


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the released programme and the entry in its speaker's calendar."""

    wanted: Wanted
    entry: SpeakerEntry | None


def _parts(event: Event) -> list[Part]:
    rows = SpeakerEntry.objects.filter(event=event, last_method="REQUEST")
    entries = {(row.session_id, row.speaker_id): row for row in rows}
    return [Part(one, entries.get((one.session_id, one.speaker.pk))) for one in wanted_of(event)]


def _uninvited(parts: Iterable[Part]) -> int:
    return sum(part.entry is None and bool(part.wanted.email) for part in parts)


@require_safe
@desk_page
def speakers(request: HttpRequest, pk: int) -> HttpResponse:
    """List the parts that people see in the programme, with how each speaker stands."""
    one = the_event(request, pk)
    parts = _parts(one)
    open_to_invite = one.state == Event.State.PUBLISHED and timezone.now() < one.ends_at
    return show(
        request,
        "desk/speakers.html",
        event=one,
        here="speakers",
        parts=parts,
        uninvited=_uninvited(parts) if open_to_invite else 0,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def contact(request: HttpRequest, pk: int, speaker: int) -> HttpResponse:
    """Write down where a speaker of this event is invited."""
    one = the_event(request, pk, to_change=True)
    found = Speaker.objects.filter(pk=speaker, parts__session__event=one).first()
    if found is None:
        raise Http404
    address = reverse("desk:speakers", args=[one.pk])
    shared = presented_elsewhere(one, [found.slug])
    initial = {} if shared else {"email": found.email, "language": found.language}

    def save(form: ContactForm) -> str:
        typed = form.cleaned_data
        set_contact(
            speaker=found,
            email=typed["email"],
            language=typed["language"],
            event=one,
            at=timezone.now(),
            actor=person(request),
        )
        return _("The address of the speaker is saved.")

    change = Change(
        title=_("Address of a speaker"),
        intro=found.name,
        form=ContactForm(request.POST or None, initial=initial),
        save=save,
        then=address,
        back=address,
        event=one,
        here="speakers",
    )
    return carry_out(request, change)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the speakers of the released programme to their own parts."""
    one = the_event(request, pk, to_change=True)
    address = reverse("desk:speakers", args=[one.pk])
    count = _uninvited(_parts(one))
    told = ngettext(
        "%(count)d invitation to a speaker's own part leaves.",
        "%(count)d invitations to the speakers' own parts leave.",
        count,
    )

    def save(form: DeskForm) -> str:
        sent = invite_speakers(event=one, at=timezone.now(), actor=person(request))
        sentence = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", sent
        )
        return sentence % {"count": sent}

    change = Change(
        title=_("Invite the speakers"),
        form=DeskForm(request.POST or None),
        preview=lambda _form: Preview(
            effects=[
                told % {"count": count},
                _("Each speaker gets an entry of their own part, which follows every release by itself."),
            ],
            button=_("Invite the speakers"),
        ),
        save=save,
        then=address,
        back=address,
        event=one,
        here="speakers",
    )
    return carry_out(request, change)
