"""The sites that lead to the form: what a ticket keeps of them, and which may show the form in a frame."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sync.domain.limits import clean_line
from sync.server.settings import Settings

SITE_MAX: Final = 80
_SOURCE: Final = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Site:
    """`name` is kept on the ticket; `brand` is said on the form, empty where nothing is known."""

    name: str
    brand: str = ""


class Sites:
    """As set now. Blocks for a look into the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def named(self, text: str) -> Site | None:
        """The site that an address names with `?site=`. Where sites are set, others are not kept."""
        name = clean_line(text)[:SITE_MAX].strip()
        known = known_sites(self._settings.text("form.sites") or "")
        if not name or not known:
            return Site(name) if name else None
        return known.get(name.casefold())

    def frame_ancestors(self) -> str:
        """For the Content-Security-Policy: the sites that may show the form in a frame, or 'none'."""
        return frame_ancestors(self._settings.text("form.frame_ancestors") or "")


def known_sites(text: str) -> dict[str, Site]:
    """`shop=The Example Shop, blog` by name in lower case."""
    found: dict[str, Site] = {}
    for part in text.split(","):
        name, _, brand = (clean_line(one) for one in part.partition("="))
        if name:
            found[name.casefold()] = Site(name[:SITE_MAX], brand[:SITE_MAX])
    return found


def frame_ancestors(text: str) -> str:
    """Only what is an address of a site goes into the header."""
    sources = [one.rstrip("/") for one in re.split(r"[\s,;]+", text) if one]
    return " ".join(one for one in sources if _SOURCE.fullmatch(one)) or "'none'"
