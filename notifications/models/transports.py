"""How each way out for mail is doing: stopped until when, and how much may still be sent right now."""

from django.db import models


class Circuit(models.Model):
    """One transport, as all workers see it. Without a row everything may be sent."""

    transport = models.CharField(max_length=40, unique=True)
    failures = models.PositiveIntegerField(default=0)  # in a row, without a message that got through
    not_before = models.DateTimeField(null=True, blank=True)  # nothing is sent earlier
    why = models.CharField(max_length=40, blank=True)  # the code that closed it: "421", "429", "lost-OSError"
    tokens = models.FloatField(default=0)  # mails that may be sent at once, where a rate is set
    filled_at = models.DateTimeField(null=True, blank=True)  # when the tokens were counted

    def __str__(self) -> str:
        return self.transport
