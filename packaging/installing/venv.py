"""Make .venv from the lock, and only what changed since the last time."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from installing.pythons import Python

_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
_FROM_SOURCE = ["sseclient"]  # the only one without a wheel; pure Python, for the tests
_KEPT = {"pip", "deskbell"}


class SetupFailed(Exception):
    """The environment could not be made; the message says what to do."""


def python_of(venv: Path) -> Path:
    """Return the environment's interpreter."""
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def prepare(root: Path, python: Python) -> Path:
    """Bring root/.venv up to date; returns its interpreter. Raises SetupFailed."""
    venv, stamp = root / ".venv", root / ".venv" / "deskbell-setup.json"
    wanted = {
        "python": f"{python.name} {python.path}",
        "lock": _hash(root / "packaging" / "requirements.lock"),
        "project": _hash(root / "pyproject.toml"),
    }
    done = _read(stamp)
    inside = python_of(venv)
    if done.get("python") != wanted["python"] or not inside.exists():
        print(f"Making .venv with Python {python.name}", flush=True)
        _run([python.path, "-m", "venv", "--clear", str(venv)], python)
        done = {}
    if done.get("lock") != wanted["lock"]:
        _install_lock(root, inside, python)
        done = {}
    if done.get("project") != wanted["project"]:
        print("Installing Deskbell itself", flush=True)
        _pip(inside, python, ["install", "--no-deps", "--no-build-isolation", "--editable", str(root)])
    stamp.write_text(json.dumps(wanted))
    return inside


def _install_lock(root: Path, inside: Path, python: Python) -> None:
    """Install exactly what the lock names, checked by hash, and remove what it does not name."""
    lock = root / "packaging" / "requirements.lock"
    names = {_plain(name) for name in _NAME.findall(lock.read_text(encoding="utf-8"))}
    print(f"Installing the {len(names)} packages of packaging/requirements.lock", flush=True)
    exact = ["install", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    builder = root / ".venv" / "builder.lock"
    builder.write_text(entry_of(lock.read_text(encoding="utf-8"), "setuptools"))
    _pip(inside, python, [*exact, "--requirement", str(builder)])
    sources = [argument for name in _FROM_SOURCE for argument in ("--no-binary", name)]
    _pip(inside, python, [*exact, *sources, "--no-build-isolation", "--requirement", str(lock)])
    listed = json.loads(_pip(inside, python, ["list", "--format=json"]))
    extra = [row["name"] for row in listed if _plain(row["name"]) not in names | _KEPT]
    if extra:
        _pip(inside, python, ["uninstall", "--yes", *extra])


def entry_of(lock: str, name: str) -> str:
    """Return the lines of one package in the lock, hashes included; empty where it is not named."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*\n?", lock, re.MULTILINE)
    return found.group(0) if found else ""


def _plain(name: str) -> str:
    """Return the package's name in its one normal spelling (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _hash(file: Path) -> str:
    """Return the file's SHA-256."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _read(stamp: Path) -> dict[str, str]:
    """Return what the last finished set-up noted; empty where there was none."""
    try:
        noted = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _pip(inside: Path, python: Python, arguments: list[str]) -> str:
    """Run the environment's own pip; returns what it printed. Raises SetupFailed."""
    quiet = ["--disable-pip-version-check", "--no-input", "--no-color"]
    return _run([str(inside), "-m", "pip", *arguments[:1], *quiet, *arguments[1:]], python)


def _run(command: list[str], python: Python) -> str:
    """Run a step; returns its output. Raises SetupFailed with a sentence."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "PIP_USER")}
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupFailed(explain(done.stderr + done.stdout, python))
    return done.stdout


def explain(words: str, python: Python) -> str:
    """Return what went wrong with pip or venv as a sentence that says what to do."""
    short = "{}.{}".format(*python.version)
    unreachable = re.search(r"(Max retries|NewConnectionError|Name or service|Temporary failure|timed out)", words)
    lacking = re.search(r"No matching distribution found for (\S+)", words)
    if unreachable:
        return "The package registry does not answer: check the network (or pip's own settings) and run this again."
    if lacking:
        system = f"{platform.system()} {platform.machine()}"
        return (
            f"There is no ready-made package of {lacking.group(1)} for Python {short} on {system}: "
            "install Python 3.11 and run this again with DESKBELL_PYTHON=python3.11."
        )
    if "ensurepip" in words:
        return f"Python {short} lacks ensurepip: `sudo apt-get install python{short}-venv`, then run this again."
    if "No space left" in words:
        return "The disk is full: Deskbell's environment needs about 1 GB; make room and run this again."
    last = (words.strip().splitlines() or ["no reason was given"])[-1]
    return f"The set-up stopped: {last}. Remove .venv and run this again; if it stays so, report it with that line."
