"""The tools that read the code find nothing: ruff, mypy --strict and the import contracts."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON = [sys.executable, "-m"]
GATES = {
    "ruff": [*PYTHON, "ruff", "check", "--quiet", "."],
    "ruff format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "mypy": [*PYTHON, "mypy"],
    "import contracts": [str(Path(sysconfig.get_path("scripts")) / "lint-imports"), "--no-logo"],
}


@pytest.mark.parametrize("gate", GATES)
def test_gate_finds_nothing(gate: str) -> None:
    done = subprocess.run(GATES[gate], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{gate}:\n{done.stdout[-6000:]}{done.stderr[-2000:]}"
