"""What may be clicked in a stranger's text."""

import pytest

from desktop.models.links import LINK_MAX, links


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.example/x?y=1&z=2.", ["https://a.example/x?y=1&z=2"]),
        ("(https://a.example/wiki/Bell_(desk))", ["https://a.example/wiki/Bell_(desk)"]),
        ("write to mailto:ines@mail.example!", ["mailto:ines@mail.example"]),
        ("HTTP://A.example", ["HTTP://A.example"]),
        ("javascript:alert(1) file:///etc/passwd ftp://a.example data:text/html,x", []),
        ("xhttps://a.example", []),
        ("https://", []),
        ("two https://a.example, https://b.example", ["https://a.example", "https://b.example"]),
        ("https://münchen.example/ä", ["https://münchen.example/ä"]),
        ('<a href="https://evil.example">https://good.example</a>', ["https://evil.example", "https://good.example"]),
    ],
)
def test_only_harmless_schemes_become_links(text: str, found: list[str]) -> None:
    assert [link.target for link in links(text)] == found


def test_the_words_shown_are_the_target() -> None:
    text = "go to https://a.example/path, please"
    (link,) = links(text)
    assert text[link.start : link.end] == link.target


def test_a_link_ends_where_the_writing_direction_is_turned() -> None:
    (link,) = links("https://a.example/\u202egnp.exe")
    assert link.target == "https://a.example/"


def test_a_text_that_is_one_long_link_is_cut() -> None:
    (link, *_rest) = links("https://a.example/" + "x" * 100_000)
    assert len(link.target) < LINK_MAX + 20
