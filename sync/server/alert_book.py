"""What became of alerts: what workstations report of them, and who would ring for a ticket and why (PRODUCT A9).

Best effort by design: a report that never comes is missing from the receipt, and nothing else depends on it but the
watch over alerts that reached nobody.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from sync.domain import protocol
from sync.domain.lines import Line, next_in_line
from sync.jmap.errors import JSON
from sync.server.access import sees, who_sees
from sync.server.database import Row
from sync.server.ledger import TokenRow
from sync.server.parts import Colleague, Parts
from sync.server.tables import AlertDeviceRow, AlertReceiptRow, ArrivalRow, TicketRow, UnreachedAlertRow
from sync.server.unreached import Unreached
from sync.server.wire import date_or_none

STAGES: Final = ("offered", "shown", "rang", "seen")
_REACHED: Final = ("shown", "rang", "seen")
_MOST_ARRIVALS: Final = 5
_RECEIPT: Final = """
INSERT INTO alert_receipt (arrival_id, token_id, agent_id, device, offered, shown, rang, seen, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (arrival_id, token_id) DO UPDATE SET
offered = COALESCE(alert_receipt.offered, excluded.offered), shown = COALESCE(alert_receipt.shown, excluded.shown),
rang = COALESCE(alert_receipt.rang, excluded.rang), seen = COALESCE(alert_receipt.seen, excluded.seen)
"""
_DEVICE: Final = """
INSERT INTO alert_device (token_id, agent_id, quiet_until, follows, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (token_id) DO UPDATE SET quiet_until = excluded.quiet_until, follows = excluded.follows, at = excluded.at
"""
_WHERE: Final = """
SELECT a.id, a.at, t.category_id FROM arrival a JOIN ticket t ON t.id = a.ticket_id WHERE a.id IN ({marks})
"""
_TAKEN: Final = """
SELECT body_text, posted_at FROM message WHERE ticket_id = ? AND kind = 'event' ORDER BY seq DESC LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Stages:
    """What a workstation says of one arrival; times in ms by its own clock."""

    arrival_id: str
    times: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """One call of a workstation. `now`: its clock as it sent this; `follows` None: everything."""

    now: int
    quiet_until: int | None
    follows: Sequence[str] | None
    stages: Sequence[Stages]


class AlertBook:
    """`connected` gives the tokens with which an agent's workstations listen to this process."""

    def __init__(self, parts: Parts, connected: Callable[[str], Collection[str]]) -> None:
        self._parts = parts
        self._connected = connected
        self._unreached = Unreached(parts)

    def report(self, agent: Colleague, report: Report) -> None:
        """Keep it, in the server's time. Arrivals that the agent does not see are passed over as if they never were.

        Inside a write transaction of the journal.
        """
        database, now = self._parts.database, self._parts.clock.now_ms()
        shift = now - report.now
        quiet = None if report.quiet_until is None else report.quiet_until + shift
        follows = None if report.follows is None else orjson.dumps(sorted(report.follows)).decode()
        database.execute(_DEVICE, (agent.token_id, agent.id, quiet, follows, now))
        known = self._visible(agent, [one.arrival_id for one in report.stages])
        device = database.one(TokenRow.select(TokenRow.device).where(TokenRow.id == agent.token_id))
        reached: dict[str, bool] = {}
        for one in report.stages:
            if one.arrival_id not in known:
                continue
            at = known[one.arrival_id]
            times = {name: min(max(ms + shift, at), max(now, at)) for name, ms in one.times.items()}
            stages = [times.get(name) for name in STAGES]
            row = (one.arrival_id, agent.token_id, agent.id, "" if device is None else device["device"], *stages, now)
            database.execute(_RECEIPT, row)
            if any(name in times for name in _REACHED):
                reached[one.arrival_id] = "seen" in times
        self._reach(agent.id, reached, now)

    def trace(self, ticket: Row) -> dict[str, JSON]:
        """Who would ring for this ticket and why, and what became of its last arrivals. Inside a transaction."""
        database = self._parts.database
        arrivals = database.rows(
            ArrivalRow.select()
            .where(ArrivalRow.ticket_id == ticket["id"])
            .order_by(ArrivalRow.at.desc(), ArrivalRow.id.desc())
            .limit(_MOST_ARRIVALS)
        )
        taken_by, taken_at = self._taken(ticket)
        seers = who_sees(database, ticket["category_id"])
        return {
            "agents": [self._agent(agent_id, line) for agent_id, line in seers],
            "nextIds": list(next_in_line(seers)),
            "arrivals": [self._arrival(row) for row in arrivals],
            "takenBy": taken_by,
            "takenAt": date_or_none(taken_at),
        }

    def _visible(self, agent: Colleague, arrival_ids: Sequence[str]) -> dict[str, int]:
        """Of these arrivals, those that the agent sees, with when they came."""
        if not arrival_ids:
            return {}
        marks = ", ".join("?" * len(arrival_ids))
        rows = self._parts.database.select(_WHERE.format(marks=marks), tuple(arrival_ids))
        may = {one: sees(self._parts.database, agent.id, one) for one in {str(row[2]) for row in rows}}
        return {str(arrival_id): int(at) for arrival_id, at, category_id in rows if may[str(category_id)]}

    def _reach(self, agent_id: str, reached: Mapping[str, bool], now: int) -> None:
        """It was told that nobody was reached: somebody is now, with whether they looked at it.

        Whoever was next in line hears of it because of that: a notice on their screen is nobody reached yet.
        """
        if not reached:
            return
        late = UnreachedAlertRow.arrival_id.in_(list(reached)) & UnreachedAlertRow.reached_at.is_null()
        rows = self._parts.database.rows(UnreachedAlertRow.select().where(late))
        over = [row["id"] for row in rows if reached[row["arrival_id"]] or agent_id not in row["next_ids"]]
        self._unreached.over(over, now)

    def _agent(self, agent_id: str, line: Line) -> dict[str, JSON]:
        now, connected = self._parts.clock.now_ms(), self._connected(agent_id)
        holding = (TokenRow.agent_id == agent_id) & (TokenRow.expires_at > now)
        said = {
            row["token_id"]: row
            for row in self._parts.database.rows(AlertDeviceRow.select().where(AlertDeviceRow.agent_id == agent_id))
        }
        devices: list[JSON] = []
        for token in self._parts.database.rows(TokenRow.select().where(holding).order_by(TokenRow.id)):
            told: dict[str, Any] = said.get(token["id"], {})
            quiet = told.get("quiet_until")
            devices.append(
                {
                    "device": token["device"],
                    "connected": token["id"] in connected,
                    "lastSeenAt": date_or_none(max(token["used_at"], told.get("at", 0))),
                    "quietUntil": date_or_none(quiet) if quiet is not None and quiet > now else None,
                    "follows": told.get("follows"),
                }
            )
        return {"agentId": agent_id, "why": line.value, "devices": devices}

    def _arrival(self, row: Row) -> dict[str, JSON]:
        receipts = self._parts.database.rows(
            AlertReceiptRow.select()
            .where(AlertReceiptRow.arrival_id == row["id"])
            .order_by(AlertReceiptRow.offered, AlertReceiptRow.token_id)
        )
        late = self._parts.database.one(UnreachedAlertRow.select().where(UnreachedAlertRow.arrival_id == row["id"]))
        return {
            "arrivalId": row["id"],
            "kind": row["kind"],
            "at": date_or_none(row["at"]),
            "byAgentId": row["by_agent_id"],
            "nextIds": [] if late is None else late["next_ids"],
            "nextAt": None if late is None else date_or_none(late["noted_at"]),
            "receipts": [
                {
                    "agentId": one["agent_id"],
                    "device": one["device"],
                    **{name: date_or_none(one[name]) for name in STAGES},
                }
                for one in receipts
            ],
        }

    def _taken(self, ticket: Row) -> tuple[str | None, int | None]:
        """Who has it now, and since when."""
        if ticket["assignee_id"] is None:
            return None, None
        for body, posted_at in self._parts.database.select(_TAKEN, (ticket["id"],)):
            said = orjson.loads(body)
            if said.get("what") == "assigneeId":
                return ticket["assignee_id"], int(posted_at) if said.get("to") == ticket["assignee_id"] else None
        return ticket["assignee_id"], None


def ticket_in(parts: Parts, account_number: int, ticket_id: str) -> Row | None:
    """The ticket, if it stands in that account. Inside a transaction."""
    stands = parts.database.select(
        "SELECT 1 FROM object_state WHERE account = ? AND type = ? AND object_id = ? AND NOT destroyed",
        (account_number, protocol.TICKET, ticket_id),
    )
    return parts.database.one(TicketRow.select().where(TicketRow.id == ticket_id)) if stands else None
