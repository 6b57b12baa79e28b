"""html-validate, which is not ours, reads the HTML that we write: one call for a whole folder."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = Path(__file__).parent / "node"
VALIDATOR = NODE / "node_modules" / ".bin" / "html-validate"

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not VALIDATOR.exists(),
    reason="Node or html-validate is not here: the HTML was not validated",
)


def said_of(folder: Path, *, rules: Path = NODE / "html.json") -> list[str]:
    """Give everything that is wrong with the files of a folder."""
    command = [str(VALIDATOR), "--config", str(rules), "--formatter", "json", str(folder)]
    answer = folder / "answer.json"  # a pipe would lose what comes after 64 kB
    with answer.open("w") as out:
        run = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode in {0, 1}, run.stderr
    return sorted(
        f"{Path(file['filePath']).stem}:{said['line']} {said['ruleId']}: {said['message']}"
        for file in json.loads(answer.read_text())
        for said in file["messages"]
    )
