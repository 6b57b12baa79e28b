"""What people can do without: the topics of messages, as their readers see them."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise

from backend.core.i18n import _

REMINDER, SURVEY, NOTE = "reminder", "survey", "note"

TOPICS: Final[Mapping[str, Promise]] = {
    REMINDER: _("Reminders of events you have a place at"),
    SURVEY: _("Follow-up surveys"),
    NOTE: _("Other messages from the organisers"),
}
