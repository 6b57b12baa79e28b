"""What the notifications keep: the ledger, wordings, mail that came in, blocked addresses, who is alive."""

from notifications.models.addresses import Suppression
from notifications.models.inbound import InboundMail
from notifications.models.ledger import Attempt, Message, MessageEvent
from notifications.models.pulse import Heartbeat
from notifications.models.wording import Wording

__all__ = ["Attempt", "Heartbeat", "InboundMail", "Message", "MessageEvent", "Suppression", "Wording"]
