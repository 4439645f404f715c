"""Install what is missing with apt, where that can be done without asking anybody."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from installing.parts import Part, missing

_LOCK_SECONDS = 300
_CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")


def install(parts: list[Part]) -> list[Part]:
    """Install the packages of the missing parts; returns the parts that are still missing, each named in a line."""
    lacking = missing(parts)
    if not lacking:
        return []
    packages = sorted({part.package for part in lacking})
    by_hand = "apt-get install --no-install-recommends " + " ".join(packages)
    root = _as_root() if shutil.which("apt-get") else None
    if not shutil.which("apt-get"):
        print("Missing here; install with this system's package manager what Debian calls: " + " ".join(packages))
    elif root is None:
        print(f"Missing here; to install it run: sudo {by_hand}")
    else:
        _install(root, packages)
    left = missing(lacking)
    for part in left:
        print(f"Not to be had here: {part.name}; {part.without}.")
    return left


def _as_root() -> list[str] | None:
    """Return what to put before a command to run it as root, or None where that needs a password."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _install(root: list[str], packages: list[str]) -> None:
    """Install all packages in one go, or one by one where that fails."""
    print("Reading the package lists (apt-get update)", flush=True)
    _apt(root, ["update"])
    if "postgresql" in packages:
        _no_running_cluster(root)
    print("Installing " + " ".join(packages), flush=True)
    if _apt(root, ["install", *packages]):
        return
    for package in packages:
        print(f"Installing {package}", flush=True)
        _apt(root, ["install", package])


def _apt(root: list[str], arguments: list[str]) -> bool:
    """Run apt-get without questions; returns whether it succeeded and prints its last words where not."""
    command = [
        *root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends",
        "-o", f"DPkg::Lock::Timeout={_LOCK_SECONDS}", "-o", "Dpkg::Options::=--force-confold", *arguments,
    ]  # fmt: skip
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip() or "it gave no reason").splitlines()
        print(f"  apt-get {arguments[0]} did not succeed: {words[-1]}", flush=True)
    return done.returncode == 0


def _no_running_cluster(root: list[str]) -> None:
    """Keep Debian from setting up and starting a database of its own; a file that is there already is left alone."""
    if _CLUSTER_SETTINGS.exists():
        return
    print(f"Telling PostgreSQL to start no database of its own ({_CLUSTER_SETTINGS})", flush=True)
    text = "# Only the server's programs are wanted: no database is set up or started with the package.\n"
    text += "create_main_cluster = false\n"
    subprocess.run([*root, "mkdir", "-p", str(_CLUSTER_SETTINGS.parent)], check=False)
    subprocess.run(
        [*root, "tee", str(_CLUSTER_SETTINGS)], input=text, text=True, stdout=subprocess.DEVNULL, check=False
    )
