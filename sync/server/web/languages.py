"""Which language a reader prefers, as the browser says it, and what languages call themselves."""

from collections.abc import Collection
from typing import Final

_MOST: Final = 20
_NAMES: Final = {
    "da": "Dansk", "de": "Deutsch", "en": "English", "es": "Español", "fi": "Suomi", "fr": "Français",
    "hu": "Magyar", "it": "Italiano", "nb": "Norsk", "nl": "Nederlands", "nn": "Nynorsk", "no": "Norsk",
    "pl": "Polski", "pt": "Português", "ru": "Русский", "sv": "Svenska", "tr": "Türkçe",
}  # fmt: skip


def wanted(header: str) -> list[str]:
    """The tags of an Accept-Language header (RFC 9110 12.5.4), the most wanted first, in small letters."""
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:_MOST]):
        tag, _, weight = part.partition(";")
        quality = _quality(weight)
        if tag.strip() and quality > 0:
            found.append((-quality, place, tag.strip().lower()))
    return [tag for _, _, tag in sorted(found)]


def best(wishes: Collection[str], there: Collection[str]) -> str | None:
    """Of the languages that are there, the one that is wished most: the same tag, else the same language."""
    for wish in wishes:
        for same in (lambda one, wish=wish: one.lower() == wish, lambda one, wish=wish: _main(one) == _main(wish)):
            for one in sorted(there):
                if same(one):
                    return one
    return None


def name_of(tag: str) -> str:
    """What the language calls itself, else its tag."""
    known = _NAMES.get(_main(tag))
    return tag if known is None else known if "-" not in tag else f"{known} ({tag.partition('-')[2]})"


def _main(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
