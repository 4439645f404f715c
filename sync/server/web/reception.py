"""What all public pages share: their turns, limits and counts, and forms read and files stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Final, TypeVar

from starlette.datastructures import UploadFile
from starlette.requests import Request

from sync.server.house import House
from sync.server.web.allowance import Allowance
from sync.server.web.forms import Allowed
from sync.server.web.pages import Pages
from sync.server.web.rate import Hour, SlidingHour, hour_of
from sync.server.web.refusals import Handler, Refusals, TooOften
from sync.server.web.submission import PATIENCE_SECONDS, Submission, read_submission
from sync.server.web.turns import USUAL_SHARE, Share, Turns, caller
from sync.server.web.uploads import Stored, stored

T = TypeVar("T")

_KEY_BITS: Final = 128
LOOKS_PER_FORM: Final = 40
STEPS_PER_FORM: Final = 3
"""How often somebody may have files kept, or see what may help, for each form that they may send."""
PRIVATE: Final = {"cache-control": "no-store"}


class Reception:
    """One for all public pages. `patience`: seconds that a form may stand still on its way.

    `share`: how much is done for the public at once.
    """

    def __init__(
        self, house: House, pages: Pages, patience: float = PATIENCE_SECONDS, share: Share = USUAL_SHARE
    ) -> None:
        self.house = house
        self.pages = pages
        self.turns = Turns(share)
        self._patience = patience
        self._allowance = Allowance(house.parts.settings, house.parts.clock)
        self._by_address = hour_of(house.parts.database, house.parts.clock, "address")
        self._by_mail = hour_of(house.parts.database, house.parts.clock, "mail")
        self._looks = SlidingHour(house.parts.clock)
        self._steps = hour_of(house.parts.database, house.parts.clock, "step")

    @property
    def limits(self) -> Allowed:
        """What the public may send, as last seen."""
        return self._allowance.now

    def guarded(self, handler: Handler) -> Handler:
        """The handler, with a page for every expected failure."""
        return Refusals(self.pages, lambda: self._allowance.now, self.turns).guarded(handler)

    async def allowed(self, request: Request) -> Allowed:
        """What the public may send now."""
        return await self._allowance.fresh(partial(self.turn, request))

    async def turn(self, request: Request, work: Callable[[], T]) -> T:
        """Do blocking work for whoever sent the request when it is their turn."""
        return await self.turns.run(caller(request), work)

    def submission(self, request: Request, allowed: Allowed) -> AbstractAsyncContextManager[Submission]:
        """The form of a request."""
        return read_submission(
            request, file_bytes=allowed.file_bytes, text_bytes=allowed.text_bytes, patience=self._patience
        )

    async def store(self, request: Request, uploads: Sequence[UploadFile]) -> list[Stored]:
        """The files of a form, in the store."""
        return await stored(self.house.blobs, partial(self.turn, request), uploads)

    async def count(self, request: Request, text: str, email: str | None = None) -> None:
        """One form more from this address, and of this e-mail address. Raises TooOften, which gives `text` back."""
        await self._count(request, self._by_address, caller(request), text)
        if email is not None:
            await self._count(request, self._by_mail, email.lower(), text)

    async def count_step(self, request: Request, text: str) -> None:
        """One piece of work more for this address that files nothing. Raises TooOften, which gives `text` back."""
        await self._count(request, self._steps, caller(request), text, STEPS_PER_FORM)

    async def count_look(self, request: Request) -> None:
        """One look-up more for this address, as they come while somebody types. Raises TooOften."""
        await self._count(request, self._looks, caller(request), "", LOOKS_PER_FORM)

    def new_key(self) -> str:
        """A one-time key for a form."""
        return f"{self.house.parts.randomness.getrandbits(_KEY_BITS):032x}"

    async def _count(self, request: Request, hour: Hour, key: str, text: str, times: int = 1) -> None:
        wait = await self.turn(request, partial(hour.wait, key, times * self._allowance.now.per_hour))
        if wait > 0:
            raise TooOften(wait, text)
