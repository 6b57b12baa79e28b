"""Invitations to an event and groups of members, for the organiser's programs.

Organisers only, for reading too: an unused code lets in whoever holds it, and a group names people.
"""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.policies import ORGANISES, organisations_where
from backend.core.api import Pages
from backend.core.errors import NotFound
from backend.core.i18n import LANGUAGES, _
from backend.core.shapes import problems
from events.addresses import absolute
from events.models import Event
from events.queries import event_for
from registrations import actions, rules
from registrations.api.permissions import Organises, token_of
from registrations.api.views.organiser import actor_of, checked, own_organisation
from registrations.messages.doors import invitation_path
from registrations.models import InvitationCode, MemberGroup
from registrations.rules.modes import LINES_LIMIT

_TAGS = ["organiser"]
_READS = problems(401, 403, 404)
_WRITES = problems(400, 401, 403, 404, 422)
_LINE = 500  # letters of a name, an address or a domain as they are sent


class InvitationSerializer(serializers.ModelSerializer[InvitationCode]):
    """One invitation; its code and link only while it still opens something."""

    code = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField(help_text="The form with the code filled in.")
    registration = serializers.IntegerField(
        source="used_by_id", allow_null=True, read_only=True, help_text="The place it was used for."
    )

    class Meta:
        model = InvitationCode
        fields = (
            "id",
            "name",
            "email",
            "code",
            "link",
            "created_at",
            "revoked_at",
            "used_at",
            "registration",
        )
        read_only_fields = fields

    def get_code(self, code: InvitationCode) -> str | None:
        """Give the code itself."""
        return None if code.used_at or code.revoked_at else code.token

    def get_link(self, code: InvitationCode) -> str | None:
        """Give the whole address, as it stands in the mail."""
        token = self.get_code(code)
        return token and absolute(invitation_path(code.event, language="fi", code=token))


class CodesIn(serializers.Serializer[Any]):
    """How many codes are made, each for one person, whoever holds it."""

    number = serializers.IntegerField()


class InvitedIn(serializers.Serializer[Any]):
    """Somebody on the list of those invited."""

    name = serializers.CharField(max_length=_LINE, default="", allow_blank=True)
    email = serializers.CharField(max_length=_LINE)


class InviteIn(serializers.Serializer[Any]):
    """People who are invited by name, each by a mail in this language."""

    people = InvitedIn(many=True)
    language = serializers.ChoiceField(choices=LANGUAGES, default="fi")


class GroupSerializer(serializers.ModelSerializer[MemberGroup]):
    """A group, and how many addresses and domains it lists."""

    organisation = serializers.CharField(source="organisation.slug")
    size = serializers.IntegerField()

    class Meta:
        model = MemberGroup
        fields = ("id", "organisation", "name", "size")


class WholeGroupSerializer(serializers.Serializer[Any]):
    """A group with everybody in it: addresses, and domains that stand for everybody there."""

    id = serializers.IntegerField()
    organisation = serializers.CharField(source="organisation.slug")
    name = serializers.CharField()
    members = serializers.SerializerMethodField()

    def get_members(self, group: MemberGroup) -> list[str]:
        """List them in the order of the alphabet."""
        return list(group.members.values_list("who", flat=True))


class GroupIn(serializers.Serializer[Any]):
    """A group as it is to be: all its members, each an address or a whole domain."""

    name = serializers.CharField(max_length=_LINE, allow_blank=True)
    members = serializers.ListField(
        child=serializers.CharField(max_length=_LINE, allow_blank=True), max_length=LINES_LIMIT + 1
    )


class NewGroupIn(GroupIn):
    """A group of one of one's organisations."""

    organisation = serializers.CharField(
        max_length=100,
        required=False,
        default="",
        help_text="Slug; needed only by those who organise for several.",
    )


class NewestCodesFirst(Pages):
    """Pages of invitations."""

    ordering = "-pk"


class ByAge(Pages):
    """Pages of groups."""

    ordering = "pk"


def _own(request: Request) -> dict[str, Any]:
    return {"roles": ORGANISES, "token": token_of(request)}


@extend_schema_view(
    get=extend_schema(
        operation_id="own_invitations",
        tags=_TAGS,
        responses={200: InvitationSerializer(many=True), **_READS},
    )
)
class EventInvitations(generics.ListAPIView[InvitationCode]):
    """List the invitations of an event, the newest first: who used which, and which still open it."""

    permission_classes = [Organises]
    serializer_class = InvitationSerializer
    pagination_class: type[BasePagination] = NewestCodesFirst
    queryset = InvitationCode.objects.none()

    def get_queryset(self) -> QuerySet[InvitationCode]:
        """Read those of the event."""
        event = event_for(self.request.user, self.kwargs["pk"], **_own(self.request))
        return InvitationCode.objects.filter(event=event).select_related("event__series")


class _OfEvent(APIView):
    permission_classes = [Organises]

    def event(self, pk: int) -> Event:
        """Find the event among those of the person."""
        return event_for(self.request.user, pk, **_own(self.request))


class EventCodes(_OfEvent):
    """Codes for whoever holds them."""

    @extend_schema(
        operation_id="own_invitations_codes",
        tags=_TAGS,
        request=CodesIn,
        responses={201: InvitationSerializer(many=True), **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make codes, each for one person, to be handed out."""
        event, given = self.event(pk), checked(CodesIn, request.data)
        made = actions.make_codes(event=event, **given, at=timezone.now(), actor=actor_of(request))
        return Response(InvitationSerializer(made, many=True).data, status=201)


class EventPeople(_OfEvent):
    """Invitations by name."""

    @extend_schema(
        operation_id="own_invitations_people",
        tags=_TAGS,
        request=InviteIn,
        responses={201: InvitationSerializer(many=True), **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Invite these people by mail, all or nobody; who has an invitation already gets no second one."""
        event, given = self.event(pk), checked(InviteIn, request.data)
        people = rules.invited_of([rules.Invited(**one) for one in given["people"]])
        made = actions.invite(
            event=event,
            people=people,
            language=given["language"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        return Response(InvitationSerializer(made, many=True).data, status=201)


class RevokeInvitation(APIView):
    """Taking an invitation back."""

    permission_classes = [Organises]

    @extend_schema(
        operation_id="own_invitations_revoke",
        tags=_TAGS,
        request=None,
        responses={200: InvitationSerializer, **_WRITES},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Let the code open nothing any more; a place that was got by it stays."""
        own = organisations_where(request.user, **_own(request))
        rows = InvitationCode.objects.filter(event__series__organisation__in=own)
        found = rows.select_related("event__series").filter(pk=pk).first()
        if found is None:
            raise NotFound(_("Nothing was found at this address."))
        code = actions.revoke(code=found, at=timezone.now(), actor=actor_of(request))
        return Response(InvitationSerializer(code).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="own_groups", tags=_TAGS, responses={200: GroupSerializer(many=True), **_READS}
    )
)
class Groups(generics.ListAPIView[MemberGroup]):
    """List the groups of one's organisations."""

    permission_classes = [Organises]
    serializer_class = GroupSerializer
    pagination_class: type[BasePagination] = ByAge
    queryset = MemberGroup.objects.none()

    def get_queryset(self) -> QuerySet[MemberGroup]:
        """Read those of the person's organisations."""
        return _groups(self.request).annotate(size=Count("members"))

    @extend_schema(
        operation_id="own_groups_make",
        tags=_TAGS,
        request=NewGroupIn,
        responses={201: WholeGroupSerializer, **problems(400, 401, 403, 422)},
    )
    def post(self, request: Request) -> Response:
        """Make a group of people who may come to events for members."""
        given = checked(NewGroupIn, request.data)
        sentence = _("Name the organisation whose group it is.")
        made = actions.save_group(
            organisation=own_organisation(request, given["organisation"], sentence=sentence),
            name=given["name"],
            members=rules.members_of(given["members"]),
            at=timezone.now(),
            actor=actor_of(request),
        )
        return Response(WholeGroupSerializer(made).data, status=201)


class OneGroup(APIView):
    """One group."""

    permission_classes = [Organises]

    @extend_schema(
        operation_id="own_groups_read", tags=_TAGS, responses={200: WholeGroupSerializer, **_READS}
    )
    def get(self, request: Request, pk: int) -> Response:
        """Tell who belongs to it."""
        return Response(WholeGroupSerializer(_group(request, pk)).data)

    @extend_schema(
        operation_id="own_groups_save",
        tags=_TAGS,
        request=GroupIn,
        responses={200: WholeGroupSerializer, **_WRITES},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Give the group its name and members anew; places that members have stay."""
        group, given = _group(request, pk), checked(GroupIn, request.data)
        saved = actions.save_group(
            organisation=group.organisation,
            group=group,
            name=given["name"],
            members=rules.members_of(given["members"]),
            at=timezone.now(),
            actor=actor_of(request),
        )
        return Response(WholeGroupSerializer(saved).data)


def _groups(request: Request) -> QuerySet[MemberGroup]:
    own = organisations_where(request.user, **_own(request))
    return MemberGroup.objects.filter(organisation__in=own).select_related("organisation")


def _group(request: Request, pk: int) -> MemberGroup:
    """Find a group among those of the person; somebody else's does not exist for them."""
    found = _groups(request).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    return found
