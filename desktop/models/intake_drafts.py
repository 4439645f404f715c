"""What was changed on the intake page and is not at the server yet, as it is kept on this computer (PRODUCT C2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from sync.cache.rows import DraftRow
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.intake_figures import HouseCalendar

Draft = Closing | OpenTicketCap | HouseCalendar
SLOT: Final = ("own", "intake")


@dataclass(frozen=True, slots=True)
class Begun:
    """`base`: as the server had it when somebody began to change it; None for what is new."""

    draft: Draft
    base: Draft | None = None

    def is_behind(self, kept: Draft | None) -> bool:
        """Whether somebody else changed it since; `kept`: as the server has it now, None where that is not known."""
        return self.base is not None and kept is not None and _counted(kept) != _counted(self.base)


def text_of(begun: Mapping[str, Begun]) -> str:
    """All of it, as it is kept; empty where there is nothing to keep."""
    if not begun:
        return ""
    said = {name: {"draft": _plain(one.draft), "base": _plain(one.base)} for name, one in begun.items()}
    return orjson.dumps(said).decode()


def begun_of(row: DraftRow | None) -> dict[str, Begun]:
    """What was kept, by name; what cannot be read is left out."""
    try:
        said = orjson.loads(row.text) if row is not None else {}
    except orjson.JSONDecodeError:
        return {}
    found: dict[str, Begun] = {}
    for name, one in said.items() if isinstance(said, dict) else ():
        try:
            draft, base = _draft(one["draft"]), _draft(one["base"])
        except (KeyError, TypeError, ValueError):
            continue
        if draft is not None:
            found[name] = Begun(draft, base)
    return found


def _counted(draft: Draft) -> Draft:
    """But for what changes by itself."""
    return replace(draft, led_times=0) if isinstance(draft, OpenTicketCap) else draft


def _plain(draft: Draft | None) -> dict[str, Any] | None:
    match draft:
        case Closing():
            return {
                "kind": "closing", "id": draft.id, "name": draft.name, "starts": draft.starts_at, "ends": draft.ends_at,
                "categories": sorted(draft.category_ids), "notice": draft.notice,
            }  # fmt: skip
        case OpenTicketCap():
            return {
                "kind": "cap", "id": draft.id, "category": draft.category_id, "most": draft.most, "until": draft.until,
                "reason": draft.reason, "led": draft.led_times,
            }  # fmt: skip
        case HouseCalendar():
            return {
                "kind": "calendar", "zone": draft.zone, "hours": draft.hours, "country": draft.country,
                "in": draft.in_zone,
            }  # fmt: skip
    return None


def _draft(said: dict[str, Any] | None) -> Draft | None:
    """Raises KeyError, TypeError, ValueError."""
    if said is None:
        return None
    match said["kind"]:
        case "closing":
            places = frozenset(str(one) for one in said["categories"])
            return Closing(
                str(said["id"]), str(said["name"]), int(said["starts"]), int(said["ends"]), places, str(said["notice"])
            )
        case "cap":
            place = None if said["category"] is None else str(said["category"])
            until = None if said["until"] is None else int(said["until"])
            return OpenTicketCap(
                str(said["id"]), place, int(said["most"]), until, str(said["reason"]), int(said["led"])
            )
        case "calendar":
            return HouseCalendar(*(str(said[name]) for name in ("zone", "hours", "country", "in")))
    raise ValueError(said["kind"])
