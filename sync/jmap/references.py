"""Arguments taken from the results of earlier calls in the same request (RFC 8620 section 3.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.jmap.errors import JSON, MethodError
from sync.jmap.pointer import PointerError, evaluate, parse
from sync.jmap.wire import write

_WRAPPING = 6
"""Levels of nesting that a response adds around an argument, with some to spare."""


@dataclass(frozen=True)
class Invocation:
    """A method call or a response: name, arguments, method call id (section 3.2)."""

    name: str
    arguments: Mapping[str, JSON]
    call_id: str

    def as_json(self) -> list[JSON]:
        """The tuple as sent."""
        return [self.name, self.arguments, self.call_id]


class References:
    """Resolves the references of one request, and bounds how much they may copy (`budget`, in octets of JSON)."""

    def __init__(self, budget: int) -> None:
        self._left = budget

    def resolve(self, arguments: Mapping[str, JSON], responses: Sequence[Invocation]) -> dict[str, JSON]:
        """The arguments with each `#name` replaced by the `name` it stands for.

        Raises MethodError `invalidResultReference` or `invalidArguments`.
        """
        found: dict[str, JSON] = {}
        for name, value in arguments.items():
            if not name.startswith("#"):
                found[name] = value
                continue
            if name[1:] in arguments:
                raise MethodError("invalidArguments", f"{name[1:]!r} is given twice, once as a reference.")
            found[name[1:]] = self._value(value, responses)
        return found

    def _value(self, reference: JSON, responses: Sequence[Invocation]) -> JSON:
        members = ("resultOf", "name", "path")
        if not isinstance(reference, dict) or not all(isinstance(reference.get(key), str) for key in members):
            raise MethodError("invalidResultReference", "A result reference has resultOf, name and path.")
        first = next((one for one in responses if one.call_id == reference["resultOf"]), None)
        if first is None or first.name != reference["name"]:
            raise MethodError("invalidResultReference", "No earlier response has that call id and name.")
        try:
            value = evaluate(first.arguments, parse(reference["path"]))
        except PointerError as error:
            raise MethodError("invalidResultReference", str(error)) from error
        self._spend(value)
        return value

    def _spend(self, value: JSON) -> None:
        wrapped = value
        for _ in range(_WRAPPING):
            wrapped = [wrapped]
        try:
            self._left -= len(write(wrapped))
        except TypeError as error:
            raise MethodError("invalidResultReference", "The result is nested too deeply.") from error
        if self._left < 0:
            raise MethodError("invalidResultReference", "The references of this request copy too much.")
