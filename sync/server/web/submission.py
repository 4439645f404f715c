"""A form that comes in over HTTP: its fields and files, with a limit on the whole that is kept while reading."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import anyio
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Message

PATIENCE_SECONDS = 60.0
_MAX_PARTS = 100
_SLACK = 256 * 1024
_DRAINED_AT_MOST = 8
_FILES = "files"
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


class TooBig(Exception):
    """More octets than the limit; the rest was read and thrown away, so that the answer can be read."""


class Unreadable(Exception):
    """No form, or a damaged one."""


class TooSlow(Exception):
    """Not one octet came for a minute."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The fields by name (the first of each), and the files of the field `files` that have a name or content."""

    fields: dict[str, str]
    uploads: list[UploadFile]

    @property
    def sizes(self) -> list[int]:
        """The octets of each file."""
        return [one.size or 0 for one in self.uploads]


@asynccontextmanager
async def read_submission(
    request: Request, *, file_bytes: int, text_bytes: int, patience: float = PATIENCE_SECONDS
) -> AsyncIterator[Submission]:
    """The form of a request; its files, spooled to disk, are there inside the block.

    The limits bound what is read at all; a form that is over them by little comes through, to be refused with its
    words kept. `patience`: seconds without an octet. Raises TooBig, Unreadable, TooSlow, and starlette's
    ClientDisconnect.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    most = 3 * text_bytes + _SLACK if kind == _URLENCODED else file_bytes + text_bytes + _SLACK
    meter = _Meter(request, 2 * most, patience)
    if kind not in (_URLENCODED, _MULTIPART):
        await meter.drain()
        raise Unreadable
    if _announced(request) > meter.most:
        await meter.drain()
        raise TooBig
    form = await _parse(request, meter, kind)
    try:
        yield _submission(form)
    finally:
        await form.close()


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


async def _parse(request: Request, meter: _Meter, kind: str) -> FormData:
    form: FormData | None = None
    try:
        async with aclosing(Request(request.scope, meter.receive).stream()) as stream:
            form = await _parser(request, stream, kind, meter.most).parse()
    except (MultiPartException, ValueError, KeyError) as wrong:
        if not meter.over:
            await meter.drain()
            raise Unreadable from wrong
    if meter.over or form is None:
        if form is not None:
            await form.close()
        await meter.drain()
        raise TooBig
    return form


def _parser(
    request: Request, stream: AsyncGenerator[bytes, None], kind: str, most: int
) -> FormParser | MultiPartParser:
    if kind == _URLENCODED:
        return FormParser(request.headers, stream, max_fields=_MAX_PARTS, max_part_size=most)
    parts = {"max_files": _MAX_PARTS, "max_fields": _MAX_PARTS}
    return _WholeMultiPart(request.headers, stream, max_part_size=most, **parts)


class _WholeMultiPart(MultiPartParser):
    """Refuses a body without its end, where starlette's own drops the last part in silence."""

    _whole = False

    def on_end(self) -> None:
        self._whole = True

    async def parse(self) -> FormData:
        form = await super().parse()
        if not self._whole:
            for file in self._files_to_close_on_error:
                file.close()
            raise MultiPartException("The end is missing.")
        return form


def _submission(form: FormData) -> Submission:
    fields: dict[str, str] = {}
    uploads: list[UploadFile] = []
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, value.encode(errors="replace").decode())
        elif name == _FILES and (value.filename or value.size):
            uploads.append(value)
    return Submission(fields, uploads)


class _Meter:
    """Counts the octets of a body, and ends it where there are too many."""

    def __init__(self, request: Request, most: int, patience: float) -> None:
        self._request = request
        self._patience = patience
        self.most = most
        self.seen = 0
        self.over = False
        self._ended = False

    async def receive(self) -> Message:
        """As ASGI's receive."""
        message = await self._next()
        if message["type"] == "http.request" and self.seen > self.most:
            self.over = True
            return {"type": "http.request", "body": b"", "more_body": False}
        return message

    async def drain(self) -> None:
        """Throw the rest away, up to a bound: a browser shows the answer only once it has sent everything."""
        while not self._ended and self.seen < self.most * _DRAINED_AT_MOST:
            await self._next()

    async def _next(self) -> Message:
        try:
            with anyio.fail_after(self._patience):
                message = await self._request.receive()
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.request":
            self.seen += len(message.get("body", b""))
            self._ended = not message.get("more_body", False)
        else:
            self._ended = True
        return message
