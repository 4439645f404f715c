"""The demo, run as `make demo` runs it where there is no display: the whole main job on real parts."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("Xvfb", "dbus-daemon", "dunst", "trayer", "pulseaudio", "parec")


@pytest.mark.xdist_group("demo")
def test_the_demo_goes_from_ticket_to_chime_and_back_from_offline(needs: Callable[[str], str], tmp_path: Path) -> None:
    for program in PROGRAMS:
        needs(program)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "DEMO_UNATTENDED": "1",
        "DEMO_OUTPUT": str(tmp_path / "pictures"),
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "demo.py")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "demo: ok"
    assert any("chime's pitch" in line for line in lines)
    assert any("notification that names the ticket" in line for line in lines)
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 8
