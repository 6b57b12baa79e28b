"""What is installed for production is enough by itself: the tools of development must not fill a gap."""

import re
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{name}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", text, re.MULTILINE))


def test_the_lock_of_production_holds_what_the_broker_client_needs() -> None:
    """``backend.celery`` imports kombu's transport for Redis at once, in the demonstration too."""
    locked = set(_locked("base"))
    needed = [Requirement(line) for line in requires("kombu") or ()]
    names = {
        canonicalize_name(one.name)
        for one in needed
        if one.marker and "extra" in str(one.marker) and one.marker.evaluate({"extra": "redis"})
    }

    assert names
    assert names <= locked


def test_what_is_tested_is_what_runs_with_and_without_amazons_packages() -> None:
    base, ses, dev = map(_locked, ("base", "ses", "dev"))

    assert base.items() <= ses.items() <= dev.items()
    assert "boto3" in ses.keys() - base.keys()
