"""The addresses of the catalogue, below /api/v1/."""

from django.urls import path

from catalogue.api.views import own, public, review

urlpatterns = [
    path("practices/", public.Practices.as_view()),
    path("practices.csv", public.PracticeSheet.as_view()),
    path("practices/<slug:slug>/", public.PracticeDetail.as_view()),
    path("criteria/", public.Criteria.as_view()),
    path("alliances/", public.Alliances.as_view()),
    path("stories/", public.Stories.as_view()),
    path("practice-draft/", own.PracticeDraft.as_view()),
    path("practice-draft/submit/", own.PracticeDraftSubmit.as_view()),
    path("organiser/submissions/", review.Submissions.as_view()),
    path("organiser/submissions/<int:pk>/", review.Submission.as_view()),
    path("organiser/submissions/<int:pk>/decision/", review.Decision.as_view()),
]
