"""Which Python is chosen, and what a person is told where none will do."""

import sys
from pathlib import Path

import pytest

from installing import pythons
from installing.pythons import Python


def _program(folder: Path, name: str, says: str) -> Path:
    """Write a program that answers the probe with that line."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{says}\n")
    file.chmod(0o755)
    return file


def test_this_python_is_probed_down_to_its_base() -> None:
    python = pythons.probe([sys.executable])
    assert python is not None
    assert python.version == sys.version_info[:3]
    assert python.fits
    assert not Path(python.path).is_relative_to(sys.prefix)  # survives a new .venv


def test_the_oldest_that_fits_and_is_whole_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, "python3.11", "exit 127")  # a shim without a version behind it
    _program(tmp_path, "python3.12", "echo 3 12 1 0 /opt/p12")  # no ensurepip
    _program(tmp_path, "python3.13", "echo 3 13 0 1 /opt/with a blank/p13")
    _program(tmp_path, "python3.14", "echo 3 14 0 1 /opt/p14")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DESKBELL_PYTHON", raising=False)
    chosen, seen = pythons.choose()
    assert chosen == Python("/opt/with a blank/p13", (3, 13, 0), True)
    assert [python.version for python in seen] == [(3, 12, 1), (3, 13, 0)]


def test_a_named_python_is_the_only_one_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _program(tmp_path, "old", "echo 3 10 2 1 /opt/p10")
    monkeypatch.setenv("DESKBELL_PYTHON", str(old))
    chosen, seen = pythons.choose()
    assert chosen is None
    assert "found 3.10.2" in pythons.advice(seen)


def test_a_missing_venv_module_is_named_with_its_package() -> None:
    advice = pythons.advice([Python("/usr/bin/python3.11", (3, 11, 2), False)])
    assert "apt-get install python3.11-venv" in advice


def test_no_python_at_all_is_said_too() -> None:
    assert "3.11 to 3.14" in pythons.advice([])
    assert "found none" in pythons.advice([])
