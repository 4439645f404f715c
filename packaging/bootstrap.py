"""From a fresh checkout to a running demo or test run: `python3 packaging/bootstrap.py setup|demo|test|...`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 8):
    raise SystemExit("Deskbell needs Python 3.11 to 3.14: install one and run this again with it.")

from installing import apt, lock, parts, pythons, venv

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "setup": "make .venv with deskbell and deskbell-server in it",
    "demo": "run the whole product: server, form, desktop; unattended where there is no display",
    "test": "run all checks and tests",
    "screenshots": "make the README's pictures from the running program",
    "bench": "print the figures of the budgets beside their references",
    "simulate": "run the simulation of faulty networks and crashes with many seeds",
    "faults": "kill, damage and cut the real programs and their files; count what is lost",
    "fuzz": "feed strange inputs to everything that reads strangers' words",
    "lint": "run ruff, mypy and the import contracts only",
    "map": "write README's map of the house anew",
    "lock": "resolve packaging/requirements.lock anew from pyproject.toml",
}
NOTHING_SKIPPED = os.environ.get("DESKBELL_REQUIRE_ALL") == "1"
NEED_QT = ["tests/desktop", "tests/e2e", "tests/bench", "tests/test_guards.py", "tests/packaging/stage/test_sni.py"]
MODULES = {
    "bench": ["-m", "tests.bench"],
    "simulate": ["-m", "tests.simulation"],
    "faults": ["-m", "tests.faults"],
    "fuzz": ["-m", "tests.fuzz"],
    "lint": ["-m", "pytest", "-q", "tests/test_gates.py"],
    "map": ["packaging/house_map.py"],
}
PARTS = {
    **dict.fromkeys(("demo", "screenshots"), parts.for_demo),
    **dict.fromkeys(("test", "bench", "faults"), parts.for_tests),
}


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description=__doc__)
    chosen = parser.add_subparsers(dest="command", required=True)
    for name, purpose in COMMANDS.items():
        chosen.add_parser(name, help=purpose, add_help=False)
    known, rest = parser.parse_known_args(arguments)
    try:
        return run(known.command, rest)
    except venv.SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1


def run(command: str, rest: list[str]) -> int:
    """Get what the command needs and run it with the arguments left over."""
    left = apt.install(PARTS[command]()) if command in PARTS else []
    if left and NOTHING_SKIPPED:
        print("DESKBELL_REQUIRE_ALL=1: this fails, as the parts named above are missing.", flush=True)
        if command != "test":  # the tests are run all the same: what else fails is worth knowing
            return 1
    python = venv.prepare(ROOT, _python()) if command != "lock" else Path()
    if command == "setup":
        apt.name_missing(parts.for_desktop())
        print(f"Ready: {python.parent / 'deskbell'} and {python.parent / 'deskbell-server'}")
        return 0
    if command == "lock":
        lock.resolve(ROOT, _python())
        return 0
    aside = _without_qt(python) if command == "test" else []
    stage = os.pathsep.join(filter(None, [str(ROOT / "packaging"), os.environ.get("PYTHONPATH")]))
    surroundings = {**os.environ, "PYTHONPATH": stage}  # scripts, pytest and `-m` all find the stage
    line = [str(python), *_program(command), *aside, *rest]
    code = subprocess.run(line, cwd=ROOT, env=surroundings, check=False).returncode
    return code or (1 if (left or aside) and NOTHING_SKIPPED else 0)


def _python() -> pythons.Python:
    """Return the Python to use, installing Debian's venv module where only that is missing. Raises SetupFailed."""
    found, seen = pythons.choose()
    if found is None and any(python.fits for python in seen):
        short = "python{}.{}".format(*next(python for python in seen if python.fits).version)
        module = parts.Part(f"{short}'s venv module", f"{short}-venv", "nothing can be set up", _can_make_venv)
        apt.install([module])
        found, seen = pythons.choose()
    if found is None:
        raise venv.SetupFailed(pythons.advice(seen))
    return found


def _can_make_venv() -> bool:
    """Return whether a Python that fits can make a virtual environment by now."""
    return pythons.choose()[0] is not None


def _program(command: str) -> list[str]:
    """Return the arguments with which the environment's Python runs the command."""
    if command == "test":
        workers = str(min(8, 1 + (os.cpu_count() or 2)))  # some tests wait for a process, and leave a core to others
        # A worker that dies ends the run with its test's name: one in its place would be given nothing to do.
        return ["-m", "pytest", "-n", workers, "--dist", "loadgroup", "--max-worker-restart", "0"]
    if command in MODULES:
        return MODULES[command]
    return [str(ROOT / "packaging" / f"{command}.py")]


def _without_qt(python: Path) -> list[str]:
    """Return pytest's arguments for a system on which Qt does not load; empty where it does."""
    probe = [str(python), "-c", "import PySide6.QtWidgets, PySide6.QtMultimedia, PySide6.QtTest"]
    failed = subprocess.run(probe, capture_output=True, text=True, check=False)
    if failed.returncode == 0:
        return []
    words = (failed.stderr.strip().splitlines() or ["no reason was given"])[-1]
    print(f"Qt does not load here ({words}): the tests of the desktop are skipped.", flush=True)
    return ["-p", "no:pytest-qt", *(f"--ignore={path}" for path in NEED_QT)]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
