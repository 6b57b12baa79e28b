"""What a kind of mail says in an organiser's own words."""

from typing import Any, ClassVar

from backend.core.i18n import LANGUAGES, _
from notifications.models import Wording
from notifications.wordings.actions import BODY_LIMIT, SUBJECT_LIMIT
from web.desk.forms.base import Asked, DeskForm


class WordingForm(DeskForm):
    """A subject line and a text; what is still wrong with them is told when they are to be used."""

    texts: ClassVar = {
        "subject": Asked(_("Subject line"), longest=SUBJECT_LIMIT),
        "body": Asked(_("Text"), longest=BODY_LIMIT, area=True),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            self.fields[f"body_{language}"].widget.attrs["rows"] = 12


def starting_from(wording: Wording | None) -> dict[str, str]:
    """Fill the form with words that were kept."""
    if wording is None:
        return {}
    return {name: getattr(wording, name) for name in WordingForm().fields}
