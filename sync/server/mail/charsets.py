"""Octets to text, whatever the sender said of them: what is declared, if it is true; else what it looks like."""

import codecs
from typing import Final

from charset_normalizer import from_bytes

_SAMPLE: Final = 16_384
_TOO_FEW: Final = 40
_NO_WORD: Final = frozenset(
    {"", "unknown", "x-unknown", "unknown-8bit", "default", "binary", "8bit", "none", "utf-8mb4"}
)
_MEANT: Final = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso_8859-1": "cp1252",
    "us-ascii": "ascii", "ansi_x3.4-1968": "ascii", "ascii": "ascii", "ansi": "cp1252", "x-ansi": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "x-euc-cn": "gb18030",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "korean": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "big5": "big5hkscs",
    "x-big5": "big5hkscs", "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8", "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "windows-874": "cp874", "tis-620": "cp874",
    "x-windows-1252": "cp1252", "unicode": "utf-16", "utf8": "utf-8", "utf_8": "utf-8", "iso-2022-jp": "iso2022_jp_ext",
}  # fmt: skip
_NO_TEXT: Final = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Codecs of Python that are no charsets of mail; some take for ever."""
_WESTERN: Final = frozenset({"ascii", "cp1252", "iso8859-15", "iso8859-2", "cp1250", "cp1251", "koi8-r", "iso8859-9"})
"""In which octets that are valid UTF-8 would be nonsense: whoever declares one of them has declared wrongly."""


def decoded(octets: bytes, declared: str | None) -> str:
    """The text; never raises. What fits nothing is read as Windows Western, with U+FFFD for what is nothing there."""
    if octets.startswith(codecs.BOM_UTF8):
        octets, declared = octets[3:], "utf-8"
    if octets.isascii() and (declared is None or (b"\x1b" not in octets and "utf" not in declared.lower())):
        return octets.decode("ascii")
    codec = _codec(declared)
    if codec is None or codec in _WESTERN:
        utf = _tried(octets, "utf-8")
        if utf is not None:
            return utf
    found = None if codec is None else _tried(octets, codec)
    if found is not None:
        return found
    if codec is not None and not octets.isascii():
        utf = _tried(octets, "utf-8")
        if utf is not None:
            return utf
    return _looking_like(octets, codec)


def _codec(declared: str | None) -> str | None:
    """Python's name of a charset; None: nothing is known of it."""
    name = (declared or "").strip("\"' ;").lower()
    if name in _NO_WORD or len(name) > 40 or not name.isascii():
        return None
    try:
        found = codecs.lookup(_MEANT.get(name, name))
        is_text = getattr(found, "_is_text_encoding", True)
    except (LookupError, ValueError):
        return None
    return found.name if is_text and found.name.replace("-", "_") not in _NO_TEXT else None


def _tried(octets: bytes, codec: str) -> str | None:
    try:
        return octets.decode(codec)
    except (ValueError, LookupError):
        return None


def _looking_like(octets: bytes, codec: str | None) -> str:
    """Nearly what was declared, or what it looks like."""
    if codec is not None and codec not in _WESTERN:
        text = octets.decode(codec, "replace")
        if text.count("\N{REPLACEMENT CHARACTER}") * 20 <= len(text):
            return text
    foreign = sum(one > 127 for one in octets)
    if foreign < _TOO_FEW and foreign * 2 < len(octets):  # nothing can be guessed from so little
        western = _tried(octets, "cp1252")
        if western is not None:
            return western
    best = from_bytes(octets[:_SAMPLE]).best()
    guessed = None if best is None else _tried(octets, best.encoding)
    return octets.decode("cp1252", "replace") if guessed is None else guessed
