"""Mail that comes in: kept first, understood afterwards, answered by nobody here.

A way in (a provider's webhook, a mailbox, a folder) only keeps the bytes; the fingerprint makes the same
mail from two ways, or the same way twice, one row. What it means is for the apps above: they are told, and
answer with one word. A mail that breaks its reader is set aside, so that it never holds up the next.
"""

import hashlib
import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, DataError, IntegrityError, transaction

from notifications.inboxes import Inbox, InboxError, fits
from notifications.models import InboundMail
from notifications.signals import MailArrived, mail_arrived

logger = logging.getLogger("vipu.notifications")
LIMIT = 10 * 1024 * 1024
KEPT = timedelta(days=30)
BATCH = 100
NOBODYS = "nobodys"
TOO_LARGE = "too-large"


def keep(*, raw: bytes, source: str, at: datetime, recipient: str = "") -> bool:
    """Keep one mail; tells whether it is new. What is larger than any answer ever was is not kept."""
    if not fits(len(raw), limit=LIMIT, source=source):
        return False
    _row, is_new = InboundMail.objects.get_or_create(
        fingerprint=hashlib.sha256(raw).hexdigest(),
        defaults={"raw": raw, "source": source[:40], "recipient": recipient[:254], "received_at": at},
    )
    return is_new


def fetch(inbox: Inbox, *, at: datetime) -> int:
    """Keep what waits in a mailbox; a letter counts as read once its row stands. Tells how many were new."""
    new = 0
    try:
        for raw in inbox.letters(limit=LIMIT):
            new += keep(raw=raw, source=inbox.source, at=at)
    except InboxError as error:
        logger.warning("the mailbox of replies cannot be read: %s", error)
    return new


def work_off(*, at: datetime) -> int:
    """Let the apps above understand what has come in; tells how many mails were worked off."""
    waiting = InboundMail.objects.filter(processed_at__isnull=True).order_by("pk")
    return sum(_one(pk, at=at) for pk in list(waiting.values_list("pk", flat=True)[:BATCH]))


def forget(*, at: datetime) -> int:
    """Remove what is older than thirty days."""
    return InboundMail.objects.filter(received_at__lte=at - KEPT).delete()[0]


@transaction.atomic
def _one(pk: int, *, at: datetime) -> bool:
    held = InboundMail.objects.select_for_update(skip_locked=True)
    mail = held.filter(pk=pk, processed_at__isnull=True).first()
    if mail is None:
        return False
    mail.outcome, mail.processed_at = _understood(mail, at=at)[:40], at
    mail.save(update_fields=["outcome", "processed_at"])
    return True


def _understood(mail: InboundMail, *, at: datetime) -> str:
    fact = MailArrived(raw=bytes(mail.raw), recipient=mail.recipient, at=at)
    try:
        with transaction.atomic():
            answers = [answer for _listener, answer in mail_arrived.send(sender=InboundMail, fact=fact)]
    except Exception as error:
        if isinstance(error, DatabaseError) and not isinstance(error, DataError | IntegrityError):
            raise  # nothing is known of the mail yet: the next round tries again
        # what no row can hold, and whatever else a stranger's mail breaks, must not stop the next one
        logger.error("inbound mail %s was set aside: %s", mail.pk, type(error).__name__)  # noqa: TRY400 - no words of a mail in the log
        return f"broken:{type(error).__name__}"
    return next(filter(None, answers), NOBODYS)
