"""Addresses of the registrations' API, relative to /api/v1/."""

from django.urls import path

from registrations.api.views import organiser, own, public

urlpatterns = [
    path("series/<slug:slug>/registrations/", public.Registrations.as_view()),
    path("series/<slug:slug>/availability/", public.SeriesAvailability.as_view()),
    path("registration/", own.OwnRegistration.as_view()),
    path("organiser/registrations/", organiser.RegistrationList.as_view()),
    path("organiser/registrations/<int:pk>/cancel/", organiser.CancelRegistration.as_view()),
    path("organiser/registrations/<int:pk>/attendance/", organiser.MarkAttendance.as_view()),
    path("organiser/waiting/", organiser.WaitingList.as_view()),
    path("organiser/messages/", organiser.MessageList.as_view()),
    path("organiser/series/from-template/", organiser.NewSeries.as_view()),
    path("organiser/events/<int:pk>/capacity/", organiser.EventCapacity.as_view()),
]
