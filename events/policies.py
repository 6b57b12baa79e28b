"""Who may see and change a programme: the people of the organisation that arranges it."""

from accounts.policies import LOOKS, ORGANISES, Roles

SEES: Roles = LOOKS  # drafts, joining links, what has not been released
CHANGES: Roles = ORGANISES
