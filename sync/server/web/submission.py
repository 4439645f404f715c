"""A form that comes in over HTTP: its fields and files, with a limit on the whole that is kept while reading."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

_MAX_FIELDS = 100
_SLACK = 256 * 1024
_DRAINED_AT_MOST = 8


class TooBig(Exception):
    """More octets than the limit; the rest was read and thrown away, so that the answer can be read."""


class Unreadable(Exception):
    """No form, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The fields by name (the first of each), and the files that have a name or content."""

    fields: dict[str, str]
    uploads: list[UploadFile]


@asynccontextmanager
async def read_submission(
    request: Request, *, file_bytes: int, files: int, text_bytes: int
) -> AsyncIterator[Submission]:
    """The form of a request; its files, spooled to disk, are there inside the block.

    `file_bytes`: all files together. Raises TooBig, Unreadable.
    """
    most = file_bytes + text_bytes + _SLACK
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        most = 3 * text_bytes + _SLACK
    meter = _Meter(request, most)
    form = None
    try:
        if int(request.headers.get("content-length") or 0) > most:
            meter.over = True
        else:
            form = await _parse(request, meter, files)
        if meter.over or form is None:
            await meter.drain()
            raise TooBig
        fields: dict[str, str] = {}
        uploads: list[UploadFile] = []
        for name, value in form.multi_items():
            if isinstance(value, str):
                fields.setdefault(name, value)
            elif value.filename or value.size:
                uploads.append(value)
        if sum(one.size or 0 for one in uploads) > file_bytes:
            raise TooBig
        yield Submission(fields, [one for one in uploads if one.size or one.filename])
    finally:
        if form is not None:
            await form.close()


async def _parse(request: Request, meter: _Meter, files: int) -> FormData | None:
    content_type = request.headers.get("content-type", "")
    if not content_type.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        raise Unreadable
    metered = Request(request.scope, meter.receive)
    try:
        return await metered.form(max_files=files, max_fields=_MAX_FIELDS, max_part_size=meter.most)
    except HTTPException as wrong:
        if meter.over:
            return None
        raise Unreadable(wrong.detail) from wrong
    except (ValueError, KeyError, UnicodeError) as wrong:
        raise Unreadable from wrong


class _Meter:
    """Counts the octets of a body, and ends it where there are too many."""

    def __init__(self, request: Request, most: int) -> None:
        self._request = request
        self.most = most
        self.seen = 0
        self.over = False
        self._ended = False

    async def receive(self) -> Message:
        """As ASGI's receive."""
        message = await self._request.receive()
        if message["type"] == "http.request":
            self.seen += len(message.get("body", b""))
            self._ended = not message.get("more_body", False)
            if self.seen > self.most:
                self.over = True
                return {"type": "http.request", "body": b"", "more_body": False}
        return message

    async def drain(self) -> None:
        """Throw the rest away, up to a bound: a browser shows the answer only once it has sent everything."""
        while not self._ended and self.seen < self.most * _DRAINED_AT_MOST:
            message = await self._request.receive()
            if message["type"] != "http.request":
                return
            self.seen += len(message.get("body", b""))
            self._ended = not message.get("more_body", False)
