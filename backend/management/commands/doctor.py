"""``manage.py doctor``: the same report as ``vipu doctor``."""

import sys

from django.core.management.base import BaseCommand

from backend.doctor import examine


class Command(BaseCommand):
    """Tells how this installation is; the exit code is 1 when something is bad."""

    help = "Tells what is connected, what lags behind and what is missing."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        """Write the report."""
        if code := examine(self.stdout):
            sys.exit(code)
