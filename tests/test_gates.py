"""The tools that read the code find nothing: ruff, mypy --strict and the import contracts."""

import shutil
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

# One import against each contract, and the package that must not hold it.
AGAINST = {
    "sync.cache": "import sync.engine",
    "sync.server": "import sync.connectors",
    "desktop": "import sync.server, starlette",
    "sync.jmap": "import sync.domain",
    "sync.domain": "import PySide6, resources",
}


@pytest.mark.parametrize("gate", GATES)
def test_gate_finds_nothing(gate: str) -> None:
    done = subprocess.run(GATES[gate], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{gate}:\n{done.stdout[-6000:]}{done.stderr[-2000:]}"


def test_each_import_contract_can_be_broken(tmp_path: Path) -> None:
    """In a copy of the house with one import too many for each contract, all contracts are broken."""
    for folder in ("desktop", "sync", "resources"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package, line in AGAINST.items():
        (tmp_path / package.replace(".", "/") / "planted.py").write_text(line + "\n")
    command = [*GATES["import contracts"], "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Contracts: 0 kept, 7 broken" in done.stdout, done.stdout + done.stderr
