"""`/incidents`: "tell me when it is fixed" without a ticket, confirmed by mail; the same answer for every address."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.domain import ids
from sync.domain.addresses import normal_address
from sync.domain.limits import clean_line
from sync.server.web.at_site import at_site
from sync.server.web.pages import Values, common
from sync.server.web.rate import hour_of
from sync.server.web.reception import Reception

_A_FEW: Final = 3
_INCIDENT: Final = re.compile(ids.INCIDENT + "[0-9a-f]{32}")
_WRONG: Final = "Please write the whole address, like name@mail.example."


class IncidentRoutes:
    """Handlers. What becomes of an address is decided only after the answer has gone: its time tells nothing."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._followers = reception.house.faults.followers
        self._by_mail = hour_of(reception.house.parts.database, reception.house.parts.clock, "incidents")

    def routes(self) -> list[Route]:
        """To be put into the application."""
        guarded = self._reception.guarded
        return [
            Route("/incidents/{incident_id}/follow", guarded(self.ask), methods=["POST"]),
            Route("/incidents/confirm/{secret}", guarded(self.show), methods=["GET"]),
            Route("/incidents/confirm/{secret}", guarded(self.confirm), methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The same sentence for every address and every incident; the mail that asks to confirm goes out afterwards."""
        allowed, incident_id = await self._reception.allowed(request), request.path_params["incident_id"]
        async with self._reception.submission(request, allowed) as sent:
            given = clean_line(sent.fields.get("email", ""))
        try:
            email = normal_address(given)
        except ValueError:
            return await self._reception.turn(
                request, partial(self._asked, incident_id, at_site(request), given, wrong=True)
            )
        await self._reception.count(request, "")
        answer = await self._reception.turn(request, partial(self._asked, incident_id, at_site(request)))
        answer.background = BackgroundTask(self._mail, request, incident_id, email)
        return answer

    async def show(self, request: Request) -> Response:
        """A button: nobody who only looks at links, as mail programs do, confirms anything."""
        return await self._reception.turn(request, partial(self._confirming, request.path_params["secret"]))

    async def confirm(self, request: Request) -> Response:
        """From now on the address is told."""
        await self._reception.count(request, "")
        return await self._reception.turn(request, partial(self._confirmed, request.path_params["secret"]))

    async def _mail(self, request: Request, incident_id: str, email: str) -> None:
        await self._reception.turn(request, partial(self._send, incident_id, email))

    def _send(self, incident_id: str, email: str) -> None:
        if not _INCIDENT.fullmatch(incident_id):
            return
        if self._followers.is_possible() and self._by_mail.wait(email.lower(), _A_FEW) == 0:
            self._followers.ask(incident_id, email)

    def _asked(self, incident_id: str, site: Values, email: str = "", *, wrong: bool = False) -> Response:
        problems = {"email": _WRONG} if wrong else None
        action = f"/incidents/{incident_id}/follow{site['at_site']}"
        context = {"state": "wrong" if wrong else "asked", "title": "", "action": action, **site}
        return self._page(422 if wrong else 200, {**context, "values": {"email": email}}, problems)

    def _confirming(self, secret: str) -> Response:
        title = self._followers.asked_for(secret).title
        return self._page(200, {"state": "confirm", "title": title, "action": f"/incidents/confirm/{secret}"})

    def _confirmed(self, secret: str) -> Response:
        title = self._followers.confirm(secret).title
        return self._page(200, {"state": "confirmed", "title": title, "action": ""})

    def _page(self, status: int, context: dict[str, object], problems: dict[str, str] | None = None) -> Response:
        whole = {"values": {"email": ""}, **context, **common("", 0, problems)}
        return self._reception.pages.render("incident.html", status, whole)
