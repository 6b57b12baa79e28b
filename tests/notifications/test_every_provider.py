"""Every provider takes an invitation in the form that is declared for it; none of it fails (T38)."""

from datetime import datetime

import pytest
from anymail.backends.base_requests import AnymailRequestsBackend
from django.core.mail import mailers
from pytest_django.fixtures import Settings

from backend import mail_url
from notifications import checks, mime, outbox, rendering
from notifications.capabilities import Layout, transport
from tests.notifications import letters

pytestmark = pytest.mark.django_db
NEEDS = {
    "mailjet": "mailjet://one:two",
    "postal": "postal://key?api_url=https://postal.example.org",
    "scaleway": "scaleway://key?project_id=p",
    "unisender_go": "unisender_go://key?api_url=https://go.example.org/",
}


@pytest.mark.parametrize("provider", sorted(mail_url.PROVIDERS))
def test_an_invitation_is_taken_and_the_check_names_its_form(
    provider: str, noon: datetime, settings: Settings
) -> None:
    mail = mail_url.read(NEEDS.get(provider, f"{provider}://key"), sender="vipu@example.org")
    settings.MAILERS = {"default": {"BACKEND": mail.backend, "OPTIONS": dict(mail.options)}}
    way = transport()
    message = outbox.queue(letters.invitation(), at=noon)
    letter = mime.build(message, rendering.render(message), transport=way)

    back_end = mailers.default
    assert isinstance(back_end, AnymailRequestsBackend)
    payload = back_end.build_message_payload(letter, back_end.send_defaults)  # raises UnsupportedFeature

    assert way.layout is Layout.FILE
    assert "kutsu.ics" in repr(vars(payload))
    assert (mime.delivery_id(message) in repr(vars(payload))) or not way.metadata
    [told] = checks.transport_is_named(None)
    assert "attached file only (layout B" in told.msg
