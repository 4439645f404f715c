"""Apt is used only for what is missing, and only where nobody has to be asked."""

import os
from pathlib import Path

import pytest

from installing import apt, parts, services
from installing.parts import Part

_LOG = 'echo "$0 $@" >> "$APT_LOG"'


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system whose only programs are the ones that a test puts into tmp_path/bin; returns their common log."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    monkeypatch.setenv("APT_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(services, "_CLUSTER_SETTINGS", tmp_path / "createcluster.conf")
    (tmp_path / "log").write_text("")
    return tmp_path / "log"


def _program(log: Path, name: str, script: str) -> None:
    """Put a program into the search path that logs its arguments first."""
    file = log.parent / "bin" / name
    file.write_text(f"#!/bin/sh\n{_LOG}\n{script}\n")
    file.chmod(0o755)


def _installs(log: Path) -> str:
    """Return the script of an apt-get that installs what it is told, but only simulates where it shall."""
    return f"""case "$*" in *--simulate*) exit 0;; esac\nfor one; do : > "{log.parent}/$one.here"; done"""


def _part(log: Path, package: str) -> Part:
    """Return a part that is here once its package was installed by the test's apt-get."""
    return Part(f"the program {package}", package, "its tests are skipped", (log.parent / f"{package}.here").exists)


def test_nothing_missing_runs_nothing(log: Path) -> None:
    _program(log, "apt-get", "exit 1")
    assert apt.install([Part("x", "x", "y", lambda: True)]) == []
    assert log.read_text() == ""


def test_what_is_missing_is_installed_at_once(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    _program(log, "apt-get", _installs(log))
    assert apt.install([_part(log, "dunst"), _part(log, "xvfb")]) == []
    update, simulated, install = log.read_text().splitlines()
    assert update.endswith(" update")
    assert "--simulate" in simulated
    assert install.endswith(" install dunst xvfb")
    assert "--no-install-recommends --no-remove" in install
    assert "DPkg::Lock::Timeout=" in install


def test_one_unknown_package_does_not_keep_the_others_away(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    fails = 'case "$*" in *trayer*) echo "E: Unable to locate package trayer" >&2; exit 100;; esac'
    _program(log, "apt-get", f"{fails}\n{_installs(log)}")
    left = apt.install([_part(log, "dunst"), _part(log, "trayer")])
    assert [part.package for part in left] == ["trayer"]
    said = capsys.readouterr().out
    assert "Unable to locate package trayer" in said
    assert "Not to be had here: the program trayer; its tests are skipped." in said


def test_what_came_although_apt_failed_is_not_tried_again(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    _program(log, "apt-get", f'{_installs(log)}\necho "E: dpkg returned an error code (1)" >&2; exit 100')
    assert apt.install([_part(log, "dunst"), _part(log, "xvfb")]) == []
    assert [line.split(" install ")[1] for line in log.read_text().splitlines()[2:]] == ["dunst xvfb"]


def test_without_rights_the_exact_command_is_printed(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    _program(log, "sudo", "exit 1")
    _program(log, "apt-get", "exit 1")
    assert len(apt.install([_part(log, "dunst")])) == 1
    assert "sudo apt-get install --no-install-recommends --no-remove dunst" in capsys.readouterr().out
    assert all("--simulate" in line for line in log.read_text().splitlines() if "apt-get" in line)


def test_where_nothing_shall_be_installed_the_packages_are_named(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _program(log, "apt-get", "exit 1")
    apt.name_missing([_part(log, "libxcb-cursor0"), Part("x", "x", "y", lambda: True)])
    said = capsys.readouterr().out
    assert said.endswith(" install it with: sudo apt-get install libxcb-cursor0\n")
    apt.name_missing([Part("x", "x", "y", lambda: True)])
    assert capsys.readouterr().out == ""
    assert log.read_text() == ""


def test_nothing_is_removed_for_it(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    takes = 'case "$*" in *--simulate*pulseaudio*) echo "Remv gnome-core [43]"; echo "Remv pipewire-alsa [1]";; esac'
    _program(log, "apt-get", f"{takes}\n{_installs(log)}")
    left = apt.install([_part(log, "dunst"), _part(log, "pulseaudio")])
    assert [part.package for part in left] == ["pulseaudio"]
    assert "Left out: pulseaudio, as apt would remove for it: gnome-core pipewire-alsa" in capsys.readouterr().out
    assert log.read_text().splitlines()[-1].endswith(" install dunst")


def test_the_tests_want_what_the_demo_wants_and_more() -> None:
    desktop = {part.name for part in parts.for_desktop()}
    demo = {part.name for part in parts.for_demo()}
    assert desktop < demo
    tests = {part.name for part in parts.for_tests()}
    assert demo < tests


def test_a_missing_library_is_found_missing() -> None:
    ghost = parts._library("no-such-library", "libghost", "nothing works")
    assert parts.missing([ghost]) == [ghost]
