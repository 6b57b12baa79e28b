"""What the notifications keep: the ledger, organisers' wordings, addresses not to be mailed, who is alive."""

from notifications.models.addresses import Suppression
from notifications.models.ledger import Attempt, Message, MessageEvent
from notifications.models.pulse import Heartbeat
from notifications.models.wording import Wording

__all__ = ["Attempt", "Heartbeat", "Message", "MessageEvent", "Suppression", "Wording"]
