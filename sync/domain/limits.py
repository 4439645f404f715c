"""What a text may be: the limits, and how a text that strangers send is made storable without losing a word."""

import unicodedata

SUBJECT_MAX = 500
BODY_MAX_BYTES = 4_000_000
NAME_MAX = 200
EMAIL_MAX = 320
TAG_MAX = 100
QUICK_NOTE_MAX_BYTES = 1_000_000
UPLOAD_MAX_BYTES = 25_000_000

_KEPT_CONTROLS = frozenset("\n\t")


def clean_line(text: str) -> str:
    """One line: line breaks and other controls become spaces, runs of space one, ends trimmed."""
    return " ".join("".join(" " if _is_control(c) else c for c in text).split())


def clean_text(text: str) -> str:
    """Many lines: CRLF and CR become LF; other control characters become U+FFFD, so that their place shows."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if not any(_is_control(c) and c not in _KEPT_CONTROLS for c in unified):
        return unified
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_control(c) and c not in _KEPT_CONTROLS else c for c in unified)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs")
