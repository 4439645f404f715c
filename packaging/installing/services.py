"""Only the programs of servers are wanted: keep Debian from running them for everybody as services."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")
_POLICY = Path("/usr/sbin/policy-rc.d")
_SYSTEM_PATH = "/usr/sbin"  # where Debian keeps servers, and only root looks
_OF_PACKAGE = {
    "nginx-light": "nginx",
    "exim4-daemon-light": "exim4",
    "dovecot-imapd": "dovecot",
    "dovecot-lmtpd": "dovecot",
}
_POLICY_TEXT = """\
#!/bin/sh
# Written by Deskbell's set-up, which removes it again: it wants these servers' programs, not their services.
[ -d /proc/{process} ] || exit 0
for word; do
    case "$word" in {patterns}) exit 101 ;; esac
done
exit 0
"""


@contextmanager
def kept_still(root: list[str], packages: list[str]) -> Iterator[None]:
    """While the packages are installed nothing of theirs is started, and afterwards nothing starts with the system.

    Left alone: a service whose program was there before, a policy-rc.d and settings of PostgreSQL that are there.
    """
    if "postgresql" in packages and not _CLUSTER_SETTINGS.exists():
        _no_cluster(root)
    names = new(packages)
    second = "pulseaudio" in packages and shutil.which("pipewire-pulse") is not None
    ours = bool(names) and not _POLICY.exists()
    if ours:
        _write(root, _POLICY, policy(names, os.getpid()))
        subprocess.run([*root, "chmod", "755", str(_POLICY)], check=False)
    try:
        yield
    finally:
        if ours:
            subprocess.run([*root, "rm", "-f", str(_POLICY)], check=False)
        _disable(root, [name for name in names if _installed(name)])
        if second:
            _disable_pulseaudio(root)


def advice(packages: list[str]) -> list[str]:
    """Return what a person who installs the packages by hand may want to know, in sentences."""
    names = new(packages)
    if not names:
        return []
    return [
        f"Only their programs are wanted; to end the services again run: sudo systemctl disable --now {' '.join(names)}"
    ]


def new(packages: list[str]) -> list[str]:
    """Return the services that the packages would bring."""
    names = {_OF_PACKAGE[package] for package in packages if package in _OF_PACKAGE}
    return sorted(name for name in names if not _installed(name))


def policy(names: list[str], process: int) -> str:
    """Return Debian's policy-rc.d that holds these services back for as long as the process lives."""
    return _POLICY_TEXT.format(process=process, patterns="|".join(f"{name}|{name}.*" for name in names))


def _installed(name: str) -> bool:
    """Return whether the service's program is here."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), _SYSTEM_PATH])) is not None


def _disable(root: list[str], names: list[str]) -> None:
    """Keep the services from starting with the system."""
    for name in names:
        subprocess.run([*root, "update-rc.d", name, "disable"], capture_output=True, check=False)
    if names:
        print(f"Not running as services, as only their programs are wanted: {' '.join(names)}", flush=True)


def _disable_pulseaudio(root: list[str]) -> None:
    """Leave the sound to PipeWire, which had it before: two sound servers take it from each other."""
    units = ["pulseaudio.socket", "pulseaudio.service"]
    subprocess.run([*root, "systemctl", "--global", "disable", *units], capture_output=True, check=False)
    print("Not running as a service, as PipeWire has the sound: pulseaudio", flush=True)


def _no_cluster(root: list[str]) -> None:
    """Keep Debian from setting up and starting a database of its own."""
    print(f"Telling PostgreSQL to start no database of its own ({_CLUSTER_SETTINGS})", flush=True)
    text = "# Only the server's programs are wanted: no database is set up or started with the package.\n"
    text += "create_main_cluster = false\n"
    subprocess.run([*root, "mkdir", "-p", str(_CLUSTER_SETTINGS.parent)], check=False)
    _write(root, _CLUSTER_SETTINGS, text)


def _write(root: list[str], file: Path, text: str) -> None:
    """Write a file of the system."""
    subprocess.run([*root, "tee", str(file)], input=text, text=True, stdout=subprocess.DEVNULL, check=False)
