"""Who our mail is from: one place that reads the sender's setting."""

from email.headerregistry import Address
from email.utils import parseaddr
from functools import lru_cache


@lru_cache(maxsize=256)  # the same few mailboxes stand in every mail
def address_of(mailbox: str) -> str:
    """Take the bare address out of ``Name <address>``; anything that is no single mailbox is refused."""
    address = parseaddr(mailbox)[1]
    return Address(addr_spec=address).addr_spec


def domain_of(mailbox: str) -> str:
    """Give the domain our mail comes from."""
    return address_of(mailbox).rpartition("@")[2]
