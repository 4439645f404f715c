"""The environment is made from the lock; what goes wrong is said in a sentence."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from installing import venv
from installing.pythons import Python

ROOT = Path(__file__).parent.parent.parent.parent
PYTHON = Python("/usr/bin/python3.14", (3, 14, 0), True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ERROR: No matching distribution found for orjson==3.13.0", "no ready-made package of orjson==3.13.0"),
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution found for x", "the network"),
        ("Error: ... ensurepip ... returned non-zero", "python3.14-venv"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("something new", "something new"),
        ("", "no reason was given"),
    ],
)
def test_a_failure_is_explained(words: str, sentence: str) -> None:
    explained = venv.explain(words, PYTHON)
    assert sentence in explained
    assert "run this again" in explained


def test_one_entry_is_taken_from_the_lock_with_its_hashes() -> None:
    wanted = "ab==2 \\\n    --hash=sha256:01 \\\n    --hash=sha256:02\n"
    lock = "a==1 \\\n    --hash=sha256:00\n" + wanted + "b==3 \\\n    --hash=sha256:03\n"
    assert venv.entry_of(lock, "ab") == wanted
    assert venv.entry_of(lock, "c") == ""


def test_the_real_lock_can_build_the_checkout() -> None:
    lock = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    assert venv.entry_of(lock, "setuptools").count("--hash=sha256:") >= 2


def test_an_environment_that_is_up_to_date_is_left_alone(tmp_path: Path) -> None:
    """No pip and no venv is run: a second set-up writes only its own stamp."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "requirements.lock").write_text("")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'deskbell'\nversion = '0'\n")
    inside = venv.python_of(tmp_path / ".venv")
    inside.parent.mkdir(parents=True)
    inside.write_text("not a program")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    stamp = tmp_path / ".venv" / "deskbell-setup.json"
    project = venv._hash(tmp_path / "pyproject.toml")
    done = {"python": "3.14.0 /usr/bin/python3.14", "lock": empty, "project": project}
    stamp.write_text(json.dumps(done))
    assert venv.prepare(tmp_path, PYTHON) == inside
    assert json.loads(stamp.read_text()) == done


def test_bootstrap_explains_itself() -> None:
    command = [sys.executable, str(ROOT / "packaging" / "bootstrap.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "screenshots" in done.stdout


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in makefile.partition(".PHONY: ")[2].partition("\n")[0].split():
        assert f"{target} " in done.stdout
