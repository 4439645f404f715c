"""FAQ entries as one Markdown file: `# Question`, lines such as `language: de`, an empty line, the answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sync.domain.errors import Rejected
from sync.domain.faq import Status
from sync.server.database import Row
from sync.server.faq.entries import USUAL_LANGUAGE, Draft

_HEADING: Final = "# "
_FENCES: Final = ("```", "~~~")
_KEYS: Final = ("categories", "language", "status")


@dataclass(frozen=True, slots=True)
class _Part:
    """One question's lines; `line`: where it stands in the file, from 1."""

    question: str
    line: int
    lines: list[str]


def read_entries(text: str, category_of: Callable[[str], str]) -> list[Draft]:
    """Every entry of a file. `category_of` gives the id of a category by its name.

    Raises Rejected, which names the line, or as `category_of` does.
    """
    return [_entry(part, category_of) for part in _parts(text.removeprefix("\N{BYTE ORDER MARK}").splitlines())]


def write_entries(rows: Sequence[Row], names: Mapping[str, str]) -> Iterator[str]:
    """The file, entry by entry. `names`: categories by id."""
    for row in rows:
        named = ", ".join(names[one] for one in row["category_ids"] if one in names)
        head = [f"# {row['question']}", f"language: {row['language']}", f"status: {row['status']}"]
        if named:
            head.insert(1, f"categories: {named}")
        yield "\n".join([*head, "", *_inside(row["answer"].strip("\n").split("\n"))]) + "\n\n"


def _parts(lines: Sequence[str]) -> Iterator[_Part]:
    part: _Part | None = None
    for number, line, is_code in _with_fences(lines):
        if line.startswith(_HEADING) and not is_code:
            if part is not None:
                yield part
            part = _Part(line.removeprefix(_HEADING).strip(), number, [])
        elif part is not None:
            part.lines.append(line)
        elif line.strip():
            raise Rejected(f"Line {number} stands before the first question. Begin each with # and its words.")
    if part is not None:
        yield part


def _with_fences(lines: Iterable[str]) -> Iterator[tuple[int, str, bool]]:
    """Each line with its number, and whether it stands within a block of code."""
    fence = ""
    for number, line in enumerate(lines, 1):
        mark = line.lstrip()[:3]
        if fence and mark == fence:
            fence = ""
            yield number, line, True
        else:
            fence = fence or (mark if mark in _FENCES else "")
            yield number, line, bool(fence)


def _entry(part: _Part, category_of: Callable[[str], str]) -> Draft:
    said: dict[str, str] = {}
    rest = list(part.lines)
    while rest and (found := _said(rest[0])) is not None:
        said[found[0]] = found[1]
        rest.pop(0)
    try:
        status = Status(said.get("status", Status.DRAFT.value))
    except ValueError as error:
        raise Rejected(f"Line {part.line}: the status is draft or published, not {said['status']}.") from error
    named = [one.strip() for one in said.get("categories", "").split(",") if one.strip()]
    answer = "\n".join(rest).strip("\n")
    language = said.get("language") or USUAL_LANGUAGE
    return Draft(part.question, answer, frozenset(category_of(one) for one in named), language, status)


def _said(line: str) -> tuple[str, str] | None:
    key, colon, value = line.partition(":")
    return (key.strip().lower(), value.strip()) if colon and key.strip().lower() in _KEYS else None


def _inside(lines: Iterable[str]) -> Iterator[str]:
    """An answer's own headings, one space in: still headings, and no question."""
    for _, line, is_code in _with_fences(lines):
        yield f" {line}" if line.startswith(_HEADING) and not is_code else line
