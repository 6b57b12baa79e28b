"""The busy door as programs meet it: an answer 429 that carries its own way through."""

import json
from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from backend.core.api import PROBLEM_JSON
from backend.core.shapes import ProblemSerializer
from registrations.door import Press


class ChallengeSerializer(serializers.Serializer[Any]):
    """What to do before the same request is sent again: work, or wait."""

    ticket = serializers.CharField(
        help_text="Send it back in `Vipu-Ticket`, with the same body and `Idempotency-Key`. It is good once, "
        "for half an hour, and for the network it was given to."
    )
    algorithm = serializers.CharField(help_text="SHA-256.")
    bits = serializers.IntegerField(
        help_text="Find a whole number for which the hash of `ticket:number` begins with so many zero bits, "
        "and send it in `Vipu-Proof` …"
    )
    wait_seconds = serializers.IntegerField(help_text="… or wait so long, and leave `Vipu-Proof` out.")


class OneMomentSerializer(ProblemSerializer):
    """Too many at once: with the code `one-moment` it carries a challenge, otherwise it only asks to wait."""

    challenge = ChallengeSerializer(required=False)


ONE_MOMENT = {(429, PROBLEM_JSON): OneMomentSerializer}
HEADERS = [
    OpenApiParameter(
        "Vipu-Ticket", str, OpenApiParameter.HEADER, description="The `challenge.ticket` of an answer 429."
    ),
    OpenApiParameter(
        "Vipu-Proof", str, OpenApiParameter.HEADER, description="The number that the ticket asks for."
    ),
]


def press_of(request: Request, *, events: Sequence[str]) -> Press:
    """Tell the door what is asked for, and with which ticket."""
    asked = [request.path, request.data, request.headers.get("Idempotency-Key", "")]
    return Press(
        request=request._request,  # noqa: SLF001 - the framework's documented name
        body=json.dumps(asked, sort_keys=True),
        events=events,
        ticket=request.headers.get("Vipu-Ticket", ""),
        proof=request.headers.get("Vipu-Proof", ""),
    )
