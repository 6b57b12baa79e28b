"""``manage.py demo``: add the demonstration data; ``vipu demo`` does it and serves the pages too."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend.demo import NotInProduction, load


class Command(BaseCommand):
    """Adds what is missing of the demonstration and tells where to begin."""

    help = "Adds real history with its sources and one open series with made-up people. Not in production."

    def handle(self, *args: object, **options: object) -> None:
        """Load, and tell where to begin."""
        try:
            demonstration = load(timezone.now())
        except NotInProduction as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in demonstration.lines:
            self.stdout.write(line)
