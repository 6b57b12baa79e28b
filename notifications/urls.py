"""The addresses that mail providers call; each wants the secret that only they and the settings know."""

from django.urls import path

from notifications import webhooks

app_name = "notifications"

urlpatterns = [
    path("anymail/<slug:provider>/inbound/", webhooks.receive, name="inbound"),
    path("anymail/<slug:provider>/tracking/", webhooks.hear, name="news"),
]
