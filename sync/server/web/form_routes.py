"""The form over HTTP: `/` shows it, `/tickets` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sync.server.web.form_page import FormPage
from sync.server.web.forms import Allowed, Problems, Refused, TicketForm, read_key, read_ticket
from sync.server.web.front_desk import FrontDesk
from sync.server.web.reception import PRIVATE, Reception
from sync.server.web.submission import Submission


class FormRoutes:
    """Handlers of the form."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = FrontDesk(reception.house)
        self._page = FormPage(reception.pages)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        guarded = self._reception.guarded
        return [
            Route("/", guarded(self.show_form), methods=["GET"]),
            Route("/tickets", guarded(self.file_ticket), methods=["POST"]),
            Route("/tickets", guarded(self.back_to_form), methods=["GET"]),
        ]

    async def show_form(self, request: Request) -> Response:
        """An empty form with a new one-time key."""
        await self._reception.allowed(request)
        return await self._reception.turn(request, partial(self._form, {}))

    async def back_to_form(self, _: Request) -> Response:
        """Who reloads the address that a form was sent to meets the form."""
        return RedirectResponse("/", 303)

    async def file_ticket(self, request: Request) -> Response:
        """A new question: 303 to its private page, or the form again with what is wrong."""
        allowed = await self._reception.allowed(request)
        async with self._reception.submission(request, allowed) as sent:
            form = await self._reception.turn(request, partial(self._read, sent, allowed))
            if isinstance(form, Refused):
                again = partial(self._form, sent.fields, form.values, form.problems, had_files=bool(sent.uploads))
                return await self._reception.turn(request, again)
            await self._reception.count(request, form.text, form.email)
            files = await self._reception.store(request, sent.uploads)
            secret = await self._reception.turn(request, partial(self._desk.file, form, files))
        return RedirectResponse(f"/t/{secret}", 303, PRIVATE)

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
        key = read_key(fields) or self._reception.new_key()
        status = problems.status if problems else 200
        wrong = problems.by_field if problems else None
        room = self._reception.limits.file_bytes
        return self._page.form(self._desk.categories(), key, room, values, wrong, had_files=had_files, status=status)
