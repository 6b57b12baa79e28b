"""What an operator does from the command line, once the models are loaded."""

import argparse
import getpass
import socket
import sys
from urllib.request import Request, urlopen

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import members
from accounts.models import Organisation
from backend import config, pulse
from notifications import circuit, queries, restoring


def add_user(asked: argparse.Namespace) -> int:
    """Let a person sign in; the password is asked for, or read from a pipe."""
    organisation = Organisation.objects.filter(slug=asked.organisation).first()
    if organisation is None and not asked.organisation_name:
        known = ", ".join(Organisation.objects.values_list("slug", flat=True)) or "none yet"
        return _refuse(
            f"There is no organisation {asked.organisation!r} (known: {known}). "
            "Give --organisation-name to make it."
        )
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password)
    except ValidationError as error:
        return _refuse(" ".join(error.messages))
    if organisation is None:
        organisation = Organisation.objects.create(slug=asked.organisation, name_fi=asked.organisation_name)
    members.add_member(
        email=asked.email,
        name=asked.name,
        organisation=organisation,
        role=asked.role,
        password=password,
        at=timezone.now(),
    )
    sys.stdout.write(f"{asked.email} may now act for {organisation.slug} as {asked.role}.\n")
    return 0


def mail(what: str) -> int:
    """Stop the mail before workers start on a restored backup; let it go without what had left already."""
    at = timezone.now()
    waiting = queries.due(at=at).count()
    if what == "hold":
        circuit.hold_all(at=at)
        sys.stdout.write(f"Mail is held: {waiting} messages wait. Let it go with: vipu mail release\n")
        return 0
    if what == "sent":
        settled = restoring.settle(sys.stdin, at=at)
        left = queries.due(at=at).count()
        sys.stdout.write(f"{settled} messages had left already and do not go again; {left} wait.\n")
        return 0
    if not circuit.release_all():
        return _refuse("Mail is not held.")
    sys.stdout.write(f"Mail goes again: {waiting} messages waited.\n")
    return 0


def alive(part: str) -> int:
    """Answer with the exit code a supervisor understands."""
    if part == "web":
        return 0 if _page_answers() else 1
    name = f"worker@{socket.gethostname()}" if part == "worker" else ""
    return 0 if pulse.is_alive(part, at=timezone.now(), name=name) else 1


def _page_answers() -> bool:
    port = config.read().bind.rpartition(":")[2]
    request = Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": settings.ALLOWED_HOSTS[0]})
    try:
        with urlopen(request, timeout=3) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP OK
    except OSError:
        return False


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
