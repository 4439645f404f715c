"""The form over HTTP: `/` shows it, `/tickets` takes it, with a step between writing and sending that may help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sync.domain.sites import Site
from sync.server.asking.sites import Sites
from sync.server.web.answers import Answers
from sync.server.web.at_site import at_site
from sync.server.web.form_page import FormPage, Shown
from sync.server.web.forms import (
    SHOWN,
    TRAP,
    Allowed,
    Problems,
    Refused,
    TicketForm,
    check_files,
    read_key,
    read_ticket,
)
from sync.server.web.front_desk import Added, FrontDesk, Opened
from sync.server.web.incident_notice import IncidentNotice, notices_of
from sync.server.web.kept_files import KeptFiles
from sync.server.web.languages import wanted
from sync.server.web.link_desk import LinkDesk
from sync.server.web.reception import PRIVATE, Reception
from sync.server.web.submission import Submission
from sync.server.web.turns import caller
from sync.server.web.uploads import Stored

OFFER, SEND, BACK, ADD, ANSWERED = "offer", "send", "back", "add", "answered."
UNSURE = "?"


class FormRoutes:
    """Handlers of the form. Our own form sends `step=offer`; what comes without a step is filed at once."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        house = reception.house
        self._desk = FrontDesk(house)
        self._hints = house.hints
        self._kept = KeptFiles(house.parts)
        self._sites = Sites(house.parts.settings)
        self._answers = Answers(house.faq)
        self._links = LinkDesk(house)
        self._expecting = house.expecting
        self._incidents = house.faults.incidents
        self._followers = house.faults.followers
        self._clock = house.parts.clock
        self._page = FormPage(reception.pages, lambda: house.expecting.hours().zone)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        guarded = self._reception.guarded
        return [
            Route("/", guarded(self.show_form), methods=["GET"]),
            Route("/tickets", guarded(self.take_form), methods=["POST"]),
            Route("/tickets", guarded(self.back_to_form), methods=["GET"]),
            Route("/tickets/category", guarded(self.guess_category), methods=["POST"]),
            Route("/tickets/files", guarded(self.keep_files), methods=["POST"]),
        ]

    async def show_form(self, request: Request) -> Response:
        """An empty form with a new one-time key."""
        await self._reception.allowed(request)
        fields = {"site": request.query_params.get("site", "")}
        return await self._reception.turn(request, partial(self._form, Submission(fields, []), []))

    async def back_to_form(self, request: Request) -> Response:
        """Who reloads the address that a form was sent to meets the form, of the same site."""
        return RedirectResponse("/" + at_site(request)["at_site"], 303)

    async def take_form(self, request: Request) -> Response:
        """A question: 303 to its private page, or a page that says what is wrong, what may help, where it went."""
        allowed, turn = await self._reception.allowed(request), self._reception.turn
        async with self._reception.submission(request, allowed) as sent:
            step = sent.fields.get("step", "")
            kept = await turn(request, partial(self._left, sent))
            if step.startswith(ANSWERED):
                await self._kept_too(request, sent, kept, allowed)
                return await turn(request, partial(self._answered, sent, kept, caller(request)))
            form = await turn(request, partial(self._read, sent, kept, allowed))
            if step == BACK or isinstance(form, Refused):
                problems = form.problems if isinstance(form, Refused) and step != BACK else None
                whole = bool(step) and await self._kept_too(request, sent, kept, allowed)
                again = partial(self._form, sent, kept, problems, had_files=bool(sent.uploads) and not whole)
                return await turn(request, again)
            if step == OFFER:
                language = next(iter(wanted(request.headers.get("accept-language", ""))), None)
                look = partial(self._before_sending, form, sent.fields.get("seen", ""), language)
                found = await turn(request, look)
                if found is not None:
                    await self._kept_too(request, sent, kept, allowed, form)
                    offered = replace(found, kept=kept)
                    return await turn(request, partial(self._offer, sent, offered, caller(request)))
            await self._reception.count(request, form.text, form.email)
            files = [*kept, *await self._reception.store(request, sent.uploads)]
            do = self._desk.add_to_like if step == ADD else self._desk.file
            done = await turn(request, partial(do, form, files))
            answer = await turn(request, partial(self._done, done, self._site(sent)))
            if isinstance(done, Added):
                answer.background = BackgroundTask(turn, request, partial(self._send_links, form.email))
            return answer

    async def keep_files(self, request: Request) -> Response:
        """Files ahead of their form, with those that were sent before: a list for its hidden field, as JSON."""
        allowed, turn = await self._reception.allowed(request), self._reception.turn
        async with self._reception.submission(request, allowed) as sent:
            kept = await turn(request, partial(self._left, sent))
            problems = Problems()
            check_files([*_sizes(kept), *sent.sizes], allowed, problems)
            if problems:
                return JSONResponse({"problem": problems.by_field["files"]}, problems.status, PRIVATE)
            await self._reception.count_step(request, "")
            kept += await self._reception.store(request, sent.uploads)
            return JSONResponse(await turn(request, partial(self._page.kept_list, self._shown(kept))), 200, PRIVATE)

    async def guess_category(self, request: Request) -> Response:
        """Which category the words point to, as JSON; null where that is not clear."""
        allowed = await self._reception.allowed(request)
        async with self._reception.submission(request, allowed) as sent:
            await self._reception.count_look(request)
            found = await self._reception.turn(request, partial(self._guess, sent.fields))
            return JSONResponse({"categoryId": found}, 200, PRIVATE)

    def _guess(self, fields: Mapping[str, str]) -> str | None:
        return self._hints.category_of(f"{fields.get('subject', '')}\n{fields.get('text', '')}")

    def _left(self, sent: Submission) -> list[Stored]:
        """The files that came before, without those that were taken out."""
        found = self._kept.found(sent.fields.get("kept", ""))
        return [one for number, one in enumerate(found) if f"drop{number}" not in sent.fields]

    async def _kept_too(
        self,
        request: Request,
        sent: Submission,
        kept: list[Stored],
        allowed: Allowed,
        form: TicketForm | None = None,
    ) -> bool:
        """Store the files that came now, so that they need not be chosen again. Whether they are all kept."""
        problems = Problems()
        check_files([*_sizes(kept), *sent.sizes], allowed, problems)
        if problems or sent.fields.get(TRAP, "").strip():
            return False
        await self._reception.count_step(request, sent.fields.get("text", "") if form is None else form.text)
        kept += await self._reception.store(request, sent.uploads)
        return True

    def _read(self, sent: Submission, kept: list[Stored], allowed: Allowed) -> TicketForm | Refused:
        fields = sent.fields
        if fields.get("category") == UNSURE:
            fields = {**fields, "category": self._guess(fields) or UNSURE}
        form = read_ticket(fields, [*_sizes(kept), *sent.sizes], self._desk.categories(), allowed)
        site = self._site(sent)
        return form if isinstance(form, Refused) or site is None else replace(form, site=site.name)

    def _site(self, sent: Submission) -> Site | None:
        return self._sites.named(sent.fields.get("site", ""))

    def _before_sending(self, form: TicketForm, seen: str, language: str | None) -> Shown | None:
        """What is worth a look before the question is sent; None: it is sent at once.

        `seen`: the answers that stood beside the words while they were written, by their slugs.
        """
        offers = self._answers.offered(form, frozenset(seen.split(",")), language)
        like = self._desk.like(form)
        if not offers and like is None:
            return None
        return Shown(offers=offers, like=like, expected=self._expecting.answer(form.category_id, self._clock.now_ms()))

    def _offer(self, sent: Submission, found: Shown, address: str) -> Response:
        self._answers.count_shown(found.offers, address)
        return self._page.offer(sent.fields, self._key(sent), self._whole(sent, found))

    def _answered(self, sent: Submission, kept: list[Stored], address: str) -> Response:
        self._answers.count_answered(sent.fields["step"].removeprefix(ANSWERED), address)
        return self._page.answered(sent.fields, self._key(sent), self._whole(sent, Shown(kept=kept)))

    def _form(
        self,
        sent: Submission,
        kept: list[Stored],
        problems: Problems | None = None,
        *,
        had_files: bool = False,
    ) -> Response:
        notices = tuple(self._expecting.closings(None, self._clock.now_ms()))
        shown = Shown(
            kept=kept,
            problems=problems,
            had_files=had_files,
            limits=self._reception.limits,
            notices=notices,
            incidents=self._known_faults(),
            flood=self._expecting.flood(None),
        )
        values = {name: sent.fields.get(name, "") for name in SHOWN}
        return self._page.form(self._desk.categories(), self._key(sent), values, self._whole(sent, shown))

    def _known_faults(self) -> tuple[IncidentNotice, ...]:
        now = self._clock.now_ms()
        known = self._incidents.shown(None, now)
        asks = True if known and self._followers.is_possible() else None
        return notices_of(known, self._expecting.hours().zone, now, asks=asks)

    def _key(self, sent: Submission) -> str:
        return read_key(sent.fields) or self._reception.new_key()

    def _done(self, done: Opened | Added, site: Site | None) -> Response:
        if isinstance(done, Opened):
            return RedirectResponse(f"/t/{done.secret}", 303, PRIVATE)
        return self._page.added(done, Shown(site=site), mailed=self._links.is_possible())

    def _send_links(self, email: str) -> None:
        """To the address on file, where whoever typed it may not be its owner."""
        if self._links.is_possible():
            self._links.send(email)

    def _whole(self, sent: Submission, shown: Shown) -> Shown:
        return replace(self._shown(shown.kept, shown), site=self._site(sent))

    def _shown(self, kept: list[Stored], shown: Shown | None = None) -> Shown:
        return replace(shown or Shown(kept=kept), listed=self._kept.listed(kept))


def _sizes(files: list[Stored]) -> list[int]:
    return [one.attachment.size for one in files]
