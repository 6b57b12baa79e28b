"""The full addresses of a message's personal links; they exist in the mail only."""

from django.conf import settings

from backend.core.links import token_for
from notifications.drafts import Draft, Link
from notifications.models import Message


def links_of(message: Message | Draft) -> dict[str, str]:
    """Derive the full address of every personal link of a message."""
    links = (
        {name: Link(**parts) for name, parts in message.links.items()}
        if isinstance(message, Message)
        else message.links
    )
    return {
        name: settings.PUBLIC_URL + link.path.replace("{token}", token_for(link.purpose, link.seed))
        for name, link in links.items()
    }
