"""The least a view of the framework can do, on our server: the yardstick of ``python -m bench``."""

from __future__ import annotations

import sys

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="only for this yardstick",  # noqa: S106 - guards nothing
    INSTALLED_APPS=["rest_framework"],
    DATABASES={},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],  # tells the length of an answer
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - the settings come first
from django.urls import path  # noqa: E402 - as above
from gunicorn.app.base import BaseApplication  # noqa: E402 - as above
from rest_framework.request import Request  # noqa: E402 - as above
from rest_framework.response import Response  # noqa: E402 - as above
from rest_framework.views import APIView  # noqa: E402 - as above

from backend import server  # noqa: E402 - as above


class Answer(APIView):
    """Reads a body and answers."""

    def post(self, request: Request) -> Response:
        """Answer at once."""
        return Response({"told": len(request.data)}, status=201)


urlpatterns = [path("bare/", Answer.as_view())]


class _Bare(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    def load_config(self) -> None:
        bind = f"127.0.0.1:{sys.argv[1]}"
        for name, value in server.options(
            bind=bind, workers=2, threads=server.THREADS, access_log=False
        ).items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return get_wsgi_application()


if __name__ == "__main__":
    _Bare().run()
