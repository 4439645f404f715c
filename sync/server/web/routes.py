"""The public side over HTTP: `/`, `/tickets`, `/t/SECRET`; no account, no cookie, no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from hashlib import sha256
from typing import Final, TypeVar

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sync.domain.file_names import harmless_name
from sync.domain.limits import clean_line
from sync.domain.records import Attachment
from sync.jmap.blob_headers import OCTETS, download_headers, media_type
from sync.server.house import House
from sync.server.web.allowance import Allowance
from sync.server.web.forms import Allowed, Problems, Refused, TicketForm, check_files, read_key, read_text, read_ticket
from sync.server.web.front_desk import FrontDesk, Stored
from sync.server.web.pages import Pages
from sync.server.web.rate import Hour, hour_of
from sync.server.web.refusals import Refusals, TooOften
from sync.server.web.submission import PATIENCE_SECONDS, Submission, read_submission
from sync.server.web.turns import USUAL_SHARE, Share, Turns, caller

T = TypeVar("T")

_PIECE: Final = 256 * 1024
_KEY_BITS: Final = 128
_PRIVATE: Final = {"cache-control": "no-store"}


class PublicSide:
    """Handlers of the public pages. `patience`: seconds that a form may stand still on its way.

    `share`: how much is done for the public at once.
    """

    def __init__(
        self, house: House, pages: Pages, patience: float = PATIENCE_SECONDS, share: Share = USUAL_SHARE
    ) -> None:
        self._house = house
        self._pages = pages
        self._patience = patience
        self._turns = Turns(share)
        self._allowance = Allowance(house.parts.settings, house.parts.clock)
        self._desk = FrontDesk(house)
        self._by_address = hour_of(house.parts.database, house.parts.clock, "address")
        self._by_mail = hour_of(house.parts.database, house.parts.clock, "mail")

    def routes(self) -> list[Route]:
        """To be put into the application."""
        guarded = Refusals(self._pages, lambda: self._allowance.now, self._turns).guarded
        return [
            Route("/", guarded(self.show_form), methods=["GET"]),
            Route("/tickets", guarded(self.file_ticket), methods=["POST"]),
            Route("/tickets", guarded(self.back_to_form), methods=["GET"]),
            Route("/t/{secret}", guarded(self.show_thread), methods=["GET"]),
            Route("/t/{secret}", guarded(self.add_message), methods=["POST"]),
            Route("/t/{secret}/files/{blob_id}/{name:path}", guarded(self.send_file), methods=["GET"]),
            Route("/static/{name}", guarded(self.send_static), methods=["GET"]),
        ]

    async def show_form(self, request: Request) -> Response:
        """An empty form with a new one-time key."""
        await self._allowed(request)
        return await self._turn(request, partial(self._form, {}))

    async def back_to_form(self, _: Request) -> Response:
        """Who reloads the address that a form was sent to meets the form."""
        return RedirectResponse("/", 303)

    async def file_ticket(self, request: Request) -> Response:
        """A new question: 303 to its private page, or the form again with what is wrong."""
        allowed = await self._allowed(request)
        async with self._submission(request, allowed) as sent:
            form = await self._turn(request, partial(self._read, sent, allowed))
            if isinstance(form, Refused):
                again = partial(self._form, sent.fields, form.values, form.problems, had_files=bool(sent.uploads))
                return await self._turn(request, again)
            await self._count(request, self._by_address, caller(request), form.text)
            await self._count(request, self._by_mail, form.email.lower(), form.text)
            files = await self._store(request, sent.uploads)
            secret = await self._turn(request, partial(self._desk.file, form, files))
        return RedirectResponse(f"/t/{secret}", 303, _PRIVATE)

    async def show_thread(self, request: Request) -> Response:
        """The private page."""
        await self._allowed(request)
        return await self._turn(request, partial(self._thread, request.path_params["secret"]))

    async def add_message(self, request: Request) -> Response:
        """Further words or files: 303 to the page that shows them."""
        secret = request.path_params["secret"]
        allowed = await self._allowed(request)
        async with self._submission(request, allowed) as sent:
            await self._turn(request, partial(self._desk.check, secret))
            problems = Problems()
            text = read_text(sent.fields, allowed, problems, required=not sent.uploads)
            check_files(sent.sizes, allowed, problems)
            if problems:
                values = {"text": sent.fields.get("text", "")}
                again = partial(self._thread, secret, values, problems, had_files=bool(sent.uploads))
                return await self._turn(request, again)
            await self._count(request, self._by_address, caller(request), text)
            files = await self._store(request, sent.uploads)
            shown_at = await self._turn(request, partial(self._desk.add, secret, text, files, read_key(sent.fields)))
        return RedirectResponse(f"/t/{shown_at}", 303, _PRIVATE)

    async def send_file(self, request: Request) -> Response:
        """A file of the private page, as a download that no browser runs."""
        secret, blob_id = request.path_params["secret"], request.path_params["blob_id"]
        found = await self._turn(request, partial(self._desk.file_of_page, secret, blob_id))
        headers = {**download_headers(found.name, found.size), **_PRIVATE}
        return StreamingResponse(self._house.blobs.pieces(blob_id, self._turns.limiter), 200, headers, OCTETS)

    async def send_static(self, request: Request) -> Response:
        """What the pages need."""
        return self._pages.static(request.path_params["name"])

    def _read(self, sent: Submission, allowed: Allowed) -> TicketForm | Refused:
        return read_ticket(sent.fields, sent.sizes, self._desk.categories(), allowed)

    def _form(
        self,
        fields: Mapping[str, str],
        values: Mapping[str, str] | None = None,
        problems: Problems | None = None,
        *,
        had_files: bool = False,
    ) -> Response:
        key = read_key(fields) or self._new_key()
        status = problems.status if problems else 200
        wrong = problems.by_field if problems else None
        room = self._allowance.now.file_bytes
        return self._pages.form(self._desk.categories(), key, room, values, wrong, had_files=had_files, status=status)

    def _thread(
        self,
        secret: str,
        values: Mapping[str, str] | None = None,
        problems: Problems | None = None,
        *,
        had_files: bool = False,
    ) -> Response:
        status = problems.status if problems else 200
        wrong = problems.by_field if problems else None
        page, key, room = self._desk.page(secret), self._new_key(), self._allowance.now.file_bytes
        return self._pages.thread(page, f"/t/{secret}", key, room, values, wrong, had_files=had_files, status=status)

    def _submission(self, request: Request, allowed: Allowed) -> AbstractAsyncContextManager[Submission]:
        return read_submission(
            request, file_bytes=allowed.file_bytes, text_bytes=allowed.text_bytes, patience=self._patience
        )

    async def _store(self, request: Request, uploads: Sequence[UploadFile]) -> list[Stored]:
        stored: list[Stored] = []
        for upload in uploads:
            writer, digest = self._house.blobs.writer(), sha256()
            while piece := await upload.read(_PIECE):
                digest.update(piece)
                await self._turn(request, partial(writer.add, piece))
            blob = await self._turn(request, partial(writer.finish, media_type(upload.content_type)))
            name = harmless_name(clean_line(upload.filename or ""))
            stored.append(Stored(Attachment(blob.id, name, blob.type, blob.size), digest.hexdigest()))
        return stored

    async def _count(self, request: Request, hour: Hour, key: str, text: str) -> None:
        wait = await self._turn(request, partial(hour.wait, key, self._allowance.now.per_hour))
        if wait > 0:
            raise TooOften(wait, text)

    async def _allowed(self, request: Request) -> Allowed:
        return await self._allowance.fresh(partial(self._turn, request))

    async def _turn(self, request: Request, work: Callable[[], T]) -> T:
        return await self._turns.run(caller(request), work)

    def _new_key(self) -> str:
        return f"{self._house.parts.randomness.getrandbits(_KEY_BITS):032x}"
