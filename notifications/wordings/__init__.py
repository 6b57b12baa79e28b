"""Organisers' own words for the mails: written, checked, published whole, and filled with the facts."""

from notifications.wordings.actions import WordingTooLong, discard, publish, save_draft, withdraw
from notifications.wordings.checking import WordingIncomplete, must_lead_to, problems_of
from notifications.wordings.filling import Unfillable
from notifications.wordings.queries import Standing, Words, draft_of, in_force, kept_last, standings

__all__ = [
    "Standing",
    "Unfillable",
    "WordingIncomplete",
    "WordingTooLong",
    "Words",
    "discard",
    "draft_of",
    "in_force",
    "kept_last",
    "must_lead_to",
    "problems_of",
    "publish",
    "save_draft",
    "standings",
    "withdraw",
]
