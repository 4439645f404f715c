"""`/links`: private links sent again to the address on file; the answer is the same for every address."""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.domain.addresses import normal_address
from sync.domain.limits import clean_line
from sync.server.web.at_site import at_site
from sync.server.web.link_desk import LinkDesk
from sync.server.web.pages import Values, common
from sync.server.web.rate import hour_of
from sync.server.web.reception import Reception

_AN_HOUR: Final = 1
_WRONG: Final = "Please write the whole address, like name@mail.example."


class LinkRoutes:
    """Handlers. What an address is worth is looked up only after the answer has gone: its time tells nothing either."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = LinkDesk(reception.house)
        self._by_mail = hour_of(reception.house.parts.database, reception.house.parts.clock, "links")

    def routes(self) -> list[Route]:
        """To be put into the application."""
        guarded = self._reception.guarded
        return [
            Route("/links", guarded(self.show), methods=["GET"]),
            Route("/links", guarded(self.send), methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The form."""
        return await self._reception.turn(request, partial(self._page, at_site(request)))

    async def send(self, request: Request) -> Response:
        """The same sentence for every address; the mail goes out afterwards, if there is one to send."""
        allowed = await self._reception.allowed(request)
        async with self._reception.submission(request, allowed) as sent:
            given = clean_line(sent.fields.get("email", ""))
        try:
            email = normal_address(given)
        except ValueError:
            return await self._reception.turn(request, partial(self._page, at_site(request), given, wrong=True))
        await self._reception.count(request, "")
        answer = await self._reception.turn(request, partial(self._page, at_site(request), sent=True))
        answer.background = BackgroundTask(self._mail, request, email)
        return answer

    async def _mail(self, request: Request, email: str) -> None:
        await self._reception.turn(request, partial(self._send, email))

    def _send(self, email: str) -> None:
        if self._desk.is_possible() and self._by_mail.wait(email.lower(), _AN_HOUR) == 0:
            self._desk.send(email)

    def _page(self, site: Values, email: str = "", *, wrong: bool = False, sent: bool = False) -> Response:
        context = {"possible": self._desk.is_possible(), "sent": sent, "values": {"email": email}, **site}
        problems = {"email": _WRONG} if wrong else None
        return self._reception.pages.render("links.html", 422 if wrong else 200, {**context, **common("", 0, problems)})
