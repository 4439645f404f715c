"""What may be sent, and what is said where it may not."""

from pathlib import Path

from desktop.models.composing import Draft, Mode, file_objection, objection
from sync.domain.limits import BODY_MAX_BYTES, UPLOAD_MAX_BYTES
from sync.domain.records import Attachment


def test_empty_words_are_not_sent(qapp: object) -> None:
    assert objection(Draft("  \n "), Mode.REPLY) == "There is nothing to send yet. Write something first."
    assert objection(Draft(""), Mode.NOTE) == "There is nothing to save yet. Write something first."


def test_a_file_alone_is_enough(qapp: object) -> None:
    assert objection(Draft("", (Attachment("b", "a.png", "image/png", 1),)), Mode.NOTE) is None


def test_too_long_a_text_names_the_limit(qapp: object) -> None:
    assert objection(Draft("ä" * (BODY_MAX_BYTES // 2)), Mode.NOTE) is None
    sentence = objection(Draft("ä" * (BODY_MAX_BYTES // 2 + 1)), Mode.NOTE)
    assert sentence is not None
    assert "4 MB" in sentence


def test_too_large_a_file_names_both_sizes(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as sparse:
        sparse.truncate(30_000_000)
    assert file_objection(path) == "This file is 30 MB, the limit is 25 MB. Send a link, or split it."
    with path.open("wb") as sparse:
        sparse.truncate(UPLOAD_MAX_BYTES)
    assert file_objection(path) is None


def test_folders_and_missing_files_are_refused_in_words(qapp: object, tmp_path: Path) -> None:
    assert "folder" in str(file_objection(tmp_path))
    assert "cannot be read" in str(file_objection(tmp_path / "gone.txt"))
