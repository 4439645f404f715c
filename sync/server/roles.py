"""What a server process is there for: everything, or one half of several processes on one database."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from starlette.routing import BaseRoute, Route

from sync.jmap.session import EVENTS_PATH


class Role(StrEnum):
    """Stream processes answer at the address of the event stream only, API processes everywhere else."""

    ALL = "all"
    API = "api"
    STREAM = "stream"

    @property
    def streams(self) -> bool:
        """Whether workstations listen here, so that this process must hear of what others commit."""
        return self is not Role.API

    @property
    def answers(self) -> bool:
        """Whether requests are answered here, so that this process may be the one that does the upkeep."""
        return self is not Role.STREAM

    def of(self, routes: Iterable[BaseRoute]) -> list[BaseRoute]:
        """Those of all routes that this process has."""
        return [one for one in routes if (self.streams if _is_stream(one) else self.answers)]


def _is_stream(route: BaseRoute) -> bool:
    return isinstance(route, Route) and route.path == EVENTS_PATH
