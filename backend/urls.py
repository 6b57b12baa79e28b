"""The only module that knows every app: which address leads where."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from drf_spectacular.views import SpectacularRedocView

from backend import health
from backend.openapi import Reference

_API = ("events", "registrations", "catalogue", "surveys")

# The reference is made by a program of others, which writes styles as it goes; nothing else may.
_REFERENCE_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": ["blob:"],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# One way in: the admin's own form knows neither the second factor nor the limit on tries.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/v1/schema/", Reference.as_view(), name="schema"),
    path(
        "api/docs/",
        csp_override(_REFERENCE_POLICY)(
            SpectacularRedocView.as_view(url_name="schema", template_name="backend/reference.html")
        ),
        name="reference",
    ),
    *(path("api/v1/", include(f"{app}.api.urls")) for app in _API),
    path("", include("events.api.calendar_urls")),
    path("", include("registrations.api.calendar_urls")),
    path("", include("notifications.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("desk/", include("web.desk.urls")),
    path("", include("web.public.personal_urls")),
    *i18n_patterns(path("", include("web.public.urls"))),
]

handler400 = "web.public.views.refusals.bad_request"
handler403 = "web.public.views.refusals.forbidden"
handler404 = "web.public.views.refusals.not_found"
handler500 = "web.public.views.refusals.broken"
