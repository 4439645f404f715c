"""I-JSON in, JSON out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.jmap.errors import JSON
from sync.jmap.pointer import PointerError, escape, evaluate, parse
from sync.jmap.wire import NotIJsonError, read, same, write


def test_integral_numbers_are_int() -> None:
    found = read(b"[1, 1.0, 1e2, 1.5, -0.0, 1e300]")
    assert found == [1, 1, 100, 1.5, 0, 1e300]
    assert [type(one) for one in found] == [int, int, int, float, int, float]


@pytest.mark.parametrize(
    "octets", [b"", b'{"a":1,"a":2}', b'"\xff"', b'"\\udc00"', b"NaN", b"-Infinity", b"1e999", b"[1,]"]
)
def test_what_is_not_i_json_is_refused(octets: bytes) -> None:
    with pytest.raises(NotIJsonError):
        read(octets)


def test_nothing_is_read_that_cannot_be_written() -> None:
    for depth in (100, 300, 5000, 200_000):
        octets = b"[" * depth + b"]" * depth
        try:
            value = read(octets)
        except NotIJsonError:
            assert depth > 100
        else:
            assert write(value) == octets


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (True, 1, False),
        (0, False, False),
        (1, 1.0, True),
        ({"a": True}, {"a": 1}, False),
        ([True], [1], False),
        ([1, 2], [1], False),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": [None]}, {"a": [None]}, True),
        (None, False, False),
        ("", None, False),
    ],
)
def test_sameness_is_that_of_json(one: JSON, other: JSON, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


@given(st.lists(st.text(min_size=0, max_size=5), min_size=1, max_size=5))
def test_a_pointer_leads_to_what_it_names(tokens: list[str]) -> None:
    value: JSON = "here"
    for token in reversed(tokens):
        value = {token: value}
    path = "".join("/" + escape(token) for token in tokens)
    assert parse(path) == tuple(tokens)
    assert evaluate(value, parse(path)) == "here"


@pytest.mark.parametrize("path", ["a", "/~", "/~2", "/a~"])
def test_a_malformed_pointer_is_refused(path: str) -> None:
    with pytest.raises(PointerError):
        parse(path)


def test_a_star_is_a_name_inside_an_object() -> None:
    assert evaluate({"*": 5}, parse("/*")) == 5
