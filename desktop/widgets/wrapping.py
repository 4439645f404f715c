"""How lines are broken: between words, and anywhere in words that no line could hold."""

import re

from PySide6.QtGui import QTextOption

_ENDLESS = re.compile(r"\S{2000}")


def wrap_mode(text: str) -> QTextOption.WrapMode:
    """Breaking anywhere takes time by the length; looking for the best place in a word of 1 MB takes minutes."""
    if _ENDLESS.search(text):
        return QTextOption.WrapMode.WrapAnywhere
    return QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
