"""The server's HTTP application: every route in one list, over one house."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from sync.domain.protocol import CAPABILITY
from sync.jmap.datatype import DataType
from sync.jmap.dispatcher import Dispatcher
from sync.jmap.gate import Gate
from sync.jmap.host import Host
from sync.jmap.http import JmapHttp, Surroundings
from sync.jmap.limits import Limits
from sync.jmap.methods import Method
from sync.server.attendance import Attendance
from sync.server.auth_routes import AuthRoutes
from sync.server.errands import running
from sync.server.headers import StrictHeaders
from sync.server.health import Health
from sync.server.house import House
from sync.server.methods.alert_report import AlertReport
from sync.server.methods.alert_trace import AlertTrace
from sync.server.methods.faq_trend import FaqTrend
from sync.server.methods.intake import IntakeFiguresMethod, IntakeSetCalendar
from sync.server.methods.new_link import NewLink
from sync.server.methods.presence import PresenceSet
from sync.server.methods.requester import RequesterErase, RequesterExport
from sync.server.methods.similar import Piles, Similar
from sync.server.methods.take_next import TakeNext
from sync.server.roles import Role
from sync.server.types.agent_access import Offices, agent_access_type
from sync.server.types.category import CategoryStore, category_type
from sync.server.types.closing import closing_type
from sync.server.types.delivery import delivery_type
from sync.server.types.faq_entry import faq_entry_type
from sync.server.types.held_message import held_message_type
from sync.server.types.incident import incident_type
from sync.server.types.incident_note import incident_note_type
from sync.server.types.message import MessageStore, message_type
from sync.server.types.next_in_line import next_in_line_type
from sync.server.types.open_ticket_cap import open_ticket_cap_type
from sync.server.types.quick_note import quick_note_type
from sync.server.types.read_mark import read_mark_type
from sync.server.types.reading import reading_types
from sync.server.types.spot_check import spot_check_type
from sync.server.types.surge import surge_type
from sync.server.types.ticket import TicketStore, ticket_type
from sync.server.types.unreached_alert import unreached_alert_type
from sync.server.webhooks.routes import HookRoutes

_THREADS: Final = 40


def data_types(house: House) -> list[DataType]:
    """Every type that this server offers."""
    ticket = TicketStore(house.parts, house.ticketing, house.intake, house.files)
    message = MessageStore(house.parts, house.ticketing, house.files, house.mail_out)
    return [
        ticket_type(ticket),
        message_type(message),
        *reading_types(house.parts),
        read_mark_type(house.parts),
        quick_note_type(house.parts),
        held_message_type(house.parts, house.files),
        spot_check_type(house.parts),
        category_type(CategoryStore(house.parts, house.grants)),
        agent_access_type(house.parts, Offices(house.people, house.grants, house.sign_ins)),
        unreached_alert_type(house.parts),
        faq_entry_type(house.parts, house.faq),
        closing_type(house.parts, house.closings),
        delivery_type(house.parts),
        open_ticket_cap_type(house.parts, house.caps),
        incident_type(house.parts, house.faults.incidents),
        incident_note_type(house.parts),
        surge_type(house.parts),
        next_in_line_type(house.parts),
    ]


def jmap_host(house: House, limits: Limits | None = None) -> Host:
    """What sync.jmap serves. Limits come from the settings as they are now."""
    return Host(
        types=data_types(house),
        access=house.openings.accounts,
        transactions=house.parts.journal,
        blobs=house.blobs,
        capabilities=house.openings.capabilities,
        limits=limits or _limits(house),
        conditional=CAPABILITY,
        volatile=frozenset({"now"}),
    )


def further_methods(house: House) -> list[Method]:
    """The methods that belong to no type."""
    return [
        AlertReport(house.parts, Gate(house.openings.accounts), house.alert_book),
        AlertTrace(house.parts, Gate(house.openings.accounts), house.alert_book),
        FaqTrend(house.parts, Gate(house.openings.accounts), house.faq),
        IntakeFiguresMethod(house, Gate(house.openings.accounts)),
        IntakeSetCalendar(house, Gate(house.openings.accounts)),
        NewLink(house, Gate(house.openings.accounts)),
        RequesterExport(house, Gate(house.openings.accounts)),
        RequesterErase(house, Gate(house.openings.accounts)),
        PresenceSet(house.parts, Gate(house.openings.accounts), house.presence),
        TakeNext(house.parts, house.openings, house.ticketing),
        Similar(house.parts, house.openings, house.likeness),
        Piles(house.parts, Gate(house.openings.accounts), house.likeness),
    ]


def build_app(
    house: House, further: Sequence[BaseRoute] = (), limits: Limits | None = None, role: Role = Role.ALL
) -> Starlette:
    """The whole application. `further`: routes of the public side, which come last. `role`: what it answers."""
    auth = AuthRoutes(house)
    host = jmap_host(house, limits)
    around = Surroundings(
        authenticate=auth.authenticate,
        feed=Attendance(house.hub, house.presence, house.openings),
        base_url=lambda request: base_url(house, request),
        monotonic=house.parts.clock.monotonic,
        new_request_id=lambda: house.parts.ids.client_key(),
    )
    jmap = JmapHttp(host, Dispatcher(host, further_methods(house)), around)
    routes = [
        *role.of([*jmap.routes(), *auth.routes(), *HookRoutes(house.hooks).routes(), *further]),
        *Health(house.parts.database, house.hub.is_stopping).routes(),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        async with running(house, role):
            yield

    return _App(routes=routes, lifespan=lifespan)


def base_url(house: House, request: Request) -> str:
    """This server's address for links: the setting `public_url`, else as it was called. Blocks for one look-up."""
    return house.parts.settings.text("public_url") or f"{request.url.scheme}://{request.url.netloc}"


class _App(Starlette):
    """With the headers around everything, what starlette says of a failure included."""

    def build_middleware_stack(self) -> ASGIApp:
        """As starlette's, with ours outside."""
        return StrictHeaders(super().build_middleware_stack())


def _limits(house: House) -> Limits:
    settings = house.parts.settings
    return Limits(
        max_size_upload=settings.number("upload.bytes"),
        max_concurrent_upload=settings.number("upload.concurrent"),
        max_size_request=settings.number("request.bytes"),
        max_concurrent_requests=settings.number("request.concurrent"),
    )
