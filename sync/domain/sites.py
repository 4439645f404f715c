"""The sites that lead to the form: what a ticket keeps of them, and which may show the form in a frame. Pure."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from sync.domain.limits import clean_line

SITE_MAX: Final = 80
NO_SITE: Final = "'none'"
_SOURCE: Final = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Site:
    """`name` is kept on the ticket; `brand` is said on the form, empty where nothing is known."""

    name: str
    brand: str = ""


def site_named(text: str, known: dict[str, Site]) -> Site | None:
    """The site that an address names with `?site=`. Where sites are known, others are none."""
    name = clean_line(text)[:SITE_MAX].strip()
    if not name or not known:
        return Site(name) if name else None
    return known.get(name.casefold())


def site_query(name: str) -> str:
    """What names a site behind an address that has no query yet; nothing for none."""
    return f"?site={quote(name, safe='')}" if name else ""


def known_sites(text: str) -> dict[str, Site]:
    """`shop=The Example Shop, blog` by name in lower case."""
    found: dict[str, Site] = {}
    for part in text.split(","):
        name, _, brand = (clean_line(one) for one in part.partition("="))
        if name:
            found[name.casefold()] = Site(name[:SITE_MAX], brand[:SITE_MAX])
    return found


def frame_ancestors(text: str) -> str:
    """For the Content-Security-Policy. Raises ValueError with a sentence where something is no address of a site."""
    sources = [one.rstrip("/") for one in re.split(r"[\s,;]+", text) if one]
    for one in sources:
        if not _SOURCE.fullmatch(one):
            raise ValueError(f"{one} is no address of a site. Give it as https://shop.example, without a path.")
    return " ".join(sources) or NO_SITE
