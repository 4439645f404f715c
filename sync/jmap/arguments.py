"""The arguments of a method call, checked against its signature (RFC 8620 sections 3.5 and 3.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sync.jmap.datatype import REQUIRED, Required
from sync.jmap.errors import JSON, MethodError
from sync.jmap.kinds import STRING, Kind


@dataclass(frozen=True)
class Argument:
    """One argument: its kind, and its default unless it is required."""

    kind: Kind
    default: JSON | Required = REQUIRED


Signature = Mapping[str, Argument]

ACCOUNT: Final[Signature] = {"accountId": Argument(STRING)}


def checked(arguments: Mapping[str, JSON], signature: Signature) -> dict[str, JSON]:
    """The arguments with defaults filled in. Raises MethodError `invalidArguments` for anything amiss."""
    for name in arguments:
        if name not in signature:
            raise MethodError("invalidArguments", f"This method has no argument {name[:100]!r}.")
    found: dict[str, JSON] = {}
    for name, argument in signature.items():
        if name in arguments:
            if not argument.kind.accepts(arguments[name]):
                raise MethodError("invalidArguments", f"{name} must be {argument.kind.name}.")
            found[name] = arguments[name]
        elif isinstance(argument.default, Required):
            raise MethodError("invalidArguments", f"{name} is missing.")
        else:
            found[name] = argument.default
    return found
