"""winmail.dat: the files and words that Outlook packs into one (MS-OXTNEF), read within bounds.

The packages that read it loop as often as the mail says, which may be four thousand million times; this one cannot.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final

from sync.server.mail.charsets import decoded

_SIGNATURE: Final = 0x223E9F78
_MOST_OBJECTS, _MOST_PROPERTIES, _MOST_FILES = 5_000, 2_000, 50
_RENDERING, _TITLE, _DATA, _PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_MAIL_PROPERTIES, _BODY, _CODE_PAGE = 0x9003, 0x800C, 0x9007
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _CONTENT, _MEDIA_TYPE = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E
_PLAIN_BODY, _HTML_BODY = 0x1000, 0x1013
_MANY: Final = 0x1000
_SIZES: Final = {0x02: 4, 0x0B: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_TEXT_8, _TEXT_16, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_INTERFACE_BYTES: Final = 16


class NoWinmailError(ValueError):
    """These octets are no winmail.dat, or a broken one."""


@dataclass
class PackedFile:
    """A file that was in it."""

    name: str = ""
    type: str = ""
    data: bytes = b""


@dataclass
class Unpacked:
    """What was in it; `text` and `html` may be empty."""

    text: str = ""
    html: str = ""
    files: list[PackedFile] = field(default_factory=list)


def unpacked(octets: bytes) -> Unpacked:
    """Everything inside. Raises NoWinmailError."""
    try:
        if unpack_from("<I", octets)[0] != _SIGNATURE:
            raise NoWinmailError("another signature")
        return _read(octets)
    except struct.error as error:
        raise NoWinmailError("it ends in the middle") from error


def _read(octets: bytes) -> Unpacked:
    found = Unpacked()
    charset = "cp1252"
    for name, data in _objects(octets):
        if name == _CODE_PAGE:
            charset = f"cp{unpack_from('<I', data)[0]}"
        elif name == _BODY:
            found.text = decoded(data.rstrip(b"\0"), charset)
        elif name == _MAIL_PROPERTIES:
            for key, kind, value in _properties(data):
                if key == _PLAIN_BODY:
                    found.text = _text(kind, value, charset)
                elif key == _HTML_BODY:
                    found.html = _text(kind, value, charset)
        elif name == _RENDERING and len(found.files) < _MOST_FILES:
            found.files.append(PackedFile())
        elif found.files:
            _take_in(found.files[-1], name, data, charset)
    found.files = [one for one in found.files if one.data]
    return found


def _objects(octets: bytes) -> Iterator[tuple[int, bytes]]:
    place = 6
    for _ in range(_MOST_OBJECTS):
        if place + 11 > len(octets):
            return
        name, _, size = unpack_from("<HHI", octets, place + 1)
        yield name, octets[place + 9 : place + 9 + size]
        place += 11 + size


def _take_in(file: PackedFile, name: int, data: bytes, charset: str) -> None:
    if name == _TITLE:
        file.name = file.name or decoded(data.rstrip(b"\0"), charset)
    elif name == _DATA:
        file.data = data
    elif name == _PROPERTIES:
        for key, kind, value in _properties(data):
            if key == _LONG_NAME:
                file.name = _text(kind, value, charset)
            elif key in (_SHORT_NAME, _SHOWN_NAME):
                file.name = file.name or _text(kind, value, charset)
            elif key == _MEDIA_TYPE:
                file.type = _text(kind, value, charset)
            elif key == _CONTENT and not file.data:
                file.data = value[_INTERFACE_BYTES:] if kind == _OBJECT else value


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Property, type, value; of several values the last. Ends where something is not understood."""
    count = min(unpack_from("<I", data)[0], _MOST_PROPERTIES)
    place = 4
    for _ in range(count):
        if place + 4 > len(data):
            return
        kind, key = unpack_from("<HH", data, place)
        place += 4
        if key >= 0x8000:
            place = _behind_name(data, place)
        values = 1
        is_sized = kind & ~_MANY not in _SIZES
        if kind & _MANY or is_sized:
            values = unpack_from("<I", data, place)[0]
            place += 4
        kind &= ~_MANY
        value = b""
        for _ in range(min(values, _MOST_PROPERTIES)):
            if place > len(data):
                return
            size = unpack_from("<I", data, place)[0] if is_sized else _SIZES[kind]
            place += 4 if is_sized else 0
            value = data[place : place + size]
            place += (size + 3) // 4 * 4
        if values > _MOST_PROPERTIES:
            return
        yield key, kind, value


def _behind_name(data: bytes, place: int) -> int:
    place += 16
    kind, size = unpack_from("<II", data, place)
    return place + 8 if kind == 0 else place + 8 + (size + 3) // 4 * 4


def _text(kind: int, value: bytes, charset: str) -> str:
    if kind == _TEXT_16:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return decoded(value.rstrip(b"\0"), None if kind == _BINARY else charset)
