"""What strangers send by form is stored as they wrote it, or refused with a sentence for the field."""

import pytest

from sync.domain.limits import BODY_MAX_BYTES, SUBJECT_MAX
from sync.domain.records import Category
from sync.server.web.forms import Allowed, Refused, TicketForm, read_ticket
from tests.rigs.street import Street

ALLOWED = Allowed(per_hour=20, files=2, file_bytes=1_000_000, text_bytes=BODY_MAX_BYTES)
CATEGORIES = [Category("c1", "Downloads"), Category("c2", "Billing")]
GOOD = {
    "category": "Billing",
    "name": "Oskar N.",
    "email": "oskar.n@mail.example",
    "subject": "Charged twice",
    "text": "Invoice 2026-1143 was taken twice.",
}


def refused(**changed: str) -> Refused:
    result = read_ticket(GOOD | changed, [], CATEGORIES, ALLOWED)
    assert isinstance(result, Refused), result
    return result


def test_problems_stand_in_the_order_of_the_page(street: Street) -> None:
    wrong = refused(**dict.fromkeys(GOOD, ""))
    page = street.get("/").text
    names = list(wrong.problems.by_field)
    assert sorted(names) == sorted(GOOD)
    assert names == sorted(names, key=lambda name: page.index(f'id="{name}"'))


@pytest.mark.parametrize("category", ["c2", "Billing"])
def test_a_category_is_named_by_id_or_exact_name(category: str) -> None:
    result = read_ticket(GOOD | {"category": category}, [], CATEGORIES, ALLOWED)
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
        ("text", "x" * (BODY_MAX_BYTES + 1), "longer than 4 MB"),
        ("website", "http://spam.example", "by hand"),
    ],
)
def test_a_wrong_field_gets_a_sentence_and_the_rest_is_shown_again(name: str, value: str, words: str) -> None:
    result = refused(**{name: value})
    assert words in result.problems.by_field["" if name == "website" else name]
    assert len(result.problems.by_field) == 1
    assert set(result.values) == set(GOOD)


def test_words_are_kept_as_written_in_any_script() -> None:
    text = "شكرا 🙂 ﷽\n\n\tindented\u202e right to left"
    result = read_ticket(GOOD | {"text": text.replace("\n", "\r\n"), "subject": "a\x00b\nc"}, [], CATEGORIES, ALLOWED)
    assert isinstance(result, TicketForm)
    assert result.text == text
    assert result.subject == "a b c"


def test_a_megabyte_of_text_is_taken() -> None:
    result = read_ticket(GOOD | {"text": "é" * 524_288}, [], CATEGORIES, ALLOWED)
    assert isinstance(result, TicketForm)
    assert len(result.text) == 524_288


@pytest.mark.parametrize(("key", "kept"), [("abc", "abc"), ("", None), ("x" * 101, None), ("é", None)])
def test_a_key_that_cannot_be_one_is_no_key(key: str, kept: str | None) -> None:
    result = read_ticket(GOOD | {"key": key}, [], CATEGORIES, ALLOWED)
    assert isinstance(result, TicketForm)
    assert result.key == kept


@pytest.mark.parametrize(
    ("sizes", "status", "words"),
    [([1, 1, 1], 422, "3 files, the limit is 2"), ([600_000, 400_001], 413, "the limit is 1 MB in all")],
)
def test_files_over_a_limit_are_refused_with_the_limit_named(sizes: list[int], status: int, words: str) -> None:
    result = read_ticket(GOOD, sizes, CATEGORIES, ALLOWED)
    assert isinstance(result, Refused)
    assert result.problems.status == status
    assert words in result.problems.by_field["files"]
    assert isinstance(read_ticket(GOOD, [500_000, 500_000], CATEGORIES, ALLOWED), TicketForm)
