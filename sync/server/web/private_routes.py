"""The private page over HTTP: `/t/SECRET` and its files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sync.jmap.blob_headers import OCTETS, download_headers
from sync.server.web.forms import Problems, check_files, read_key, read_text
from sync.server.web.private_desk import PrivateDesk
from sync.server.web.reception import PRIVATE, Reception
from sync.server.web.thread_page import ThreadPage


class PrivateRoutes:
    """Handlers of the private page."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = PrivateDesk(reception.house)
        self._page = ThreadPage(reception.pages)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        guarded = self._reception.guarded
        return [
            Route("/t/{secret}", guarded(self.show_thread), methods=["GET"]),
            Route("/t/{secret}", guarded(self.add_message), methods=["POST"]),
            Route("/t/{secret}/files/{blob_id}/{name:path}", guarded(self.send_file), methods=["GET"]),
        ]

    async def show_thread(self, request: Request) -> Response:
        """The private page."""
        await self._reception.allowed(request)
        return await self._reception.turn(request, partial(self._thread, request.path_params["secret"]))

    async def add_message(self, request: Request) -> Response:
        """Further words or files: 303 to the page that shows them."""
        secret = request.path_params["secret"]
        allowed = await self._reception.allowed(request)
        async with self._reception.submission(request, allowed) as sent:
            await self._reception.turn(request, partial(self._desk.check, secret))
            problems = Problems()
            text = read_text(sent.fields, allowed, problems, required=not sent.uploads)
            check_files(sent.sizes, allowed, problems)
            if problems:
                values = {"text": sent.fields.get("text", "")}
                again = partial(self._thread, secret, values, problems, had_files=bool(sent.uploads))
                return await self._reception.turn(request, again)
            await self._reception.count(request, text)
            files = await self._reception.store(request, sent.uploads)
            shown_at = await self._reception.turn(
                request, partial(self._desk.add, secret, text, files, read_key(sent.fields))
            )
        return RedirectResponse(f"/t/{shown_at}", 303, PRIVATE)

    async def send_file(self, request: Request) -> Response:
        """A file of the private page, as a download that no browser runs."""
        secret, blob_id = request.path_params["secret"], request.path_params["blob_id"]
        found = await self._reception.turn(request, partial(self._desk.file_of_page, secret, blob_id))
        headers = {**download_headers(found.name, found.size), **PRIVATE}
        return StreamingResponse(
            self._reception.house.blobs.pieces(blob_id, self._reception.turns.limiter), 200, headers, OCTETS
        )

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
        page, key, room = self._desk.page(secret), self._reception.new_key(), self._reception.limits.file_bytes
        return self._page.thread(page, f"/t/{secret}", key, room, values, wrong, had_files=had_files, status=status)
