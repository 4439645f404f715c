"""Names of files that strangers send, made harmless: for the server's store, for what a person saves, for a title."""

import re
from pathlib import PurePosixPath
from typing import Final

NAME_MAX: Final = 120

_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(?:\..*)?", re.IGNORECASE)
_UNSAFE: Final = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]'
)


def harmless_name(name: str) -> str:
    """A file name without folders, controls, reversed writing or a leading dot; "file" where nothing is left.

    Names that Windows reserves get a line before them; long ones are cut in the middle, the ending stays.
    """
    last = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(one if one.isprintable() else " " if one.isspace() else "_" for one in last).strip(" .")
    if not plain:
        return "file"
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    suffix = PurePosixPath(plain).suffix[:20]
    return plain if len(plain) <= NAME_MAX else (plain[: NAME_MAX - len(suffix)] + suffix).strip(" .")
