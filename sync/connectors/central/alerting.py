"""Alerts reported to our own server, and traced there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sync.connectors.central.api import Api
from sync.connectors.port import Access, AccountKind
from sync.domain.alert_trace import (
    STAGES,
    AgentTrace,
    ArrivalTrace,
    DeviceState,
    DeviceTrace,
    ReceiptTrace,
    Said,
    Trace,
)
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.lines import Line
from sync.domain.protocol import ALERT_REPORT, ALERT_TRACE, NOT_FOUND
from sync.domain.records import ArrivalKind
from sync.domain.times import from_utc_date, to_utc_date
from sync.jmap.errors import MethodError

_GONE: Final = "This ticket is not yours to see any more."


class CentralAlerting:
    """`sync.connectors.alerting.Alerting`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._own = next((one.id for one in access.accounts if one.kind is AccountKind.PERSONAL), "")

    def report(self, now_ms: int, state: DeviceState, said: Sequence[Said]) -> None:
        quiet = state.quiet_until
        self._api.ask(
            ALERT_REPORT,
            {
                "accountId": self._own,
                "now": to_utc_date(now_ms),
                "quietUntil": None if quiet is None else to_utc_date(quiet),
                "follows": None if state.follows is None else sorted(state.follows),
                "reports": [
                    {"arrivalId": one.arrival_id, **{name: to_utc_date(ms) for name, ms in one.stages.items()}}
                    for one in said
                ],
            },
            lambda _answer: None,
            self._failure,
        )

    def trace(self, account_id: str, ticket_id: str) -> Trace:
        return self._api.ask(ALERT_TRACE, {"accountId": account_id, "ticketId": ticket_id}, _trace, self._failure)

    def _failure(self, error: MethodError) -> DeskbellError:
        return Rejected(_GONE, NOT_FOUND) if error.kind == NOT_FOUND else self._api.failure(error)


def _trace(said: Mapping[str, Any]) -> Trace:
    return Trace(
        from_utc_date(said["at"]),
        tuple(_agent(one, said["nextIds"]) for one in said["agents"]),
        tuple(_arrival(one) for one in said["arrivals"]),
        said["takenBy"],
        _time(said["takenAt"]),
    )


def _agent(said: Mapping[str, Any], next_ids: Sequence[str]) -> AgentTrace:
    devices = tuple(
        DeviceTrace(
            one["device"],
            one["connected"] is True,
            from_utc_date(one["lastSeenAt"]),
            _time(one["quietUntil"]),
            None if one["follows"] is None else frozenset(one["follows"]),
        )
        for one in said["devices"]
    )
    return AgentTrace(said["agentId"], Line(said["why"]), devices, said["agentId"] in next_ids)


def _arrival(said: Mapping[str, Any]) -> ArrivalTrace:
    receipts = tuple(
        ReceiptTrace(
            one["agentId"],
            one["device"],
            {name: from_utc_date(one[name]) for name in STAGES if one.get(name) is not None},
        )
        for one in said["receipts"]
    )
    kind = ArrivalKind(said["kind"])
    at, by, next_ids = from_utc_date(said["at"]), said["byAgentId"], tuple(said["nextIds"])
    return ArrivalTrace(said["arrivalId"], kind, at, by, receipts, next_ids, _time(said["nextAt"]))


def _time(text: str | None) -> int | None:
    return None if text is None else from_utc_date(text)
