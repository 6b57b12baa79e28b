"""Addresses of the public pages, in the words of each language. Included within ``i18n_patterns``."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from web.public.views import attendee, events, front, practices, registering, static_pages

app_name = "public"

urlpatterns = [
    path("", front.front, name="front"),
    path(pgettext_lazy("address", "events/"), events.events, name="events"),
    path(pgettext_lazy("address", "events/<slug:series>/"), events.series, name="series"),
    path(pgettext_lazy("address", "events/<slug:series>/register/"), registering.form, name="register"),
    path(pgettext_lazy("address", "events/<slug:series>/<slug:event>/"), events.event, name="event"),
    path(pgettext_lazy("address", "registration/<slug:receipt>/"), registering.receipt, name="receipt"),
    path(
        pgettext_lazy("address", "registration/<slug:receipt>/mail/"), registering.mail, name="receipt_mail"
    ),
    path(pgettext_lazy("address", "my-link/"), attendee.my_link, name="my_link"),
    path(pgettext_lazy("address", "practices/"), practices.practices, name="practices"),
    path(pgettext_lazy("address", "practices/<slug:slug>/"), practices.practice, name="practice"),
    path(pgettext_lazy("address", "criteria/"), practices.criteria, name="criteria"),
    path(pgettext_lazy("address", "stories/"), static_pages.stories, name="stories"),
    path(pgettext_lazy("address", "alliances/"), static_pages.alliances, name="alliances"),
    path(pgettext_lazy("address", "about/"), static_pages.about, name="about"),
    path(pgettext_lazy("address", "accessibility/"), static_pages.accessibility, name="accessibility"),
    path(pgettext_lazy("address", "privacy/"), static_pages.privacy, name="privacy"),
]
