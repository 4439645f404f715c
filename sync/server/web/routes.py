"""The public side over HTTP, put together: no account, no cookie, no script that anything depends on."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.server.house import House
from sync.server.web.faq_routes import FaqRoutes
from sync.server.web.form_routes import FormRoutes
from sync.server.web.incident_routes import IncidentRoutes
from sync.server.web.link_routes import LinkRoutes
from sync.server.web.pages import Pages
from sync.server.web.private_routes import PrivateRoutes
from sync.server.web.reception import Reception
from sync.server.web.submission import PATIENCE_SECONDS
from sync.server.web.turns import USUAL_SHARE, Share


class PublicSide:
    """All public pages. `patience`: seconds that a form may stand still on its way.

    `share`: how much is done for the public at once.
    """

    def __init__(
        self, house: House, pages: Pages, patience: float = PATIENCE_SECONDS, share: Share = USUAL_SHARE
    ) -> None:
        self._pages = pages
        self._reception = Reception(house, pages, patience, share)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        return [
            *FormRoutes(self._reception).routes(),
            *FaqRoutes(self._reception).routes(),
            *PrivateRoutes(self._reception).routes(),
            *LinkRoutes(self._reception).routes(),
            *IncidentRoutes(self._reception).routes(),
            Route("/static/{name}", self._reception.guarded(self.send_static), methods=["GET"]),
        ]

    async def send_static(self, request: Request) -> Response:
        """What the pages need."""
        return self._pages.static(request.path_params["name"])
