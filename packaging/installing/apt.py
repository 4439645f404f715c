"""Install what is missing with apt, where that can be done without asking anybody."""

from __future__ import annotations

import os
import shutil
import subprocess

from installing import services
from installing.parts import Part, missing

_LOCK_SECONDS = 300


def install(parts: list[Part]) -> list[Part]:
    """Install the packages of the missing parts; returns the parts that are still missing, each named in a line."""
    lacking = missing(parts)
    if not lacking:
        return []
    packages = sorted({part.package for part in lacking})
    if not shutil.which("apt-get"):
        print("Missing here; install with this system's package manager what Debian calls: " + " ".join(packages))
    else:
        _with_apt(_as_root(), packages, lacking)
    left = missing(lacking)
    for part in left:
        print(f"Not to be had here: {part.name}; {part.without}.")
    return left


def name_missing(parts: list[Part]) -> None:
    """Say which packages bring what is missing for the desktop program, and install nothing; silent if all is here."""
    packages = sorted({part.package for part in missing(parts)})
    if packages:
        by = "sudo apt-get install" if shutil.which("apt-get") else "this system's package manager, what Debian calls"
        print(f"The desktop needs more of this system; install it with: {by} {' '.join(packages)}")


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


def _with_apt(root: list[str] | None, packages: list[str], lacking: list[Part]) -> None:
    """Install the packages of what is lacking, or say by which command that is done where it needs a password."""
    if root is not None:
        print("Reading the package lists (apt-get update)", flush=True)
        _apt(root, ["update"])
    harmless = _without_removals(packages)
    if harmless and root is None:
        command = "apt-get install --no-install-recommends --no-remove " + " ".join(harmless)
        print(f"Missing here; to install it run: sudo {command}")
        for sentence in services.advice(harmless):
            print(sentence)
    elif harmless and root is not None:
        with services.kept_still(root, harmless):
            _install(root, harmless, lacking)


def _without_removals(packages: list[str]) -> list[str]:
    """Return the packages without those for which apt would take others away, which are named in a line each."""
    if not _removed(packages):
        return packages
    harmless = []
    for package in packages:
        gone = _removed([package])
        if gone:
            print(f"Left out: {package}, as apt would remove for it: {' '.join(gone)}", flush=True)
        else:
            harmless.append(package)
    return harmless


def _removed(packages: list[str]) -> list[str]:
    """Return what apt would remove to install them; needs no rights."""
    command = ["apt-get", "-q", "-y", "--simulate", "--no-install-recommends", "install", *packages]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return [line.split()[1] for line in done.stdout.splitlines() if line.startswith("Remv ")]


def _install(root: list[str], packages: list[str], lacking: list[Part]) -> None:
    """Install all packages in one go; where that fails, one by one what is still lacking."""
    print("Installing " + " ".join(packages), flush=True)
    if _apt(root, ["install", *packages]):
        return
    for package in packages:
        if missing([part for part in lacking if part.package == package]):
            print(f"Installing {package}", flush=True)
            _apt(root, ["install", package])


def _apt(root: list[str], arguments: list[str]) -> bool:
    """Run apt-get without questions; returns whether it succeeded and prints its last two lines where not."""
    command = [
        *root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends", "--no-remove",
        "-o", f"DPkg::Lock::Timeout={_LOCK_SECONDS}", "-o", "Dpkg::Options::=--force-confold", *arguments,
    ]  # fmt: skip
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip() or "it gave no reason").splitlines()
        print(f"  apt-get {arguments[0]} did not succeed: {'; '.join(word.strip() for word in words[-2:])}", flush=True)
    return done.returncode == 0
