"""What is still wrong with a new ticket."""

import pytest

from desktop.models.new_ticket import Filled, objections

GOOD = ("Aaron P.", "", "", "c1", "Call back", "")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (GOOD, []),
        (("", "", "", "", "", ""), ["name", "category", "subject"]),
        (("Aaron P.", "not an address", "", "c1", "Call back", ""), ["email"]),
        (("Aaron P.", "aaron@mail.example", "", "c1", "Call back", ""), []),
        (("A" * 201, "", "", "c1", "x" * 501, ""), ["name", "subject"]),
    ],
)
def test_each_field_has_its_sentence(
    qapp: object, fields: tuple[str, str, str, str, str, str], wrong: list[str]
) -> None:
    found = objections(Filled(*fields))
    assert list(found) == wrong
    assert all(sentence.endswith(".") for sentence in found.values())


def test_lines_are_cleaned_and_the_text_is_not(qapp: object) -> None:
    filled = Filled(" Aaron\tP. ", "", "", "c1", "Call\nback  soon", "line 1\n  line 2").cleaned()
    assert filled.name == "Aaron P."
    assert filled.subject == "Call back soon"
    assert filled.text == "line 1\n  line 2"
