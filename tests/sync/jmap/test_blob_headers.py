"""File names and media types of strangers, made fit for a header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.jmap.blob_headers import OCTETS, disposition, media_type, shown_type


@pytest.mark.parametrize(
    ("claimed", "used"),
    [
        ("text/plain", "text/plain"),
        (" Text/PLAIN ; charset=x", "text/plain"),
        ("image/svg+xml", "image/svg+xml"),
        (None, OCTETS),
        ("", OCTETS),
        ("text", OCTETS),
        ("text/plain\r\nX: y", OCTETS),
        ("a/b/c", OCTETS),
        ("x/" + "y" * 200, OCTETS),
        ("t\u00e9xt/plain", OCTETS),
    ],
)
def test_a_media_type_is_one_or_octets(claimed: str | None, used: str) -> None:
    assert media_type(claimed) == used


@pytest.mark.parametrize(
    "active", ["text/html", "image/svg+xml", "text/xml", "application/pdf", "text/javascript", None]
)
def test_what_a_browser_might_run_is_octets(active: str | None) -> None:
    assert shown_type(active) == OCTETS
    assert shown_type("image/PNG; x=y") == "image/png"


@pytest.mark.parametrize(("name", "shown"), [("CON", "_CON"), ("nul.txt", "_nul.txt"), ("x" * 900 + ".png", ".png")])
def test_a_name_that_a_system_cannot_take_is_changed(name: str, shown: str) -> None:
    found = disposition(name).rpartition("''")[2]
    assert found.endswith(shown)
    assert len(found) <= 200


@given(st.text(max_size=30))
def test_any_name_makes_one_safe_header(name: str) -> None:
    header = disposition(name)
    assert header.startswith('attachment; filename="')
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert "/" not in header
    assert "\\" not in header


@pytest.mark.parametrize("name", ["", ".", "..", " ", "\u202e\r\n"])
def test_a_name_of_nothing_is_a_file(name: str) -> None:
    assert disposition(name) == "attachment; filename=\"file\"; filename*=UTF-8''file"
