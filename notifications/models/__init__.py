"""What is kept: the ledger, wordings, what came in, addresses, other systems that are told, who is alive."""

from notifications.models.addresses import OptOut, Suppression
from notifications.models.endpoints import Endpoint, EndpointDelivery
from notifications.models.inbound import InboundMail
from notifications.models.ledger import Attempt, Message, MessageEvent
from notifications.models.news import ProviderEvent
from notifications.models.pulse import Heartbeat
from notifications.models.transports import Circuit
from notifications.models.wording import Wording

__all__ = [
    "Attempt",
    "Circuit",
    "Endpoint",
    "EndpointDelivery",
    "Heartbeat",
    "InboundMail",
    "Message",
    "MessageEvent",
    "OptOut",
    "ProviderEvent",
    "Suppression",
    "Wording",
]
