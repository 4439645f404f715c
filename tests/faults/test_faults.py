"""A share of `make faults` for every run of the tests, and that a loss would be seen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sync.cache.words import Words as KeptWords
from tests.faults.cuts import Words
from tests.faults.journals import cut_journals
from tests.faults.scenarios import SCENARIOS
from tests.faults.scene import LostError, Scene

ROOT = Path(__file__).parents[2]
NONE = {"kills": 0, "every": 0, "places": 0, "cuts": 0, "journal": -1}


def faults(**share: int) -> str:
    """The program itself, with a small share of its work; what it said."""
    options = [f"--{name}={value}" for name, value in {**NONE, **share}.items()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--sqlite", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "packaging")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_ten_kills_of_real_processes_lose_nothing() -> None:
    assert " 0 lost" in faults(kills=10)


def test_a_death_at_an_sql_statement_loses_nothing() -> None:
    assert "deaths at SQL statements: 0 lost" in faults(every=101)


def test_fifty_cuts_of_the_log_lose_nothing() -> None:
    assert "50 cuts of the log: 0 lost" in faults(cuts=50)


def test_fifty_cuts_of_the_journal_lose_nothing() -> None:
    assert "50 cuts of the journal, each beside its cache and alone: 0 lost" in faults(journal=50)


def test_damaged_deleted_and_full_lose_nothing() -> None:
    said = faults(places=20)
    for part in ("damaged caches", "wrong key", "right to write", "deletions while running", "full disks"):
        assert f"{part}: 0 lost" in said


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DELETE FROM message WHERE seq = 1 AND kind = 'inbound'", "database|places"),
        ("UPDATE ticket SET subject = 'another'", "another than the server's"),
        (
            "UPDATE message SET body_text = (SELECT body_text FROM message WHERE kind = 'note' LIMIT 1) WHERE seq = 2",
            "places",
        ),
    ],
)
def test_what_is_lost_doubled_or_different_is_seen(tmp_path: Path, sql: str, what: str) -> None:
    words = Words()
    scene = Scene(tmp_path, ear=words)
    with scene.opened():
        outbox = next(one for one in SCENARIOS if one.name == "outbox")
        outbox.before(scene)
        outbox.during(scene)
        scene.converge(words.heard)
        database = scene.office.house.parts.database
        database.write(lambda: database.execute(sql))
        with pytest.raises(LostError, match=what):
            scene.converge(words.heard)


def test_a_word_that_does_not_come_back_from_the_journal_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = KeptWords.outbox_of
    monkeypatch.setattr(KeptWords, "outbox_of", lambda words, live: whole(words, live)[:-1])
    places, lost = cut_journals(5, seed=1)
    assert places == 5
    assert any("alone: lost ['word" in one for one in lost), lost
