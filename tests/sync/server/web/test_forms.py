"""What strangers send by form is stored as they wrote it, or refused with a sentence for the field."""

import pytest

from sync.domain.limits import BODY_MAX_BYTES, SUBJECT_MAX
from sync.domain.records import Category
from sync.server.web.forms import Refused, TicketForm, read_ticket

CATEGORIES = [Category("c1", "Downloads"), Category("c2", "Billing")]
GOOD = {
    "category": "Billing",
    "name": "Oskar N.",
    "email": "oskar.n@mail.example",
    "subject": "Charged twice",
    "text": "Invoice 2026-1143 was taken twice.",
}


def refused(**changed: str) -> Refused:
    result = read_ticket(GOOD | changed, CATEGORIES)
    assert isinstance(result, Refused), result
    return result


@pytest.mark.parametrize("category", ["c2", "Billing"])
def test_a_category_is_named_by_id_or_exact_name(category: str) -> None:
    result = read_ticket(GOOD | {"category": category}, CATEGORIES)
    assert isinstance(result, TicketForm)
    assert result.category_id == "c2"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("category", "billing", "choose what it is about"),
        ("category", "", "choose what it is about"),
        ("name", " ", "your name"),
        ("email", "priya.s@mail", "whole address"),
        ("email", "", "whole address"),
        ("email", "a@b.example\nBcc: c@d.example", "whole address"),
        ("subject", "\t", "a few words"),
        ("subject", "x" * (SUBJECT_MAX + 1), "501 characters, the limit is 500"),
        ("text", " \n ", "write your question"),
        ("text", "x" * (BODY_MAX_BYTES + 1), "4 MB, the limit"),
        ("website", "http://spam.example", "by hand"),
    ],
)
def test_a_wrong_field_gets_a_sentence_and_the_rest_is_shown_again(name: str, value: str, words: str) -> None:
    result = refused(**{name: value})
    assert words in result.problems["" if name == "website" else name]
    assert len(result.problems) == 1
    assert set(result.values) == set(GOOD)


def test_words_are_kept_as_written_in_any_script() -> None:
    text = "شكرا 🙂 ﷽\n\n\tindented\u202e right to left"
    result = read_ticket(GOOD | {"text": text.replace("\n", "\r\n"), "subject": "a\x00b\nc"}, CATEGORIES)
    assert isinstance(result, TicketForm)
    assert result.text == text
    assert result.subject == "a b c"


def test_a_megabyte_of_text_is_taken() -> None:
    result = read_ticket(GOOD | {"text": "é" * 524_288}, CATEGORIES)
    assert isinstance(result, TicketForm)
    assert len(result.text) == 524_288


@pytest.mark.parametrize(("key", "kept"), [("abc", "abc"), ("", None), ("x" * 101, None), ("é", None)])
def test_a_key_that_cannot_be_one_is_no_key(key: str, kept: str | None) -> None:
    result = read_ticket(GOOD | {"key": key}, CATEGORIES)
    assert isinstance(result, TicketForm)
    assert result.key == kept
