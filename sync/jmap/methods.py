"""What a method is: checked arguments in, one response out, with what it created and what it implies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sync.jmap.access import Principal
from sync.jmap.datatype import Call
from sync.jmap.errors import JSON


@dataclass(frozen=True)
class Context:
    """Who calls, with which capabilities, and what earlier calls of the request created."""

    principal: Principal
    using: frozenset[str]
    created_ids: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """The arguments of the response, the creation ids that came true, and the calls that follow from it."""

    arguments: Mapping[str, JSON]
    created_ids: Mapping[str, str] = field(default_factory=dict)
    follow_ups: Sequence[Call] = ()


class Method(Protocol):
    """One method of the table. Raises MethodError; then nothing has changed."""

    @property
    def name(self) -> str:
        """As in `Ticket/get`."""

    @property
    def capability(self) -> str:
        """The capability that `using` must hold for the method to exist."""

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        """Carry out one call, in transactions of its own. Blocks."""


class Echo:
    """Core/echo: gives back its arguments (section 4)."""

    def __init__(self, capability: str) -> None:
        self.name = "Core/echo"
        self.capability = capability

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        """The same arguments."""
        del context
        return Answer(arguments)
