"""Who is next in line after an arrival reached nobody."""

import pytest

from sync.domain.lines import Line, Seer, next_in_line

FIRST: list[Seer] = [("ann", Line.FIRST), ("ben", Line.FIRST)]
SECOND: list[Seer] = [("cleo", Line.SECOND), ("dan", Line.SECOND)]
OWNER: list[Seer] = [("olga", Line.OWNER)]


@pytest.mark.parametrize(
    ("seers", "meant_for", "by", "expected"),
    [
        (FIRST + SECOND + OWNER, None, None, ["cleo", "dan"]),
        (FIRST + SECOND + OWNER, None, "cleo", ["dan"]),
        (FIRST + OWNER, None, None, ["olga"]),
        (FIRST, None, None, []),
        (FIRST + SECOND + OWNER, "ann", None, ["ben"]),
        (FIRST[:1] + SECOND + OWNER, "ann", None, ["cleo", "dan"]),
        (FIRST[:1] + OWNER, "ann", "olga", []),
        ([], None, None, []),
    ],
)
def test_the_second_line_then_the_owners_and_for_one_agent_the_others_first(
    seers: list[Seer], meant_for: str | None, by: str | None, expected: list[str]
) -> None:
    assert next_in_line(seers, meant_for, by) == expected
