"""Names and kinds of strangers' files."""

import pytest

from desktop.models.files import is_picture, may_open
from sync.domain.file_names import NAME_MAX, harmless_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\a.txt", "a.txt"),
        (".bashrc", "bashrc"),
        ("con.txt", "_con.txt"),
        ("inv\u202egpj.exe", "inv_gpj.exe"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("", "file"),
        ("...", "file"),
        ("übersicht 2026.png", "übersicht 2026.png"),
    ],
)
def test_names_lose_what_could_do_harm(given: str, kept: str) -> None:
    assert harmless_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = harmless_name("x" * 500 + ".png")
    assert len(name) == NAME_MAX
    assert name.endswith(".png")


@pytest.mark.parametrize(
    ("name", "media_type", "opens"),
    [
        ("a.png", "image/png", True),
        ("A.PNG", "image/png; charset=binary", True),
        ("a.png", "application/x-msdownload", False),
        ("a.exe", "image/png", False),
        ("a.pdf.exe", "application/pdf", False),
        ("a.html", "text/html", False),
        ("a.svg", "image/svg+xml", False),
        ("a.desktop", "text/plain", False),
        ("log.txt", "text/plain", True),
        ("noending", "text/plain", False),
    ],
)
def test_only_harmless_kinds_are_opened(name: str, media_type: str, opens: bool) -> None:
    assert may_open(name, media_type) is opens


def test_only_pictures_are_previewed() -> None:
    assert is_picture("a.jpg", "image/jpeg")
    assert not is_picture("a.pdf", "application/pdf")
