"""Plain admin pages for what changes rarely: municipalities, organisations, people and their roles."""

from typing import Any, override

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.models import Membership, Municipality, Organisation, User


@admin.register(Municipality)
class Municipalities(admin.ModelAdmin):  # type: ignore[type-arg]  # the class takes no parameter at run time
    """All municipalities, those that have ended too."""

    list_display = ("code", "name_fi", "name_sv", "region_fi", "languages", "valid_to")
    list_filter = ("region_fi", "size_group")
    search_fields = ("code", "name_fi", "name_sv")
    autocomplete_fields = ("successor",)


class Members(admin.TabularInline):  # type: ignore[type-arg]  # as above
    """Who does what in an organisation."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Organisation)
class Organisations(admin.ModelAdmin):  # type: ignore[type-arg]  # the class takes no parameter at run time
    """The bodies that arrange events."""

    list_display = ("name_fi", "name_sv", "slug")
    search_fields = ("name_fi", "name_sv", "slug")
    autocomplete_fields = ("municipality",)
    inlines = (Members,)


@admin.register(User)
class People(UserAdmin):  # type: ignore[type-arg]  # as above
    """The people who sign in."""

    ordering = ("email",)
    list_display = ("email", "name", "language", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "language")
    search_fields = ("email", "name")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "language")}),
        (None, {"fields": ("is_active", "is_staff", "is_superuser", "last_login", "date_joined")}),
    )
    add_fieldsets: Any = (
        (None, {"fields": ("email", "name", "language", "usable_password", "password1", "password2")}),
    )


@admin.register(Membership)
class Memberships(admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    """Roles one by one; a change of rights is written down."""

    list_display = ("user", "organisation", "role")
    list_filter = ("role", "organisation")
    search_fields = ("user__email", "organisation__name_fi")
    autocomplete_fields = ("user", "organisation")
    list_select_related = ("user", "organisation")

    @override
    def save_model(
        self, request: HttpRequest, obj: Membership, form: "ModelForm[Membership]", change: bool
    ) -> None:
        """Save, and write down who gave the role."""
        super().save_model(request, obj, form, change)
        _written_down("role.given", obj, request=request)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """Take the role away, and write down who did."""
        _written_down("role.taken", obj, request=request)
        super().delete_model(request, obj)


def _written_down(action: str, membership: Membership, *, request: HttpRequest) -> None:
    audit.record(
        action=action,
        subject=f"user:{membership.user_id}",
        at=timezone.now(),
        actor=request.user if isinstance(request.user, User) else None,
        organisation_id=membership.organisation_id,
        details={"role": membership.role},
    )
