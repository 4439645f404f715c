"""Each line of SECURITY.md that claims something names tests, and these tests exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def claims() -> list[str]:
    """The lines of the part that claims."""
    part = TEXT.partition("\n## What holds\n")[2].partition("\n## ")[0]
    return [line for line in part.splitlines() if line.startswith("- ")]


def names_in(path: Path) -> set[str]:
    """The names of a file's tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim[2:60])
def test_a_claim_names_tests_that_exist(claim: str) -> None:
    named = NAMED.findall(claim)

    assert named, claim
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert name in names_in(ROOT / path), f"{path}::{name}"


def test_there_are_claims_and_nothing_else_in_that_part() -> None:
    part = TEXT.partition("\n## What holds\n")[2].partition("\n## ")[0]
    other = [line for line in part.splitlines() if line and not line.startswith(("- ", "### "))]

    assert len(claims()) > 30
    assert other == []


def test_what_is_not_protected_is_said() -> None:
    assert TEXT.partition("\n## What does not hold\n")[2].count("\n- ") >= 5
