"""For whoever watches the process: does it live, and may it be given work? Told without sign-in, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sync.server.database import Database

ALIVE_PATH: Final = "/healthz"
READY_PATH: Final = "/readyz"
_NO_STORE: Final = {"cache-control": "no-store"}


class Health:
    """GET /healthz and GET /readyz."""

    def __init__(self, database: Database, is_stopping: Callable[[], bool]) -> None:
        self._database = database
        self._is_stopping = is_stopping

    def routes(self) -> list[Route]:
        """To be put into the application, whatever its role."""
        return [Route(ALIVE_PATH, self._alive, methods=["GET"]), Route(READY_PATH, self._ready, methods=["GET"])]

    async def _alive(self, _: Request) -> Response:
        return PlainTextResponse("ok\n", headers=_NO_STORE)

    async def _ready(self, _: Request) -> Response:
        if self._is_stopping():
            return _not_now("stopping\n")
        try:
            await to_thread.run_sync(self._ask)
        except Exception:
            logging.getLogger("sync.server").exception("the database does not answer")
            return _not_now("database\n")
        return PlainTextResponse("ready\n", headers=_NO_STORE)

    def _ask(self) -> None:
        self._database.read(lambda: self._database.select("SELECT 1 FROM schema_step LIMIT 1"))


def _not_now(why: str) -> Response:
    return PlainTextResponse(why, 503, {**_NO_STORE, "retry-after": "1"})
