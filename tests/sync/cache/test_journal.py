"""The side journal: any cut loses the record being written at most."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.cache.journal import Journal
from sync.domain.errors import StorageFull
from tests.rigs.fed_cache import KEY

WRITES = st.lists(
    st.tuples(st.sampled_from("abc"), st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)),
    max_size=8,
)
KEYS = pytest.mark.parametrize("key", [KEY, None], ids=["encrypted", "plain"])


@KEYS
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(writes=WRITES, cut=st.floats(0, 1), after=st.text(max_size=5))
def test_any_cut_loses_one_record_at_most(
    tmp_path: Path, key: bytes | None, writes: list[tuple[str, str | None]], cut: float, after: str
) -> None:
    path = tmp_path / f"{key is None}.journal"
    path.unlink(missing_ok=True)
    journal = Journal(path, key)
    states, ends = [dict(journal.live)], [path.stat().st_size]
    for slot, text in writes:
        journal.write({slot: text})
        states.append(dict(journal.live))
        ends.append(path.stat().st_size)
    journal.close()
    size = round(cut * ends[-1])
    os.truncate(path, size)
    whole = [state for state, end in zip(states, ends, strict=True) if end <= size]
    again = Journal(path, key)
    assert dict(again.live) == (whole[-1] if whole else {})
    again.write({"z": after})
    again.close()
    last = Journal(path, key)
    assert last.live["z"] == after
    last.close()


@KEYS
def test_a_changed_byte_loses_its_record_only(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "j"
    journal = Journal(path, key)
    for number in range(5):
        journal.write({str(number): "text"})
    journal.close()
    data = path.read_bytes()
    for place in range(0, len(data), 3):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x40]) + data[place + 1 :])
        found = Journal(path, key)
        assert set(found.live) <= {str(number) for number in range(5)}
        assert len(found.live) >= (4 if place > 40 and (place - 17) % ((len(data) - 17) // 5) >= 4 else 0)
        found.close()


def test_nothing_of_the_texts_is_readable(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", KEY)
    journal.write({"words:1": "A secret complaint"})
    journal.close()
    assert b"secret" not in (tmp_path / "j").read_bytes()
    other = Journal(tmp_path / "j", bytes(32))
    assert other.live == {}
    other.close()


def test_a_long_used_journal_is_made_short_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", KEY)
    for number in range(40):
        journal.write({"draft": "x" * 60_000 + str(number)})
    journal.close()
    assert (tmp_path / "j").stat().st_size < 1_300_000
    again = Journal(tmp_path / "j", KEY)
    assert again.live["draft"].endswith("x39")
    again.close()


def test_a_full_disk_is_said_and_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "j", KEY)
    journal.write({"a": "one"})

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StorageFull, match="still in the editor"):
            journal.write({"b": "two"})
    assert dict(journal.live) == {"a": "one"}
    journal.write({"c": "three"})
    journal.close()
    again = Journal(tmp_path / "j", KEY)
    assert dict(again.live) == {"a": "one", "c": "three"}
    again.close()
