"""Pages of who may come: the mode of an event, its invitations, and the groups of an organisation."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from accounts.policies import LOOKS, ORGANISES, may, organisations_where
from backend.core.errors import Refusal
from backend.core.i18n import as_language, current
from events.addresses import absolute
from registrations import actions, rules
from registrations.models import InvitationCode, MemberGroup, Quota
from web.desk.access import all_series, desk_page, person, the_event
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.modes import CodesForm, GroupForm, InviteForm, ModeForm
from web.desk.page import done, page_of, show

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_AND_POST)
@desk_page
def mode(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who may come to an event; concerns those who register from now on."""
    one = the_event(request, pk, to_change=True)
    quota = Quota.objects.filter(event=one).first()
    groups = list(MemberGroup.objects.filter(organisation=one.series.organisation_id))

    def save(form: ModeForm) -> str:
        chosen = form.cleaned_data["mode"]
        actions.set_mode(event=one, mode=chosen, group=form.group, at=timezone.now(), actor=person(request))
        return _("Who may come is saved.")

    begin = {"mode": quota.mode, "group": quota.group_id or ""} if quota else {"mode": Quota.Mode.OPEN}
    change = Change(
        title=_("Who may come"),
        intro=_("This concerns those who register from now on. Places given before stay."),
        form=ModeForm(request.POST or None, groups=groups, initial=begin),
        save=save,
        then=reverse("desk:event-mode", args=[one.pk]),
        back=reverse("desk:event", args=[one.pk]),
        event=one,
        here="event-mode",
        template="desk/mode.html",
        context={"quota": quota},
    )
    return carry_out(request, change)


@require_safe
@never_cache
@desk_page
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """List the invitations of an event, with the links of those not used yet."""
    one = the_event(request, pk, to_change=True)
    codes = InvitationCode.objects.filter(event=one).select_related("used_by__attendee")
    page = page_of(request, codes.order_by("-pk"))
    form = absolute(reverse("public:register", kwargs={"series": one.series.slug}))
    rows = [(code, f"{form}?aamut={one.slug}&koodi={code.token}") for code in page]
    return show(request, "desk/invitations.html", event=one, here="invitations", page=page, rows=rows)


@require_http_methods(GET_AND_POST)
@desk_page
def codes(request: HttpRequest, pk: int) -> HttpResponse:
    """Make codes for whoever holds them."""
    one = the_event(request, pk, to_change=True)

    def save(form: CodesForm) -> str:
        made = actions.make_codes(
            event=one, number=form.cleaned_data["number"], at=timezone.now(), actor=person(request)
        )
        sentence = ngettext("%(count)d code is made.", "%(count)d codes are made.", len(made))
        return sentence % {"count": len(made)}

    address = reverse("desk:invitations", args=[one.pk])
    change = Change(
        title=_("Make codes"),
        intro=_("Each code lets one person in, whoever holds it."),
        form=CodesForm(request.POST or None, initial={"number": 10}),
        save=save,
        then=address,
        back=address,
        event=one,
        here="invitations",
    )
    return carry_out(request, change)


@require_http_methods(GET_AND_POST)
@desk_page
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite people by name; says first how many get a mail, and which lines cannot be read."""
    one = the_event(request, pk, to_change=True)
    form = InviteForm(request.POST or None, initial={"language": current()})
    people: list[rules.Invited] = []
    if form.is_bound and form.is_valid():
        try:
            people = rules.invited_in(form.cleaned_data["people"])
        except Refusal as no:
            form.say(no)

    def save(form: InviteForm) -> str:
        made = actions.invite(
            event=one,
            people=people,
            language=as_language(form.cleaned_data["language"]),
            at=timezone.now(),
            actor=person(request),
        )
        sentence = ngettext("%(count)d person is invited.", "%(count)d people are invited.", len(made))
        return sentence % {"count": len(made)}

    address = reverse("desk:invitations", args=[one.pk])
    change = Change(
        title=_("Invite by name"),
        form=form,
        preview=lambda _form: Preview(effects=_invite_effects(len(people)), button=_("Send the invitations")),
        save=save,
        then=address,
        back=address,
        event=one,
        here="invitations",
    )
    return carry_out(request, change)


def _invite_effects(number: int) -> list[str]:
    sentence = ngettext(
        "%(count)d person gets an invitation by mail, with a link of their own.",
        "%(count)d people get an invitation by mail, each with a link of their own.",
        number,
    )
    return [sentence % {"count": number}, _("Those who have an invitation already get no second one.")]


@require_POST
@desk_page
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    found = InvitationCode.objects.filter(pk=pk, event__series__in=all_series(request)).first()
    if found is None:
        raise Http404
    the_event(request, found.event_id, to_change=True)
    sentence = _("The invitation is taken back.")
    try:
        actions.revoke(code=found, at=timezone.now(), actor=person(request))
    except Refusal as no:
        sentence = str(no)
    return done(request, sentence, to=reverse("desk:invitations", args=[found.event_id]))


def _own(request: HttpRequest) -> list[Organisation]:
    """List the organisations whose groups one may make; nobody else comes in."""
    own = list(organisations_where(person(request), roles=ORGANISES))
    if not own:
        raise PermissionDenied
    return own


@require_safe
@desk_page
def groups(request: HttpRequest) -> HttpResponse:
    """List the groups of one's organisations."""
    rows = MemberGroup.objects.filter(organisation__in=_own(request)).select_related("organisation")
    return show(request, "desk/groups.html", here="groups", page=page_of(request, rows))


@require_http_methods(GET_AND_POST)
@desk_page
def group_new(request: HttpRequest) -> HttpResponse:
    """Make a group."""
    form = GroupForm(request.POST or None, organisations=_own(request))
    return _group(request, form, title=_("New group"), group=None)


@require_http_methods(GET_AND_POST)
@desk_page
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a group and its members."""
    seen = organisations_where(person(request), roles=LOOKS)
    found = MemberGroup.objects.select_related("organisation").filter(pk=pk, organisation__in=seen).first()
    if found is None:
        raise Http404
    if not may(person(request), roles=ORGANISES, organisation_id=found.organisation_id):
        raise PermissionDenied
    members = "\n".join(found.members.values_list("who", flat=True))
    form = GroupForm(
        request.POST or None,
        organisations=[found.organisation],
        initial={"name": found.name, "members": members},
    )
    return _group(request, form, title=_("Group"), group=found)


def _group(request: HttpRequest, form: GroupForm, *, title: str, group: MemberGroup | None) -> HttpResponse:
    def save(form: GroupForm) -> str:
        actions.save_group(
            organisation=form.organisation,
            name=form.cleaned_data["name"],
            members=rules.members_in(form.cleaned_data["members"]),
            group=group,
            at=timezone.now(),
            actor=person(request),
        )
        return _("The group is saved.")

    address = reverse("desk:groups")
    change = Change(
        title=title,
        form=form,
        save=save,
        then=address,
        back=address,
        here="groups",
        template="desk/group.html",
    )
    return carry_out(request, change)
