"""The addresses of surveys, below /api/v1/."""

from django.urls import path

from surveys.api import timeline, views

urlpatterns = [
    path("survey/", views.OwnSurvey.as_view()),
    path("organiser/registrations/<int:pk>/timeline/", timeline.PersonsTimeline.as_view()),
    path("organiser/surveys/", views.Surveys.as_view()),
    path("organiser/surveys/<slug:event>/", views.SurveyResults.as_view()),
]
