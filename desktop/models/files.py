"""Files that strangers send: names that can do no harm, and which of them may be opened by a double click."""

import re
from pathlib import PurePosixPath

NAME_MAX = 120

# The name's ending decides which program the desktop starts, so both ending and type must be harmless.
_OPENABLE = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".txt": "text/plain",
    ".log": "text/plain",
    ".pdf": "application/pdf",
}
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')


def harmless_name(name: str) -> str:
    """A file name without folders, controls, reversed writing or a leading dot; "file" where nothing is left.

    Names that Windows reserves get a line before them; long ones are cut in the middle, the ending stays.
    """
    plain = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    if not plain:
        return "file"
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    suffix = PurePosixPath(plain).suffix[:20]
    return plain if len(plain) <= NAME_MAX else plain[: NAME_MAX - len(suffix)] + suffix


def may_open(name: str, media_type: str) -> bool:
    """Whether the desktop may show this file with its usual program; everything else is only ever saved."""
    expected = _OPENABLE.get(PurePosixPath(harmless_name(name)).suffix.lower())
    return expected is not None and media_type.split(";", 1)[0].strip().lower() == expected


def is_picture(name: str, media_type: str) -> bool:
    """Whether it can be previewed inside the window."""
    return may_open(name, media_type) and media_type.startswith("image/")
