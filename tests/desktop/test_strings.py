"""Every text that people see goes through translation."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "desktop"
SHOWING = {
    "setText", "setPlaceholderText", "setToolTip", "setWindowTitle", "setAccessibleName", "setAccessibleDescription",
    "setTitle", "setLabelText", "setInformativeText", "setStatusTip", "addAction", "addButton", "addMenu", "addTab",
    "setSuffix", "setPrefix",
}  # fmt: skip
MADE = {"QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QAction", "KeyButton", "IconButton"}
OUR_NAME = {"Deskbell"}


def said(node: ast.expr) -> Iterator[ast.Constant]:
    """Literal words in an expression that no call stands around; marks and figures alone are no words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if any(character.isalpha() for character in node.value) and node.value not in OUR_NAME:
            yield node
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from said(part)
    elif isinstance(node, ast.BinOp):
        yield from said(node.left)
        yield from said(node.right)
    elif isinstance(node, ast.IfExp):
        yield from said(node.body)
        yield from said(node.orelse)


def bare_words(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in SHOWING | MADE:
            continue
        places = node.args[1:2] if name in ("KeyButton", "IconButton") else node.args
        for argument in places:
            for word in said(argument):
                yield f"{file.relative_to(ROOT.parent)}:{word.lineno}: {word.value!r}"


def test_no_words_are_shown_untranslated() -> None:
    found = [line for file in sorted(ROOT.rglob("*.py")) for line in bare_words(file)]
    assert found == []


def test_words_are_found_where_they_are_bare(tmp_path: Path) -> None:
    assert [word.value for word in said(ast.parse("f'{n} new'", mode="eval").body)] == [" new"]
    assert list(said(ast.parse("self.tr('new')", mode="eval").body)) == []
