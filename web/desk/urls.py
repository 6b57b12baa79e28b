"""The addresses of the desk, below /desk/; no language in them: the desk speaks the person's own."""

from django.urls import path

from web.desk import language
from web.desk.views import events, home, keys, messages, people, programme, reviews, series, surveys

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", language.switch, name="language"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:pk>/drop/", keys.drop, name="key-drop"),
    path("reviews/", reviews.queue, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("series/new/", series.new, name="series-new"),
    path("series/<int:pk>/", series.series, name="series"),
    path("series/<int:pk>/edit/", series.edit, name="series-edit"),
    path("series/<int:pk>/publish/", series.publish, name="series-publish"),
    path("series/<int:pk>/history/", series.history, name="history"),
    path("series/<int:pk>/registrations/", people.registrations, name="registrations"),
    path("series/<int:pk>/messages/", messages.messages, name="messages"),
    path("messages/<int:pk>/", messages.message, name="message"),
    path("people/<int:pk>/", people.attendee, name="attendee"),
    path("registrations/<int:pk>/cancel/", people.cancel, name="registration-cancel"),
    path("registrations/<int:pk>/attendance/", people.mark, name="registration-mark"),
    path("events/<int:pk>/", events.event, name="event"),
    path("events/<int:pk>/edit/", events.edit, name="event-edit"),
    path("events/<int:pk>/move/", events.move, name="event-move"),
    path("events/<int:pk>/cancel/", events.cancel, name="event-cancel"),
    path("events/<int:pk>/places/", events.capacity, name="event-capacity"),
    path("events/<int:pk>/waiting/", events.waiting, name="event-waiting"),
    path("events/<int:pk>/attendance/", people.attendance, name="attendance"),
    path("events/<int:pk>/programme/", programme.editor, name="programme"),
    path("events/<int:pk>/programme/add/", programme.add, name="session-add"),
    path("events/<int:pk>/programme/release/", programme.release, name="release"),
    path("sessions/<int:pk>/", programme.edit, name="session-edit"),
    path("sessions/<int:pk>/order/", programme.reorder, name="session-order"),
    path("sessions/<int:pk>/remove/", programme.remove, name="session-remove"),
    path("events/<int:pk>/survey/", surveys.survey, name="survey"),
    path("events/<int:pk>/survey/send/", surveys.send, name="survey-send"),
]
