"""What a webhook tells, read from its JSON with every limit kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from sync.domain.addresses import normal_address
from sync.domain.errors import Rejected
from sync.domain.limits import NAME_MAX, clean_line

_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_DATA_MAX: Final = 30
_VALUE_MAX: Final = 300
_SUMMARY_MAX: Final = 300
_YEARS: Final = (2000, 2200)


@dataclass(frozen=True, slots=True)
class Told:
    """An event. `data`: names and values as text, in the sender's order. Time in ms UTC."""

    type: str
    occurred_at: int
    email: str
    name: str
    data: Mapping[str, str]

    @property
    def summary(self) -> str:
        """The data on one line."""
        text = ", ".join(f"{name}: {value}" for name, value in self.data.items())
        return text if len(text) <= _SUMMARY_MAX else text[: _SUMMARY_MAX - 1] + "\N{HORIZONTAL ELLIPSIS}"


def read_told(body: bytes, now_ms: int) -> Told:
    """Raises Rejected with what is wrong, for whoever sends it."""
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Rejected("The body is no JSON.") from error
    if not isinstance(whole, dict):
        raise Rejected("The body is no JSON object.")
    kind, requester = whole.get("type"), whole.get("requester")
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind.replace(".", "_")):
        raise Rejected("`type` must be a word of at most 60 letters and digits.")
    if not isinstance(requester, dict) or not isinstance(requester.get("email"), str):
        raise Rejected("`requester` must have an `email`.")
    try:
        email = normal_address(clean_line(requester["email"]))
    except ValueError as error:
        raise Rejected("`requester.email` is no e-mail address.") from error
    name = requester.get("name")
    name = clean_line(name)[:NAME_MAX] if isinstance(name, str) else ""
    at = _moment(whole.get("occurredAt", whole.get("timestamp")), now_ms)
    return Told(kind.replace(".", "_"), at, email, name or email[:NAME_MAX], _data(whole.get("data")))


def _moment(value: Any, now_ms: int) -> int:
    if value is None:
        return now_ms
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Rejected("`occurredAt` must be a time as in 2026-11-22T10:15:00Z.") from error
    if moment.tzinfo is None or not _YEARS[0] <= moment.year < _YEARS[1]:
        raise Rejected("`occurredAt` must be a time with its zone, as in 2026-11-22T10:15:00Z.")
    return int(moment.astimezone(UTC).timestamp() * 1000)


def _data(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Rejected("`data` must be an object.")
    if len(value) > _DATA_MAX:
        raise Rejected(f"`data` may have {_DATA_MAX} values at most.")
    return {clean_line(name)[:_VALUE_MAX]: _text(one) for name, one in value.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else "" if value is None else orjson.dumps(value).decode()
    return clean_line(text)[:_VALUE_MAX]
