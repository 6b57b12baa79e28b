"""The address of one's own calendar, relative to the root."""

from django.urls import path

from registrations.api import calendar_views

urlpatterns = [path("feed/<str:token>.ics", calendar_views.own, name="own-calendar")]
