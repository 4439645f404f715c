"""What a workstation's live stream says, taken from what the server has committed."""

from collections.abc import Mapping

from sync.connectors.central.stream import arrival_of
from sync.connectors.port import ArrivalHint, StateHint
from sync.engine.engine import Engine
from tests.simulation.facts import Arrival, Facts


class Ears:
    """One stream: it begins with the present state, and tells each later change once.

    As the server's streams do, it looks again at what the person may see only when a grant, an agent or the list of
    categories has changed.
    """

    def __init__(self, facts: Facts, agent_id: str, is_owner: bool) -> None:
        self._facts = facts
        self._agent_id = agent_id
        self._is_owner = is_owner
        self._states: Mapping[str, Mapping[str, str]] = {}
        self._arrivals: set[str] = set()
        self._allowed: set[str] = set()
        self._rights: Mapping[str, str] = {}
        self._heard: object = None

    def begin(self) -> None:
        """What is committed until now is no news."""
        self._heard = None
        self._states = self._facts.states(self._agent_id, self._is_owner)
        self._rights = self._facts.rights(self._agent_id)
        self._allowed = self._visible()
        self._fresh_arrivals()

    def hear(self, engine: Engine) -> None:
        """Everything since the last time; nothing, where the server is as it was then."""
        if self._heard is not None and self._heard == self._facts.version():
            return
        self._heard = self._facts.version()
        states, rights = self._facts.states(self._agent_id, self._is_owner), self._facts.rights(self._agent_id)
        if rights != self._rights:
            self._rights, self._allowed = rights, self._visible()
        states = {one: types for one, types in states.items() if one in self._allowed}
        moved = frozenset(one for one, types in states.items() if self._states.get(one, {}) != types)
        self._states = states
        for account_id, row in self._fresh_arrivals():
            engine.on_hint(ArrivalHint(account_id, arrival_of(row)))
        if moved:
            engine.on_hint(StateHint(moved))

    def _visible(self) -> set[str]:
        return set(self._facts.accounts(self._agent_id, self._is_owner).values())

    def _fresh_arrivals(self) -> list[Arrival]:
        fresh = self._facts.arrivals_for(self._agent_id, self._is_owner, self._arrivals)
        self._arrivals |= {str(row["id"]) for _, row in fresh}
        return [one for one in fresh if one[0] in self._allowed]
