"""The one clock that all workers share, so that no machine's wrong time lets a lease live too long."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def database_clock() -> datetime:
    """Read the database's clock; SQLite's is the clock of this machine."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
