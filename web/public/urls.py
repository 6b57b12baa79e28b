"""Addresses of the public pages, in the words of each language. Included within ``i18n_patterns``."""

from django.urls import path
from django.utils.translation import pgettext_lazy as _

from web.public.views import attendee, events, front, practices, registering, static_pages

app_name = "public"

urlpatterns = [
    path("", front.front, name="front"),
    path(_("address", "events/"), events.events, name="events"),
    path(_("address", "events/<slug:series>/"), events.series, name="series"),
    path(_("address", "events/<slug:series>/register/"), registering.form, name="register"),
    path(_("address", "events/<slug:series>/<slug:event>/"), events.event, name="event"),
    path(_("address", "registration/<str:receipt>/"), registering.receipt, name="receipt"),
    path(_("address", "registration/<str:receipt>/mail/"), registering.mail, name="receipt_mail"),
    path(_("address", "my-link/"), attendee.my_link, name="my_link"),
    path(_("address", "practices/"), practices.practices, name="practices"),
    path(_("address", "practices/<slug:slug>/"), practices.practice, name="practice"),
    path(_("address", "criteria/"), practices.criteria, name="criteria"),
    path(_("address", "stories/"), static_pages.stories, name="stories"),
    path(_("address", "alliances/"), static_pages.alliances, name="alliances"),
    path(_("address", "about/"), static_pages.about, name="about"),
    path(_("address", "accessibility/"), static_pages.accessibility, name="accessibility"),
    path(_("address", "privacy/"), static_pages.privacy, name="privacy"),
]
