"""What many tests begin with is made once in a run, by whichever of its processes needs it first, and copied.

It lies in a folder of this run alone, so that it never outlives what it was made of.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

_FOLDER = "VIPU_TEST_RUN"  # how the parallel processes of a run know their common folder


def begin() -> Path:
    """Make the folder of this run."""
    folder = Path(tempfile.mkdtemp(prefix="vipu-tests-"))
    folder.chmod(0o755)  # run as root, PostgreSQL becomes a user of its own
    os.environ[_FOLDER] = str(folder)
    return folder


def run_folder() -> Path:
    """Give the folder that all processes of this run share."""
    return Path(os.environ[_FOLDER])


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """Give the folder of this name; the first who asks makes it, the others wait and find it whole."""
    made = run_folder() / name
    with (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = run_folder() / f"{name}.draft"
            shutil.rmtree(draft, ignore_errors=True)  # of somebody who failed
            draft.mkdir(mode=0o755)
            make(draft)
            draft.rename(made)
    return made
