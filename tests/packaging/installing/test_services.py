"""Of servers that the tests want, only the programs come: nothing is started, nothing starts with the system."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from installing import services


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system of Debian's in a folder, whose programs log what they are told."""
    (tmp_path / "bin").mkdir()
    for name in ("tee", "chmod", "rm", "mkdir"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name} here"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(services, "_POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(services, "_CLUSTER_SETTINGS", tmp_path / "createcluster.conf")
    monkeypatch.setattr(services, "_SYSTEM_PATH", str(tmp_path / "sbin"))
    for name in ("update-rc.d", "systemctl"):
        _program(tmp_path, name, f'echo "{name} $*" >> "{tmp_path}/log"')
    (tmp_path / "log").write_text("")
    return tmp_path


def _program(system: Path, name: str, script: str = "") -> None:
    """Put a program into the search path."""
    file = system / "bin" / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def _answer(policy: Path, *words: str) -> int:
    """Ask the policy as Debian does when a package is installed: 101 means that nothing is started."""
    return subprocess.run(["/bin/sh", str(policy), *words], check=False).returncode


def test_a_new_service_is_held_back_and_does_not_start_with_the_system(
    system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with services.kept_still([], ["nginx-light", "xdotool"]):
        policy = system / "policy-rc.d"
        assert os.access(policy, os.X_OK)
        assert _answer(policy, "nginx.service", "start") == 101
        assert _answer(policy, "--quiet", "nginx", "start", "unknown") == 101
        assert _answer(policy, "dbus.service", "restart") == 0
        _program(system, "nginx")
    assert not policy.exists()
    assert (system / "log").read_text().splitlines() == ["update-rc.d nginx disable"]
    assert "Not running as services, as only their programs are wanted: nginx" in capsys.readouterr().out


def test_a_policy_left_by_a_killed_set_up_holds_nothing_back(system: Path) -> None:
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    policy = system / "left"
    policy.write_text(services.policy(["nginx"], ended.pid))
    assert _answer(policy, "nginx.service", "start") == 0


def test_a_service_that_was_there_before_stays_as_it_is(system: Path) -> None:
    _program(system, "dovecot")
    with services.kept_still([], ["dovecot-imapd"]):
        assert not (system / "policy-rc.d").exists()
    assert (system / "log").read_text() == ""


def test_the_policy_of_a_system_stays(system: Path) -> None:
    (system / "policy-rc.d").write_text("mine")
    with services.kept_still([], ["nginx-light"]):
        _program(system, "nginx")
    assert (system / "policy-rc.d").read_text() == "mine"
    assert (system / "log").read_text().splitlines() == ["update-rc.d nginx disable"]


def test_what_could_not_be_installed_is_not_disabled(system: Path) -> None:
    with services.kept_still([], ["nginx-light"]):
        pass
    assert (system / "log").read_text() == ""


@pytest.mark.parametrize("pipewire", [True, False])
def test_pulseaudio_is_no_second_sound_server(system: Path, pipewire: bool) -> None:
    if pipewire:
        _program(system, "pipewire-pulse")
    with services.kept_still([], ["pulseaudio"]):
        pass
    assert ("systemctl --global disable pulseaudio.socket" in (system / "log").read_text()) == pipewire


def test_by_hand_the_command_that_ends_them_is_named(system: Path) -> None:
    said = services.advice(["dovecot-imapd", "dovecot-lmtpd", "nginx-light", "dunst"])
    assert len(said) == 1
    assert said[0].endswith("sudo systemctl disable --now dovecot nginx")
    assert services.advice(["dunst"]) == []


def test_postgresql_starts_no_database_of_its_own(system: Path) -> None:
    with services.kept_still([], ["postgresql"]):
        assert "create_main_cluster = false" in (system / "createcluster.conf").read_text()


def test_settings_of_postgresql_that_are_there_stay(system: Path) -> None:
    (system / "createcluster.conf").write_text("mine")
    with services.kept_still([], ["postgresql"]):
        assert (system / "createcluster.conf").read_text() == "mine"
