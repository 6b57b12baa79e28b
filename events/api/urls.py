"""Addresses of the programme's API, relative to /api/v1/."""

from django.urls import path

from events.api.views import organiser, public, sessions, wordings

urlpatterns = [
    path("series/", public.SeriesList.as_view()),
    path("series/<slug:slug>/", public.SeriesDetail.as_view()),
    path("series/<slug:slug>/programme/", public.SeriesProgramme.as_view()),
    path("events/", public.EventList.as_view()),
    path("events/<slug:slug>/", public.EventDetail.as_view()),
    path("speakers/", public.SpeakerList.as_view()),
    path("municipalities/", public.MunicipalityList.as_view()),
    path("organiser/series/", organiser.OwnSeriesList.as_view()),
    path("organiser/series/<int:pk>/", organiser.OwnSeries.as_view()),
    path("organiser/series/<int:pk>/publish/", organiser.PublishSeries.as_view()),
    path("organiser/series/<int:pk>/wordings/", wordings.Wordings.as_view()),
    path("organiser/series/<int:pk>/wordings/<slug:kind>/", wordings.OneWording.as_view()),
    path("organiser/series/<int:pk>/wordings/<slug:kind>/preview/", wordings.WordingPreview.as_view()),
    path("organiser/series/<int:pk>/wordings/<slug:kind>/test/", wordings.TestWording.as_view()),
    path("organiser/series/<int:pk>/wordings/<slug:kind>/publish/", wordings.PublishWording.as_view()),
    path("organiser/series/<int:pk>/wordings/<slug:kind>/withdraw/", wordings.WithdrawWording.as_view()),
    path("organiser/events/", organiser.OwnEventList.as_view()),
    path("organiser/events/<int:pk>/", organiser.OwnEvent.as_view()),
    path("organiser/events/<int:pk>/move/", organiser.MoveEvent.as_view()),
    path("organiser/events/<int:pk>/cancel/", organiser.CancelEvent.as_view()),
    path("organiser/events/<int:pk>/programme/", organiser.EventProgramme.as_view()),
    path("organiser/events/<int:pk>/release/", organiser.ReleaseProgramme.as_view()),
    path("organiser/sessions/", sessions.OwnSessionList.as_view()),
    path("organiser/sessions/<int:pk>/", sessions.OwnSession.as_view()),
    path("organiser/sessions/<int:pk>/reorder/", sessions.ReorderSession.as_view()),
    path("organiser/speakers/", organiser.OwnSpeakerList.as_view()),
    path("organiser/speakers/<int:pk>/", organiser.OwnSpeaker.as_view()),
    path("organiser/speakers/<int:pk>/contact/", organiser.SpeakerContact.as_view()),
]
