"""The FAQ at a terminal: taken in once, written out, and taken in again to the same."""

from pathlib import Path

import pytest

from sync.domain.errors import Rejected
from sync.domain.faq import Status
from sync.server.faq.file import read_entries, write_entries
from tests.rigs.terminal import Terminal

SAMPLE = Path(__file__).parents[4] / "resources" / "sample" / "faq.md"
FILE = """# How do I pay?
categories: Billing, Refunds
status: published

By *card*.

 # A heading of the answer

```
# no question: code
```

# Nur ein Entwurf
language: de

Text: mit Doppelpunkt.
"""


def test_a_file_is_taken_in_once(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "faq.md"
    file.write_text(FILE, encoding="utf-8")
    assert "no category named Billing" in terminal.fails("faq", "import", str(file))
    for name in ("Billing", "Refunds"):
        terminal.does("category", "add", name)
    assert terminal.does("faq", "import", str(file)).line == "2 entries added, 0 changed, 0 were there already."
    assert terminal.does("faq", "import", str(file)).line == "0 entries added, 0 changed, 2 were there already."
    file.write_text(FILE.replace("By *card*", "By *transfer*"), encoding="utf-8")
    assert terminal.does("faq", "import", str(file)).line == "0 entries added, 1 changed, 1 were there already."
    listed = [line.split("\t") for line in terminal.does("faq", "list").out.splitlines()]
    assert listed == [
        ["published", "en", "0", "0", "0", "/faq/how-do-i-pay", "How do I pay?"],
        ["draft", "de", "0", "0", "0", "/faq/nur-ein-entwurf", "Nur ein Entwurf"],
    ]
    exported = terminal.does("faq", "export").out
    file.write_text(exported, encoding="utf-8")
    assert terminal.does("faq", "import", str(file)).line == "0 entries added, 0 changed, 2 were there already."
    assert "By *transfer*." in exported
    house = terminal.house()
    try:
        [offer] = house.faq.matching("paying")
        assert offer.question == "How do I pay?"
    finally:
        house.close()


def test_what_cannot_be_read_is_said_and_nothing_is_taken_in(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "faq.md"
    for text, sentence in (
        ("Hello\n# Question\n\nA", "Line 1 stands before the first question"),
        ("# Question\nstatus: secret\n\nA", "the status is draft or published, not secret"),
        ("# One\n\nA\n\n#  \n\nB", "The subject is empty"),
    ):
        file.write_text(text, encoding="utf-8")
        assert sentence in terminal.fails("faq", "import", str(file))
    file.write_bytes(b"# \xff\xfe")
    assert "no UTF-8" in terminal.fails("faq", "import", str(file))
    assert terminal.does("faq", "list").out == ""


def test_headings_and_code_of_an_answer_are_no_questions() -> None:
    first, second = read_entries(FILE, lambda name: f"id-{name}")
    assert first.category_ids == {"id-Billing", "id-Refunds"}
    assert "# no question: code" in first.answer
    assert " # A heading" in first.answer
    assert (second.language, second.status, second.answer) == ("de", Status.DRAFT, "Text: mit Doppelpunkt.")
    row = {
        "question": "Q", "answer": "# Head\n```\n# code\n```", "language": "en", "status": "draft", "category_ids": [],
    }  # fmt: skip
    [again] = read_entries("".join(write_entries([row], {})), str)
    assert again.answer == " # Head\n```\n# code\n```"
    with pytest.raises(Rejected):
        read_entries("words", str)


def test_the_sample_is_of_twelve_published_answers() -> None:
    drafts = read_entries(SAMPLE.read_text(encoding="utf-8"), str)
    assert len(drafts) == 12
    assert all(one.checked().status is Status.PUBLISHED and one.category_ids for one in drafts)
