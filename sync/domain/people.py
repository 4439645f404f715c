"""Who may see what, as an owner plans it: people with grants and devices, ticks not yet saved, and what they mean.

Pure rules of PRODUCT B4: what is planned is shown before it is saved, and saved against the base it was planned on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Device:
    """A workstation that is signed in; times in ms UTC."""

    token_id: str
    name: str
    signed_in_at: int
    last_seen_at: int


@dataclass(frozen=True, slots=True)
class AgentAccess:
    """What an owner sees of an agent. Those who left are kept, not active.

    `second_line_ids`: categories of theirs that alert them only where the first line was not reached.
    """

    id: str
    name: str
    is_owner: bool = False
    active: bool = True
    category_ids: frozenset[str] = frozenset()
    devices: tuple[Device, ...] = ()
    last_seen_at: int | None = None
    second_line_ids: frozenset[str] = frozenset()

    def rings(self, category_id: str) -> bool:
        """Whether its arrivals ring for them at once."""
        return category_id in self.category_ids and category_id not in self.second_line_ids


@dataclass(frozen=True, slots=True)
class UnreachedAlert:
    """An arrival that nobody's workstation showed in time (PRODUCT A9). Times in ms UTC."""

    id: str
    arrival_id: str
    ticket_id: str
    category_id: str
    at: int
    reached_at: int | None = None


@dataclass(frozen=True, slots=True)
class NextInLine:
    """An arrival that reached nobody, and who is alerted of it now (PRODUCT A9). `at`: when it came, ms UTC."""

    id: str
    arrival_id: str
    ticket_id: str
    category_id: str
    at: int
    agent_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class PersonEdit:
    """What is to change about one agent: categories to True (granted) or False, and the role; None: as it is."""

    agent_id: str
    grants: Mapping[str, bool] = field(default_factory=dict)
    is_owner: bool | None = None

    def upon(self, person: AgentAccess) -> AgentAccess:
        """The agent with it."""
        given = {one for one, granted in self.grants.items() if granted}
        taken = self.grants.keys() - given
        is_owner = person.is_owner if self.is_owner is None else self.is_owner
        return replace(person, category_ids=(person.category_ids | given) - taken, is_owner=is_owner)


@dataclass(frozen=True, slots=True)
class Plan:
    """Ticks that are set otherwise than the server has them: (agent, category) to granted, agent to owner."""

    grants: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    owners: Mapping[str, bool] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.grants or self.owners)

    def is_granted(self, person: AgentAccess, category_id: str) -> bool:
        """As it will be."""
        return self.grants.get((person.id, category_id), category_id in person.category_ids)

    def is_owner(self, person: AgentAccess) -> bool:
        """As it will be."""
        return self.owners.get(person.id, person.is_owner)

    def with_grant(self, person: AgentAccess, category_id: str, granted: bool) -> "Plan":
        """The plan with that tick; a tick as the server has it is no plan."""
        grants = {**self.grants, (person.id, category_id): granted}
        if granted == (category_id in person.category_ids):
            del grants[person.id, category_id]
        return replace(self, grants=grants)

    def with_owner(self, person: AgentAccess, is_owner: bool) -> "Plan":
        """The plan with that role."""
        owners = {**self.owners, person.id: is_owner}
        if is_owner == person.is_owner:
            del owners[person.id]
        return replace(self, owners=owners)

    def upon(self, people: Sequence[AgentAccess]) -> "Plan":
        """What is still otherwise than the server has it now; ticks of those who left are dropped."""
        by_id = {person.id: person for person in people if person.active}
        grants = {
            (agent_id, category_id): granted
            for (agent_id, category_id), granted in self.grants.items()
            if agent_id in by_id and granted != (category_id in by_id[agent_id].category_ids)
        }
        owners = {
            agent_id: is_owner
            for agent_id, is_owner in self.owners.items()
            if agent_id in by_id and is_owner != by_id[agent_id].is_owner
        }
        return Plan(grants, owners)

    def edits(self) -> list[PersonEdit]:
        """One for each agent, by id."""
        concerned = sorted({agent_id for agent_id, _ in self.grants} | self.owners.keys())
        return [
            PersonEdit(
                one,
                {category: granted for (agent, category), granted in sorted(self.grants.items()) if agent == one},
                self.owners.get(one),
            )
            for one in concerned
        ]


@dataclass(frozen=True, slots=True)
class Cover:
    """Who covers a category before and after a plan: ids of active agents whom it rings for, by name."""

    category_id: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the plan touches it."""
        return self.before != self.after


def covers(people: Sequence[AgentAccess], categories: Sequence[str], plan: Plan) -> list[Cover]:
    """For each category. Owners see everything, but what they are not granted does not ring for them at once,
    nor does a category ring for its second line."""
    active = sorted((one for one in people if one.active), key=lambda one: one.name.casefold())
    return [
        Cover(
            category_id,
            tuple(one.id for one in active if one.rings(category_id)),
            tuple(
                one.id for one in active if plan.is_granted(one, category_id) and category_id not in one.second_line_ids
            ),
        )
        for category_id in categories
    ]


def losses(
    people: Sequence[AgentAccess], categories: Sequence[str], plan: Plan
) -> list[tuple[AgentAccess, tuple[str, ...]]]:
    """Who will not see which categories any more, so that their workstations drop them. Owners see all."""
    found = []
    for person in people:
        if not person.active or plan.is_owner(person):
            continue
        seen = [one for one in categories if person.is_owner or one in person.category_ids]
        lost = tuple(one for one in seen if not plan.is_granted(person, one))
        if lost:
            found.append((person, lost))
    return found


def leaves_no_owner(people: Sequence[AgentAccess], plan: Plan) -> bool:
    """Whether the plan leaves no active owner."""
    return not any(person.active and plan.is_owner(person) for person in people)
