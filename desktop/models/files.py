"""Files that strangers send: which of them may be opened by a double click."""

from pathlib import PurePosixPath

from sync.domain.file_names import harmless_name

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


def may_open(name: str, media_type: str) -> bool:
    """Whether the desktop may show this file with its usual program; everything else is only ever saved."""
    expected = _OPENABLE.get(PurePosixPath(harmless_name(name)).suffix.lower())
    return expected is not None and media_type.split(";", 1)[0].strip().lower() == expected


def is_picture(name: str, media_type: str) -> bool:
    """Whether it can be previewed inside the window."""
    return may_open(name, media_type) and media_type.startswith("image/")
