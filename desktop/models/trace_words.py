"""Who would ring and what became of it, in words (PRODUCT A9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from desktop.models.moments import Moments, length
from desktop.translation import translate
from sync.domain.alert_trace import AgentTrace, ArrivalTrace, DeviceTrace, ReceiptTrace, Trace
from sync.domain.lines import Line as Standing
from sync.domain.records import ArrivalKind
from sync.domain.times import DAY_MS, MINUTE_MS

_LINES = list(Standing)


@dataclass(frozen=True, slots=True)
class Line:
    """A person or a workstation, with an icon, the ink of its meaning, and the why."""

    title: str
    words: str
    icon: str = ""
    ink: str = "text"


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts a trace into words. `names` of agents; `category` is the ticket's; `zone` None: the machine's."""

    names: Mapping[str, str]
    category_id: str
    category: str
    moments: Moments
    zone: tzinfo | None = None

    def people(self, trace: Trace) -> list[Line]:
        """Those who would ring first, then the others of the first line, then who is next in line, by name."""
        agents = sorted(trace.agents, key=self._order)
        return [self._person(one, trace.at) for one in agents]

    def arrivals(self, trace: Trace) -> list[tuple[str, list[Line]]]:
        """Each arrival with a heading, the newest first."""
        return [(self._heading(one, trace.at), self._receipts(one)) for one in trace.arrivals]

    def taken(self, trace: Trace) -> str:
        """Who has it, and since when."""
        if trace.taken_by is None:
            return translate("Trace", "Nobody has taken it.")
        name = self._name(trace.taken_by)
        if trace.taken_at is None:
            return translate("Trace", "Taken by {name}.").format(name=name)
        at = self.moments.short(trace.taken_at, trace.at)
        return translate("Trace", "Taken by {name}, {time}.").format(name=name, time=at)

    def _order(self, agent: AgentTrace) -> tuple[bool, int, str]:
        return not agent.would_ring, _LINES.index(agent.line), self._name(agent.agent_id)

    def _person(self, agent: AgentTrace, now: int) -> Line:
        said = [self._why(agent)]
        if agent.is_next:
            said.append(translate("Trace", "next in line where nobody is reached"))
        said.append(self._where(agent.devices, now))
        said += [self._quiet(one, now) for one in agent.devices if one.quiet_until is not None]
        words = "; ".join(one for one in said if one)
        if agent.would_ring:
            return Line(self._name(agent.agent_id), words, "bell", "sent")
        return Line(self._name(agent.agent_id), words, "bell-off", "muted")

    def _why(self, agent: AgentTrace) -> str:
        if agent.line is Standing.SECOND:
            return translate("Trace", "second line of {category}").format(category=self.category)
        if agent.line is Standing.FIRST:
            return translate("Trace", "granted {category}").format(category=self.category)
        followed = [one for one in agent.devices if one.follows is None or self.category_id in one.follows]
        if agent.devices and not followed:
            return translate("Trace", "owner, does not follow {category}").format(category=self.category)
        return translate("Trace", "owner, told at the check")

    def _where(self, devices: tuple[DeviceTrace, ...], now: int) -> str:
        if not devices:
            return translate("Trace", "signed in nowhere")
        places = ", ".join(self._device(one, now) for one in devices)
        if len(devices) == 1:
            return translate("Trace", "signed in on {places}").format(places=places)
        words = translate("Trace", "signed in on {count} workstations: {places}")
        return words.format(count=len(devices), places=places)

    def _device(self, device: DeviceTrace, now: int) -> str:
        name = device.name or translate("Trace", "a device without a name")
        if device.connected:
            return translate("Trace", "{device} (connected)").format(device=name)
        seen = self.moments.full(device.last_seen_at, now)
        return translate("Trace", "{device} (last seen {time})").format(device=name, time=seen)

    def _quiet(self, device: DeviceTrace, now: int) -> str:
        until = device.quiet_until or 0
        if until > now + 300 * DAY_MS:
            return translate("Trace", "do not disturb on {device}").format(device=device.name)
        words = translate("Trace", "do not disturb on {device} until {time}")
        return words.format(device=device.name, time=self.moments.short(until, now))

    def _heading(self, arrival: ArrivalTrace, now: int) -> str:
        what = {
            ArrivalKind.NEW: translate("Trace", "New ticket"),
            ArrivalKind.INBOUND: translate("Trace", "Answer of the requester"),
            ArrivalKind.MOVED: translate("Trace", "Moved here"),
            ArrivalKind.UNDELIVERED: translate("Trace", "Reply not delivered"),
        }[arrival.kind]
        return f"{what}, {self.moments.day(arrival.at, now)} {self._exact(arrival.at)}"

    def _receipts(self, arrival: ArrivalTrace) -> list[Line]:
        """Those of the first line, then those of who was next."""
        first = [self._receipt(arrival, one) for one in arrival.receipts if one.agent_id not in arrival.next_ids]
        if not first:
            words = translate("Trace", "No workstation has said that it was offered this.")
            first = [Line(translate("Trace", "Nobody"), words, "bell-off", "overdue")]
        told = {one.agent_id for one in arrival.receipts}
        second = [self._receipt(arrival, one) for one in arrival.receipts if one.agent_id in arrival.next_ids]
        return first + second + [self._unheard(arrival, one) for one in arrival.next_ids if one not in told]

    def _unheard(self, arrival: ArrivalTrace, agent_id: str) -> Line:
        words = translate("Trace", "{next}; no workstation of theirs has said that it was offered this")
        return Line(self._name(agent_id), words.format(next=self._next(arrival)), "bell-off", "muted")

    def _next(self, arrival: ArrivalTrace) -> str:
        at = arrival.at if arrival.next_at is None else arrival.next_at
        return translate("Trace", "next in line from {time}").format(time=self._exact(at))

    def _receipt(self, arrival: ArrivalTrace, receipt: ReceiptTrace) -> Line:
        stages, said = receipt.stages, list[str]()
        if receipt.agent_id in arrival.next_ids:
            said.append(self._next(arrival))
        start = stages.get("offered", arrival.at)
        if "offered" in stages:
            said.append(translate("Trace", "offered {time}").format(time=self._exact(start)))
        for name, words in (
            ("shown", translate("Trace", "shown {after}")),
            ("rang", translate("Trace", "rang {after}")),
            ("seen", translate("Trace", "seen {after}")),
        ):
            if name in stages:
                said.append(words.format(after=_after(stages[name] - start)))
        reached = any(name in stages for name in ("shown", "rang", "seen"))
        title = translate("Trace", "{name} on {device}").format(
            name=self._name(receipt.agent_id), device=receipt.device or translate("Trace", "a device without a name")
        )
        return Line(title, ", ".join(said), "check" if reached else "bell-off", "sent" if reached else "muted")

    def _name(self, agent_id: str) -> str:
        return self.names.get(agent_id, translate("Trace", "somebody who left"))

    def _exact(self, ms: int) -> str:
        local = datetime.fromtimestamp(ms / 1000, UTC).astimezone(self.zone)
        return f"{local:%H:%M:%S}.{local.microsecond // 100_000}"


def _after(ms: int) -> str:
    if ms < 1_000:
        return translate("Trace", "+{count} ms").format(count=max(0, ms))
    if ms < MINUTE_MS:
        return translate("Trace", "+{count} s").format(count=f"{ms / 1000:.1f}")
    return f"+{length(ms)}"
