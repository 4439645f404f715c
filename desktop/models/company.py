"""Who else is at a ticket, in words and as a mark: "Mona is typing a reply", an eye and two letters (PRODUCT D6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.models.row_text import initials
from desktop.translation import translate
from sync.domain.presence import Doing


@dataclass(frozen=True, slots=True)
class Company:
    """Those at one ticket. `words` is one short sentence, `whole` names everybody, `letters` is for a list row."""

    icon: str = ""
    words: str = ""
    whole: str = ""
    letters: str = ""
    typing: bool = False

    def __bool__(self) -> bool:
        return bool(self.words)


NOBODY = Company()


def company(there: Mapping[str, Doing], names: Mapping[str, str]) -> Company:
    """`there`: by agent id, those who type first."""
    if not there:
        return NOBODY
    unknown = translate("Company", "A colleague")
    typing = [names.get(one, unknown) for one, doing in there.items() if doing is Doing.TYPING]
    looking = [names.get(one, unknown) for one, doing in there.items() if doing is Doing.LOOKING]
    sentences = [_typing(typing)] if typing else []
    sentences += [_looking(looking)] if looking else []
    first = (typing or looking)[0]
    letters = initials(first) + (f" +{len(there) - 1}" if len(there) > 1 else "")
    return Company("typing" if typing else "looking", sentences[0], ". ".join(sentences), letters, bool(typing))


def _typing(names: Sequence[str]) -> str:
    if len(names) == 1:
        return translate("Company", "{name} is typing a reply").format(name=names[0])
    if len(names) == 2:
        return translate("Company", "{name} and {other} are typing a reply").format(name=names[0], other=names[1])
    words = translate("Company", "{name} and {count} others are typing a reply")
    return words.format(name=names[0], count=len(names) - 1)


def _looking(names: Sequence[str]) -> str:
    if len(names) == 1:
        return translate("Company", "{name} is looking").format(name=names[0])
    if len(names) == 2:
        return translate("Company", "{name} and {other} are looking").format(name=names[0], other=names[1])
    return translate("Company", "{name} and {count} others are looking").format(name=names[0], count=len(names) - 1)
