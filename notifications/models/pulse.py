"""Who of our own processes is alive."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker or the scheduler was last alive, told by itself."""

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10)  # worker, beat
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
