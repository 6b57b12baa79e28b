"""Everything that changes a programme: one function for each thing an organiser can do."""

from events.actions.events import EventFields, cancel_event, edit_event, keep_clock, move_event
from events.actions.release import release_programme
from events.actions.series import SeriesFields, create_series, edit_series, publish_series
from events.actions.sessions import (
    SessionFields,
    SpeakerPart,
    add_session,
    edit_session,
    remove_session,
    reorder_session,
)
from events.actions.speakers import edit_speaker

__all__ = [
    "EventFields",
    "SeriesFields",
    "SessionFields",
    "SpeakerPart",
    "add_session",
    "cancel_event",
    "create_series",
    "edit_event",
    "edit_series",
    "edit_session",
    "edit_speaker",
    "keep_clock",
    "move_event",
    "publish_series",
    "release_programme",
    "remove_session",
    "reorder_session",
]
