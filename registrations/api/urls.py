"""Addresses of the registrations' API, relative to /api/v1/."""

from django.urls import path

from registrations.api.views import (
    door,
    exports,
    forms,
    line,
    modes,
    numbers,
    offers,
    organiser,
    own,
    public,
)

urlpatterns = [
    path("series/<slug:slug>/registrations/", public.Registrations.as_view()),
    path("series/<slug:slug>/availability/", public.SeriesAvailability.as_view()),
    path("series/<slug:slug>/form/", forms.PublicForm.as_view()),
    path("registration/offers/<slug:event>/accept/", offers.AcceptOffer.as_view()),
    path("registration/offers/<slug:event>/decline/", offers.DeclineOffer.as_view()),
    path("registration/places/<slug:event>/restore/", offers.RestorePlace.as_view()),
    path("registration/", own.OwnRegistration.as_view()),
    path("organiser/registrations/", organiser.RegistrationList.as_view()),
    path("organiser/registrations/<int:pk>/cancel/", organiser.CancelRegistration.as_view()),
    path("organiser/registrations/<int:pk>/attendance/", organiser.MarkAttendance.as_view()),
    path("organiser/exports/", exports.Exports.as_view()),
    path("organiser/exports/<int:pk>/", exports.OneExport.as_view()),
    path("organiser/exports/<int:pk>/file", exports.ExportFile.as_view()),
    path("organiser/series/<int:pk>/numbers/", numbers.SeriesNumbers.as_view()),
    path("organiser/waiting/", organiser.WaitingList.as_view()),
    path("organiser/messages/", organiser.MessageList.as_view()),
    path("organiser/series/from-template/", organiser.NewSeries.as_view()),
    path("organiser/events/<int:pk>/check-in/", door.Door.as_view()),
    path("organiser/events/<int:pk>/mode/", modes.EventMode.as_view()),
    path("organiser/events/<int:pk>/decisions/", modes.EventDecisions.as_view()),
    path("organiser/events/<int:pk>/waiting/", line.EventLine.as_view()),
    path("organiser/registrations/<int:pk>/position/", line.PositionInLine.as_view()),
    path("organiser/registrations/<int:pk>/offer/", line.OfferUntil.as_view()),
    path("organiser/events/<int:pk>/capacity/", organiser.EventCapacity.as_view()),
]
