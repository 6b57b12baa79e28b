"""Every provider says the same few things in its own way."""

import pytest

from notifications.verdicts import Verdict, verdict

RAW: list[tuple[str, object, str]] = [
    ("amazon ses", {"bounce": {"bounceType": "Permanent"}}, "bounced_hard"),
    ("amazon ses", {"bounce": {"bounceType": "Transient"}}, "bounced_soft"),
    ("amazon ses", {"bounce": {"bounceType": "Undetermined"}}, "bounced_soft"),
    ("brevo", {"event": "hard_bounce"}, "bounced_hard"),
    ("brevo", {"event": "soft_bounce"}, "bounced_soft"),
    ("mailersend", {"data": {"type": "hard_bounced"}}, "bounced_hard"),
    ("mailersend", {"data": {"type": "soft_bounced"}}, "bounced_soft"),
    ("mailjet", {"hard_bounce": True}, "bounced_hard"),
    ("mailjet", {"hard_bounce": False}, "bounced_soft"),
    ("mandrill", {"event": "hard_bounce"}, "bounced_hard"),
    ("mandrill", {"event": "soft_bounce"}, "bounced_soft"),
    ("postmark", {"Type": "HardBounce"}, "bounced_hard"),
    ("postmark", {"Type": "SoftBounce"}, "bounced_soft"),
    ("resend", {"data": {"bounce": {"type": "Permanent"}}}, "bounced_hard"),
    ("resend", {"data": {"bounce": {"type": "Transient"}}}, "bounced_soft"),
    ("sparkpost", {"msys": {"message_event": {"bounce_class": "10"}}}, "bounced_hard"),
    ("sparkpost", {"msys": {"message_event": {"bounce_class": "22"}}}, "bounced_soft"),
    ("mailgun", {"event-data": {}}, "bounced_hard"),
    ("resend", {"data": {}}, "bounced_hard"),  # an older shape: by anymail's reason
    ("sparkpost", {"msys": {}}, "bounced_hard"),
    ("postmark", "no object at all", "bounced_hard"),
]


@pytest.mark.parametrize(("provider", "raw", "news"), RAW)
def test_soft_and_hard_bounces_are_told_apart_by_each_providers_own_words(
    provider: str, raw: object, news: str
) -> None:
    assert verdict(provider=provider, event="bounced", reason="bounced", raw=raw) == Verdict(news)


@pytest.mark.parametrize(
    ("event", "reason", "judged"),
    [
        ("delivered", "", Verdict("delivered")),
        ("deferred", "", Verdict("deferred")),
        ("complained", "spam", Verdict("complained")),
        ("unsubscribed", "", Verdict(opts_out=True)),
        ("bounced", "blocked", Verdict("bounced_soft")),
        ("bounced", "invalid", Verdict("bounced_hard")),
        ("rejected", "bounced", Verdict("bounced_hard")),
        ("rejected", "spam", Verdict("complained")),
        ("rejected", "unsubscribed", Verdict("bounced_soft")),
        ("failed", "", Verdict("bounced_soft")),
        ("opened", "", None),
        ("clicked", "", None),
        ("sent", "", None),
        ("", "", None),
    ],
)
def test_one_event_means_one_thing(event: str, reason: str, judged: Verdict | None) -> None:
    assert verdict(provider="mailgun", event=event, reason=reason, raw={}) == judged


def test_a_permanent_failure_of_postal_is_the_address_own() -> None:
    assert verdict(provider="postal", event="failed", reason="", raw={}) == Verdict("bounced_hard")
