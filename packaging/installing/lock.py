"""Resolve packaging/requirements.lock for every system and Python at once, with hashes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from installing.pythons import Python
from installing.venv import SetupFailed, python_of

_HEADER = """\
# Every package that Deskbell runs on and is tested with, for all systems, checked by hash.
# Made from pyproject.toml by `make lock`; do not edit.
"""


def resolve(root: Path, python: Python) -> None:
    """Write the lock anew; raises SetupFailed."""
    tools = root / "build" / "lock-venv"
    uv = re.search(r'"(uv==[0-9.]+)"', (root / "pyproject.toml").read_text(encoding="utf-8"))
    if uv is None:
        raise SetupFailed("pyproject.toml no longer names uv in its `lock` extra: put it back.")
    print(f"Resolving with {uv.group(1)}", flush=True)
    _run([python.path, "-m", "venv", "--clear", str(tools)])
    inside = str(python_of(tools))
    _run([inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", uv.group(1)])
    lock = root / "packaging" / "requirements.lock"
    command = [
        inside, "-m", "uv", "pip", "compile", str(root / "pyproject.toml"), "--extra", "dev", "--extra", "build",
        "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate",
        "--no-emit-index-url", "--no-emit-find-links", "--no-config", "--system-certs", "--quiet",
    ]  # fmt: skip
    lock.write_text(_HEADER + _run(command), encoding="utf-8")
    print(f"Wrote {lock.relative_to(root)}")


def _run(command: list[str]) -> str:
    """Run a step; returns its output. Raises SetupFailed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupFailed(f"The lock was not written: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout
