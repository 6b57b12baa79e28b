"""Addresses of the public calendars, relative to the root of the site."""

from django.urls import path

from events.api import calendar_views

urlpatterns = [
    path("series/<slug:slug>.ics", calendar_views.series, name="series-calendar"),
    path("events/<slug:slug>.ics", calendar_views.event, name="event-calendar"),
]
