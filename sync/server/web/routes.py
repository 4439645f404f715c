"""The public side over HTTP: `/`, `/tickets`, `/t/SECRET`; no account, no cookie, no script."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sync.domain.errors import Rejected, StorageFull
from sync.domain.limits import NAME_MAX, clean_line
from sync.domain.records import Attachment
from sync.jmap.blob_headers import download_headers, media_type
from sync.server.house import House
from sync.server.web.forms import Refused, read_key, read_text, read_ticket
from sync.server.web.front_desk import FrontDesk, Stored
from sync.server.web.pages import Pages
from sync.server.web.rate import SlidingHour
from sync.server.web.submission import Submission, TooBig, Unreadable, read_submission

_PIECE: Final = 256 * 1024
_KEY_BITS: Final = 128

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The limits as they are set now."""

    per_hour: int
    files: int
    file_bytes: int
    text_bytes: int


class PublicSide:
    """Handlers of the public pages."""

    def __init__(self, house: House, pages: Pages) -> None:
        self._house = house
        self._pages = pages
        self._desk = FrontDesk(house)
        self._by_address = SlidingHour(house.parts.clock)
        self._by_mail = SlidingHour(house.parts.clock)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        return [
            Route("/", self._guarded(self.show_form), methods=["GET"]),
            Route("/tickets", self._guarded(self.file_ticket), methods=["POST"]),
            Route("/t/{secret}", self._guarded(self.show_thread), methods=["GET"]),
            Route("/t/{secret}", self._guarded(self.add_message), methods=["POST"]),
            Route("/t/{secret}/files/{blob_id}/{name:path}", self._guarded(self.send_file), methods=["GET"]),
            Route("/static/{name}", self._guarded(self.send_static), methods=["GET"]),
        ]

    async def show_form(self, _: Request) -> Response:
        """An empty form with a new one-time key."""
        allowed = await to_thread.run_sync(self._allowed)
        categories = await to_thread.run_sync(self._desk.categories)
        return self._pages.form(categories, self._new_key(), allowed.file_bytes)

    async def file_ticket(self, request: Request) -> Response:
        """A new question: 303 to its private page, or the form again with what is wrong."""
        allowed = await to_thread.run_sync(self._allowed)
        self._count(self._by_address, _address(request), allowed)
        async with self._submission(request, allowed) as sent:
            categories = await to_thread.run_sync(self._desk.categories)
            form = read_ticket(sent.fields, categories)
            if isinstance(form, Refused):
                return self._pages.form(
                    categories,
                    read_key(sent.fields) or self._new_key(),
                    allowed.file_bytes,
                    form.values,
                    form.problems,
                    had_files=bool(sent.uploads),
                    status=422,
                )
            self._count(self._by_mail, form.email.lower(), allowed)
            files = await self._store(sent.uploads)
            secret = await to_thread.run_sync(self._desk.file, form, files)
        return RedirectResponse(f"/t/{secret}", 303, {"cache-control": "no-store"})

    async def show_thread(self, request: Request) -> Response:
        """The private page."""
        return await self._thread(request)

    async def add_message(self, request: Request) -> Response:
        """Further words or files: 303 to the page that shows them."""
        allowed = await to_thread.run_sync(self._allowed)
        self._count(self._by_address, _address(request), allowed)
        secret = request.path_params["secret"]
        await to_thread.run_sync(self._desk.page, secret)
        async with self._submission(request, allowed) as sent:
            problems: dict[str, str] = {}
            text = read_text(sent.fields, problems, required=not sent.uploads)
            if problems:
                return await self._thread(request, {"text": sent.fields.get("text", "")}, problems, status=422)
            files = await self._store(sent.uploads)
            shown_at = await to_thread.run_sync(self._desk.add, secret, text, files, read_key(sent.fields))
        return RedirectResponse(f"/t/{shown_at}", 303, {"cache-control": "no-store"})

    async def send_file(self, request: Request) -> Response:
        """A file of the private page, as a download that no browser runs."""
        secret, blob_id = request.path_params["secret"], request.path_params["blob_id"]
        found = await to_thread.run_sync(self._desk.file_of_page, secret, blob_id)
        headers = download_headers(found.name, found.size)
        return StreamingResponse(self._house.blobs.pieces(blob_id), 200, headers, "application/octet-stream")

    async def send_static(self, request: Request) -> Response:
        """What the pages need."""
        found = self._pages.static(request.path_params["name"])
        return found if found is not None else self._missing()

    async def _thread(
        self,
        request: Request,
        values: dict[str, str] | None = None,
        problems: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        secret = request.path_params["secret"]
        allowed = await to_thread.run_sync(self._allowed)
        page = await to_thread.run_sync(self._desk.page, secret)
        address = f"/t/{secret}"
        return self._pages.thread(page, address, self._new_key(), allowed.file_bytes, values, problems, status=status)

    def _submission(self, request: Request, allowed: _Allowed) -> AbstractAsyncContextManager[Submission]:
        return read_submission(
            request, file_bytes=allowed.file_bytes, files=allowed.files, text_bytes=allowed.text_bytes
        )

    async def _store(self, uploads: Sequence[UploadFile]) -> list[Stored]:
        stored: list[Stored] = []
        for upload in uploads:
            writer, digest = self._house.blobs.writer(), sha256()
            while piece := await upload.read(_PIECE):
                digest.update(piece)
                await to_thread.run_sync(writer.add, piece)
            blob = await to_thread.run_sync(writer.finish, media_type(upload.content_type))
            name = clean_line((upload.filename or "").replace("\\", "/").rpartition("/")[2])[:NAME_MAX] or "file"
            stored.append(Stored(Attachment(blob.id, name, blob.type, blob.size), digest.hexdigest()))
        return stored

    def _allowed(self) -> _Allowed:
        settings = self._house.parts.settings
        return _Allowed(
            settings.number("form.per_hour"),
            settings.number("form.files"),
            settings.number("form.file_bytes"),
            settings.number("message.bytes"),
        )

    def _count(self, hour: SlidingHour, key: str, allowed: _Allowed) -> None:
        wait = hour.wait(key, allowed.per_hour)
        if wait > 0:
            raise _TooOften(wait)

    def _new_key(self) -> str:
        return f"{self._house.parts.randomness.getrandbits(_KEY_BITS):032x}"

    def _missing(self) -> Response:
        return self._pages.problem(404, "Not found", "There is no such page. Please check the address.")

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            try:
                return await handler(request)
            except _TooOften as often:
                minutes = max(1, round(often.seconds / 60))
                sentence = f"Many messages came from here within an hour. Please send this again in {minutes} minutes."
                retry = {"retry-after": f"{often.seconds:.0f}"}
                return self._pages.problem(429, "Please wait a little", sentence, headers=retry)
            except TooBig:
                limit = (await to_thread.run_sync(self._allowed)).file_bytes / 1e6
                sentence = f"This is too big: the limit for all files together is {limit:g} MB. Nothing was sent."
                return self._pages.problem(413, "Too big", sentence + " Send a link, or split it.")
            except Unreadable:
                return self._pages.problem(
                    422, "Not readable", "This was no form, or it broke on the way. Send it again."
                )
            except Rejected as refusal:
                if refusal.reason == "notFound":
                    return self._pages.problem(404, "Not found", str(refusal))
                status = 413 if refusal.reason == "tooLarge" else 422
                return self._pages.problem(status, "Nothing was sent", str(refusal))
            except StorageFull:
                sentence = "Our server has no room just now. Nothing was sent; please try again in a while."
                return self._pages.problem(503, "Not now", sentence, headers={"retry-after": "300"})

        return guarded


class _TooOften(Exception):
    """More than the limit of an hour."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


def _address(request: Request) -> str:
    """Who sends, for counting: an IPv4 address, or the /64 network of an IPv6 one."""
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
