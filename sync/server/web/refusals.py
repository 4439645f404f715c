"""A readable page for each thing that the public side cannot do."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sync.domain.errors import Rejected, StorageFull
from sync.server.web.at_site import at_site
from sync.server.web.forms import Allowed
from sync.server.web.pages import Pages, Values
from sync.server.web.submission import TooBig, TooSlow, Unreadable
from sync.server.web.turns import Busy, Turns, caller

Handler = Callable[[Request], Awaitable[Response]]
_STATUS: Final = {"notFound": 404, "tooLarge": 413}


class TooOften(Exception):
    """More than the limit of an hour; `text` are the words, to be given back."""

    def __init__(self, seconds: float, text: str) -> None:
        super().__init__()
        self.seconds = seconds
        self.text = text


class Refusals:
    """Puts a page around what handlers raise."""

    def __init__(self, pages: Pages, allowed: Callable[[], Allowed], turns: Turns) -> None:
        self._pages = pages
        self._allowed = allowed
        self._turns = turns

    def guarded(self, handler: Handler) -> Handler:
        """The handler, with a page for every expected failure; what is not expected stays loud."""

        async def answer(request: Request) -> Response:
            try:
                await self._turns.admit(caller(request))
                return await handler(request)
            except ClientDisconnect:
                return Response(status_code=400)  # nobody reads it
            except Busy as busy:
                return self._pages.busy(own=busy.own)
            except (TooOften, TooBig, TooSlow, Unreadable, Rejected, StorageFull) as refusal:
                return await self._turns.run(caller(request), partial(self._page, refusal, at_site(request)))

        return answer

    def _page(self, refusal: Exception, site: Values) -> Response:
        problem = partial(self._pages.problem, site=site)
        match refusal:
            case TooOften():
                return self._too_often(refusal, site)
            case TooBig():
                limit = f"{self._allowed().file_bytes / 1e6:g} MB"
                sentence = f"This is too big: the limit for all files together is {limit}. Nothing was sent."
                return problem(413, "Too big", f"{sentence} Send a link to the file, or split it.")
            case TooSlow():
                sentence = "Nothing came for a while, so nothing was sent. Please send it again."
                return problem(408, "It stood still", sentence)
            case Unreadable():
                return problem(422, "Not readable", "This was no form, or it broke on the way. Please send it again.")
            case StorageFull():
                sentence = "Our server has no room just now. Nothing was sent; please try again in a while."
                return problem(503, "Not now", sentence, headers={"retry-after": "300"})
            case Rejected(reason="pageGone"):
                return self._pages.render("gone.html", 404, {"sentence": str(refusal), **site})
            case Rejected(reason="notFound"):
                return problem(404, "Not found", str(refusal))
        status = _STATUS.get(getattr(refusal, "reason", ""), 422)
        return problem(status, "Nothing was sent", str(refusal))

    def _too_often(self, often: TooOften, site: Values) -> Response:
        minutes = max(1, round(often.seconds / 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        sentence = f"Many messages came from here within an hour. Please send this again in {wait}."
        retry = {"retry-after": str(max(1, math.ceil(often.seconds)))}
        return self._pages.problem(429, "Please wait a little", sentence, often.text, retry, site)
