"""Find the Python that Deskbell runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

OLDEST = (3, 11)
NEWEST = (3, 14)
_PROBE = """
import sys
try:
    import ensurepip, venv
    whole = 1
except ImportError:
    whole = 0
base = getattr(sys, "_base_executable", None) or sys.executable
print(sys.version_info[0], sys.version_info[1], sys.version_info[2], whole, base)
"""


@dataclass(frozen=True)
class Python:
    """An interpreter; `whole` says whether it can make a virtual environment."""

    path: str
    version: tuple[int, int, int]
    whole: bool

    @property
    def name(self) -> str:
        """Return the version as people write it, such as 3.11.7."""
        return ".".join(str(number) for number in self.version)

    @property
    def fits(self) -> bool:
        """Return whether Deskbell runs on it."""
        return OLDEST <= self.version[:2] <= NEWEST


def probe(command: list[str]) -> Python | None:
    """Ask an interpreter what it is; None where it does not run (a shim without a version does not)."""
    try:
        done = subprocess.run([*command, "-c", _PROBE], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    fields = done.stdout.strip().split(" ", 4)
    if done.returncode or len(fields) != 5:
        return None
    major, minor, patch, whole = (int(field) for field in fields[:4])
    return Python(fields[4], (major, minor, patch), bool(whole))


def candidates() -> list[list[str]]:
    """Return the commands to try, the preferred first; DESKBELL_PYTHON alone where it is set."""
    wanted = os.environ.get("DESKBELL_PYTHON")
    if wanted:
        return [[wanted]]
    minors = range(OLDEST[1], NEWEST[1] + 1)
    if sys.platform == "win32":
        launcher = shutil.which("py")
        named = [[launcher, f"-3.{minor}"] for minor in minors] if launcher else []
    else:
        named = [[path] for minor in minors for path in [shutil.which(f"python3.{minor}")] if path]
    return [*named, [sys.executable]]


def choose() -> tuple[Python | None, list[Python]]:
    """Return the first whole Python that fits, or None, and everything that was found on the way."""
    seen = []
    for command in candidates():
        python = probe(command)
        if python is None:
            continue
        seen.append(python)
        if python.fits and python.whole:
            return python, seen
    return None, seen


def advice(seen: list[Python]) -> str:
    """Return a sentence for a person: why none of them will do, and what to do."""
    range_ = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    fitting = [python for python in seen if python.fits]
    if fitting:
        short = "{}.{}".format(*fitting[0].version)
        return (
            f"Python {short} is here but cannot make a virtual environment (ensurepip is missing): "
            f"install it with `sudo apt-get install python{short}-venv` and run this again."
        )
    found = ", ".join(sorted({python.name for python in seen})) or "none"
    return (
        f"Deskbell needs Python {range_} (3.11 is best) and found {found}: install one, for example with "
        "`sudo apt-get install python3.11 python3.11-venv`, and run this again; "
        "DESKBELL_PYTHON=/path/to/python names one that is not found by itself."
    )
