"""The private page over HTTP: `/t/SECRET` and its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sync.domain.records import Rating, Ticket
from sync.jmap.blob_headers import OCTETS, download_headers
from sync.server.expecting.feedback import Feedback
from sync.server.web.forms import Problems, check_files, read_key, read_text
from sync.server.web.private_desk import Page, PrivateDesk
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
            Route("/t/{secret}/solved", guarded(self.say_solved), methods=["POST"]),
            Route("/t/{secret}/waiting", guarded(self.say_waiting), methods=["POST"]),
            Route("/t/{secret}/works", guarded(self.say_works), methods=["POST"]),
            Route("/t/{secret}/broken", guarded(self.say_broken), methods=["POST"]),
            Route("/t/{secret}/follow", guarded(self.follow), methods=["POST"]),
            Route("/t/{secret}/rating", guarded(self.rate), methods=["POST"]),
            Route("/t/{secret}/files/{blob_id}/{name:path}", guarded(self.send_file), methods=["GET"]),
        ]

    async def show_thread(self, request: Request) -> Response:
        """The private page: 303 to the one where a merged matter goes on, for whoever came by a mailed link."""
        secret = request.path_params["secret"]
        await self._reception.allowed(request)
        return await self._reception.turn(request, partial(self._shown_at, secret))

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
                again = partial(self._mended, secret, values, problems, had_files=bool(sent.uploads))
                return await self._reception.turn(request, again)
            await self._reception.count(request, text)
            files = await self._reception.store(request, sent.uploads)
            shown_at = await self._reception.turn(
                request, partial(self._desk.add, secret, text, files, read_key(sent.fields))
            )
        return RedirectResponse(f"/t/{shown_at}", 303, PRIVATE)

    async def say_solved(self, request: Request) -> Response:
        """The matter is solved: 303 to the page. A GET does nothing, so nobody who only looks at links closes it."""
        return await self._act(request, lambda feedback, ticket, _: feedback.solved(ticket))

    async def say_waiting(self, request: Request) -> Response:
        """The requester still waits: 303 to the page."""
        return await self._act(request, lambda feedback, ticket, _: feedback.still_waiting(ticket))

    async def rate(self, request: Request) -> Response:
        """What the answer was worth: 303 to the page."""
        return await self._act(request, _rated)

    async def say_works(self, request: Request) -> Response:
        """After a repair: it works again. 303 to the page."""
        return await self._act(request, lambda feedback, ticket, _: self._desk.repairs.works(ticket, feedback))

    async def say_broken(self, request: Request) -> Response:
        """After a repair: it is still broken. 303 to the page."""
        return await self._act(request, lambda _, ticket, __: self._desk.repairs.broken(ticket))

    async def follow(self, request: Request) -> Response:
        """Told when an incident is over, at the address on file: 303 to the page."""
        secret, allowed = request.path_params["secret"], await self._reception.allowed(request)
        async with self._reception.submission(request, allowed) as sent:
            incident_id = sent.fields.get("incident", "")
        await self._reception.turn(request, partial(self._desk.check, secret))
        await self._reception.count(request, "")
        await self._reception.turn(request, partial(self._desk.follow, secret, incident_id))
        return RedirectResponse(f"/t/{secret}", 303, PRIVATE)

    async def _act(self, request: Request, deed: Callable[[Feedback, Ticket, Mapping[str, str]], object]) -> Response:
        secret = request.path_params["secret"]
        allowed = await self._reception.allowed(request)
        async with self._reception.submission(request, allowed) as sent:
            fields = sent.fields
        await self._reception.turn(request, partial(self._desk.check, secret))
        await self._reception.count(request, fields.get("word", ""))
        done = partial(self._desk.act, secret, fields, lambda feedback, ticket: deed(feedback, ticket, fields))
        await self._reception.turn(request, done)
        return RedirectResponse(f"/t/{secret}", 303, PRIVATE)

    async def send_file(self, request: Request) -> Response:
        """A file of the private page, as a download that no browser runs."""
        secret, blob_id = request.path_params["secret"], request.path_params["blob_id"]
        found = await self._reception.turn(request, partial(self._desk.file_of_page, secret, blob_id))
        headers = {**download_headers(found.name, found.size), **PRIVATE}
        return StreamingResponse(
            self._reception.house.blobs.pieces(blob_id, self._reception.turns.limiter), 200, headers, OCTETS
        )

    def _shown_at(self, secret: str) -> Response:
        page = self._desk.page(secret)
        onward = self._desk.onward(secret) if page.merged else None
        return self._rendered(page, secret) if onward is None else RedirectResponse(f"/t/{onward}", 303, PRIVATE)

    def _mended(
        self,
        secret: str,
        values: Mapping[str, str],
        problems: Problems,
        *,
        had_files: bool,
    ) -> Response:
        """The page again, with what is to be mended."""
        return self._rendered(self._desk.page(secret), secret, values, problems, had_files=had_files)

    def _rendered(
        self,
        page: Page,
        secret: str,
        values: Mapping[str, str] | None = None,
        problems: Problems | None = None,
        *,
        had_files: bool = False,
    ) -> Response:
        status = problems.status if problems else 200
        wrong = problems.by_field if problems else None
        key, room = self._reception.new_key(), self._reception.limits.file_bytes
        return self._page.thread(page, f"/t/{secret}", key, room, values, wrong, had_files=had_files, status=status)


def _rated(feedback: Feedback, ticket: Ticket, fields: Mapping[str, str]) -> None:
    if fields.get("rating") in tuple(Rating):
        feedback.rate(ticket, Rating(fields["rating"]), fields.get("word", ""))
