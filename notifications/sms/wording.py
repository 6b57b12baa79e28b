"""Makes the text of a message to a phone out of its wording and the facts of the day."""

from collections.abc import Mapping
from typing import Any

from django.template import Context, Engine

from notifications import kinds
from notifications.sms import gsm


def text_of(kind: str, *, language: str, context: Mapping[str, Any]) -> str:
    """Say it in at most two segments, with as much of the title as fits; the words are always Vipu's."""
    template = Engine.get_default().get_template(f"{kinds.get(kind).template}.sms.{language}.txt")

    def say(title: str) -> str:
        return str(template.render(Context({**context, "title": title}, autoescape=False)))

    return gsm.fitted(say, str(context["title"]))
