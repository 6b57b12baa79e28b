"""What is kept of those who come."""

from registrations.models.automatic import MessageRule, RuleDelivery
from registrations.models.campaigns import Campaign, CampaignRecipient
from registrations.models.form import ConsentText, Option, Question, RegistrationForm
from registrations.models.people import (
    Answer,
    Attendee,
    Consent,
    EmailChange,
    MergedAttendee,
    ProtectedAnswer,
)
from registrations.models.places import GroupMember, InvitationCode, MemberGroup, Quota
from registrations.models.registration import CalendarEntry, Registration, Submission
from registrations.models.replies import CalendarReply
from registrations.models.work import (
    AttendeeImport,
    ExportChunk,
    RegistrationExport,
    SpentTicket,
    WorkState,
)

__all__ = [
    "Answer",
    "Attendee",
    "AttendeeImport",
    "CalendarEntry",
    "CalendarReply",
    "Campaign",
    "CampaignRecipient",
    "Consent",
    "ConsentText",
    "EmailChange",
    "ExportChunk",
    "GroupMember",
    "InvitationCode",
    "MemberGroup",
    "MergedAttendee",
    "MessageRule",
    "Option",
    "ProtectedAnswer",
    "Question",
    "Quota",
    "Registration",
    "RegistrationExport",
    "RegistrationForm",
    "RuleDelivery",
    "SpentTicket",
    "Submission",
    "WorkState",
]
