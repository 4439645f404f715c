"""Media types and file names made harmless before they stand in a header (RFC 8620 section 6.2)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

OCTETS = "application/octet-stream"
_PASSIVE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "text/plain"})
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_NAME_MAX = 200
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}", re.ASCII)


def media_type(claimed: str | None) -> str:
    """The claimed media type without parameters, or `application/octet-stream` if it is none (RFC 6838 4.2)."""
    bare = (claimed or "").partition(";")[0].strip()
    return bare.lower() if _MEDIA_TYPE.fullmatch(bare) else OCTETS


def shown_type(claimed: str | None) -> str:
    """The type that a download may have: pictures made of points and plain text as they are, all others octets."""
    wanted = media_type(claimed)
    return wanted if wanted in _PASSIVE else OCTETS


def download_headers(name: str, size: int) -> dict[str, str]:
    """Headers under which no browser runs what it fetches."""
    return {
        "content-length": str(size),
        "content-disposition": disposition(name),
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, immutable, max-age=31536000",
        "cross-origin-resource-policy": "same-origin",
    }


def disposition(name: str) -> str:
    """`attachment` with that file name, faithful but for separators and characters nobody can see (RFC 6266)."""
    seen = "".join(one for one in name if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    clean = seen.replace("/", "_").replace("\\", "_").strip(". ")[-_NAME_MAX:] or "file"
    if _RESERVED.fullmatch(clean):
        clean = f"_{clean}"
    plain = "".join(one if one.isascii() and one not in '"%' else "_" for one in clean)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"
