"""The FAQ over HTTP: `/faq`, `/faq/SLUG`, and offers for the form's script; nothing is set, nobody is followed."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Final, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sync.domain.clock import Clock
from sync.domain.errors import Rejected
from sync.domain.limits import clean_line
from sync.server.database import Row
from sync.server.faq.faq import Offer
from sync.server.web.at_site import at_site
from sync.server.web.faq_page import FaqPage
from sync.server.web.languages import best, wanted
from sync.server.web.pages import Values
from sync.server.web.rate import SlidingHour
from sync.server.web.reception import PRIVATE, Reception
from sync.server.web.refusals import TooOften
from sync.server.web.turns import caller

T = TypeVar("T")

_LONGEST_SEARCH: Final = 200
_LONGEST_TEXT: Final = 4_000
_LONGEST_LANGUAGE: Final = 35
_FRESH_SECONDS: Final = 20.0
_KEPT: Final = 512
_GONE: Final = "There is no such answer any more. Please look through the others, or ask us."


class FaqRoutes:
    """Handlers. What was found is kept for some seconds, so that many who ask the same cost little."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        house = reception.house
        self._faq, self._grants, self._settings = house.faq, house.grants, house.parts.settings
        self._page = FaqPage(reception.pages)
        self._hour = SlidingHour(house.parts.clock)
        self._listed: Lately[list[Row]] = Lately(house.parts.clock)
        self._offered: Lately[list[Offer]] = Lately(house.parts.clock)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        guarded = self._reception.guarded
        return [
            Route("/faq", guarded(self.show_list), methods=["GET"]),
            Route("/faq/offers", guarded(self.send_offers), methods=["GET"]),
            Route("/faq/{slug}", guarded(self.show_entry), methods=["GET"]),
            Route("/faq/{slug}/answered", guarded(self.take_answered), methods=["POST"]),
        ]

    async def show_list(self, request: Request) -> Response:
        """All questions, or those that a search (`?q=`) finds."""
        sought = clean_line(request.query_params.get("q", ""))[:_LONGEST_SEARCH]
        wishes = _wishes(request)
        if sought:
            return await self._turn(request, partial(self._search, request, sought, wishes))
        return await self._turn(request, partial(self._list, wishes, at_site(request)))

    async def show_entry(self, request: Request) -> Response:
        """One question with its answer; opening it is counted."""
        thanked = "thanks" in request.query_params
        fetched_ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
        by = None if thanked or fetched_ahead else caller(request)
        show = partial(self._entry, request.path_params["slug"], by, at_site(request), thanked=thanked)
        return await self._turn(request, show)

    async def take_answered(self, request: Request) -> Response:
        """The reader says that it helped, on our own pages: 303 back, or 204 for a script."""
        slug = request.path_params["slug"]
        ours = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        await self._turn(request, partial(self._answered, slug, caller(request) if ours else None))
        if request.headers.get("accept", "").startswith("application/json"):
            return Response(status_code=204, headers=PRIVATE)
        onward = at_site(request)["at_site"].replace("?", "&", 1)
        return RedirectResponse(f"/faq/{slug}?thanks=1{onward}", 303, PRIVATE)

    async def send_offers(self, request: Request) -> Response:
        """What may answer the text that somebody is writing, as JSON."""
        asked = request.query_params
        text = f"{asked.get('subject', '')}\n{asked.get('text', '')}"[:_LONGEST_TEXT]
        category, language = asked.get("category") or None, next(iter(_wishes(request)), None)
        offers = await self._turn(request, partial(self._offers, request, text, category, language))
        answer = [
            {"id": one.entry_id, "question": one.question, "excerpt": one.excerpt, "href": f"/faq/{one.slug}"}
            for one in offers
        ]
        return JSONResponse({"offers": answer}, 200, PRIVATE)

    def _list(self, wishes: list[str], site: Values) -> Response:
        rows = self._listed.get("", self._faq.listing)
        languages = Counter(str(row["language"]) for row in rows)
        usual = max(sorted(languages), key=lambda one: languages[one], default=None)
        language = best(wishes, languages) or usual
        names = {row["id"]: row["name"] for row in self._grants.categories()}
        shown = [row for row in rows if row["language"] == language]
        return self._page.listing(shown, names, languages, language, site)

    def _search(self, request: Request, sought: str, wishes: list[str]) -> Response:
        self._count(request)
        language = next(iter(wishes), None)
        find = partial(self._faq.search, sought, language)
        found = self._offered.get(f"search\n{language}\n{sought}", find)
        return self._page.found(sought, found, at_site(request))

    def _entry(self, slug: str, by: str | None, site: Values, *, thanked: bool) -> Response:
        row = self._known(slug)
        if by is not None:
            self._faq.count(row["id"], "opened", by)
        return self._page.entry(row, site, thanked=thanked)

    def _answered(self, slug: str, by: str | None) -> None:
        row = self._known(slug)
        if by is not None:
            self._faq.count(row["id"], "answered", by)

    def _offers(self, request: Request, text: str, category: str | None, language: str | None) -> list[Offer]:
        self._count(request)
        find = partial(self._faq.matching, text, category, language)
        offers = self._offered.get(f"offers\n{category}\n{language}\n{text}", find)
        self._faq.counts.count([one.entry_id for one in offers], "shown", caller(request))
        return offers

    def _count(self, request: Request) -> None:
        wait = self._hour.wait(caller(request), self._settings.number("faq.offers_per_hour"))
        if wait > 0:
            raise TooOften(wait, "")

    def _known(self, slug: str) -> Row:
        row = self._faq.published(slug)
        if row is None:
            raise Rejected(_GONE, "notFound")
        return row

    async def _turn(self, request: Request, work: Callable[[], T]) -> T:
        return await self._reception.turn(request, work)


class Lately(Generic[T]):
    """What was looked up in the last seconds; from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, key: str, look: Callable[[], T]) -> T:
        """As it is kept, or looked up now."""
        now = self._clock.monotonic()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and now - kept[0] < _FRESH_SECONDS:
            return kept[1]
        found = look()
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (now, found)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def _wishes(request: Request) -> list[str]:
    """What the address asks for, then what the browser does."""
    asked = request.query_params.get("language", "")[:_LONGEST_LANGUAGE].lower()
    return [*([asked] if asked else []), *wanted(request.headers.get("accept-language", ""))]
