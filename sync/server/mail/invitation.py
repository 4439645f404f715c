"""An invitation (RFC 5545) in one line: what, when, where; the file itself stays beside it."""

from __future__ import annotations

import re
from typing import Final

from sync.domain.limits import clean_line

_FOLD: Final = re.compile(r"\r?\n[ \t]")
_LINE: Final = re.compile(r"^(SUMMARY|DTSTART|LOCATION|METHOD)((?:;[^:\n]*)?):(.*)$", re.IGNORECASE | re.MULTILINE)
_TIME: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ZONE: Final = re.compile(r"TZID=\"?([^\";:]{1,60})", re.IGNORECASE)
_WORDS: Final = {"REPLY": "Answer to an invitation", "CANCEL": "Cancelled invitation"}
_LOOKED_AT: Final = 200_000


def in_a_line(text: str) -> str:
    """`[Invitation: Look at the heating, 2026-11-24 10:00 (Europe/Berlin), Cellar]`."""
    found: dict[str, tuple[str, str]] = {}
    plain = _FOLD.sub("", text[:_LOOKED_AT])
    event = plain.upper().find("BEGIN:VEVENT")
    for part in (plain[max(event, 0) :], plain):
        for name, parameters, value in _LINE.findall(part):
            found.setdefault(name.upper(), (parameters, _unescaped(value)))
    kind = _WORDS.get(found.get("METHOD", ("", ""))[1].upper(), "Invitation")
    said = [found[name][1] for name in ("SUMMARY",) if name in found]
    said += [_when(*found["DTSTART"])] if "DTSTART" in found else []
    said += [found["LOCATION"][1]] if "LOCATION" in found else []
    rest = ", ".join(one[:200] for one in said if one)
    return f"[{kind}: {rest}]" if rest else f"[{kind}]"


def _when(parameters: str, value: str) -> str:
    found = _TIME.match(value)
    if found is None:
        return value[:40]
    day = f"{found[1]}-{found[2]}-{found[3]}"
    if found[4] is None:
        return day
    zone = _ZONE.search(parameters)
    name = "UTC" if found[6] else zone[1] if zone else ""
    return f"{day} {found[4]}:{found[5]}" + (f" ({name})" if name else "")


def _unescaped(value: str) -> str:
    return clean_line(re.sub(r"\\([nN,;\\])", lambda one: " " if one[1] in "nN" else one[1], value))
