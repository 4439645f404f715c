"""Where words stand in a thread: every place of a needle in the texts of its messages, in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from desktop.models.thread import Entry

MOST = 999


@dataclass(frozen=True, slots=True)
class Hit:
    """The `number`-th place (from 0) in the text of an entry."""

    entry_id: str
    number: int


class _Folds(dict[int, int]):
    """Each letter as it is compared: small and without accents; always one for one, so that places stay right."""

    def __missing__(self, code: int) -> int:
        plain = normalize("NFD", chr(code))[0].lower()
        folded = self[code] = ord(plain) if len(plain) == 1 else code
        return folded


class Needle:
    """What is looked for; capitals and accents do not matter, runs of blanks do."""

    def __init__(self, text: str) -> None:
        self._folds = _Folds()
        self.text = text
        self._folded = text.translate(self._folds)

    def __bool__(self) -> bool:
        return bool(self._folded)

    def spans(self, text: str, most: int = MOST) -> list[tuple[int, int]]:
        """Beginning and end of its first places in a text, none within another."""
        found: list[tuple[int, int]] = []
        if not self._folded:
            return found
        folded, size = text.translate(self._folds), len(self._folded)
        at = folded.find(self._folded)
        while at >= 0 and len(found) < most:
            found.append((at, at + size))
            at = folded.find(self._folded, at + size)
        return found


def hits(entries: Sequence[Entry], needle: Needle) -> list[Hit]:
    """At most `MOST`, the newest messages first where there are more; in reading order."""
    found: list[Hit] = []
    for entry in reversed(entries):
        places = needle.spans(entry.body, MOST - len(found))
        found.extend(Hit(entry.id, number) for number in reversed(range(len(places))))
        if len(found) >= MOST:
            break
    found.reverse()
    return found
