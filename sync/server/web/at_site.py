"""The site that led a visitor here, as the address names it, for every link that leads on from the page."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from sync.domain.sites import site_named, site_query


def at_site(request: Request) -> Mapping[str, str]:
    """For a page: `site`, its name, and `at_site`, what is put behind addresses. Whether it is known is only looked
    up where a ticket may come of it."""
    return site_values(request.query_params.get("site", ""))


def site_values(name: str) -> Mapping[str, str]:
    """The same of a site that is known by name already; empty: none."""
    site = site_named(name, {})
    return {"site": site.name, "at_site": site_query(site.name)} if site else NO_SITE


NO_SITE: Final[Mapping[str, str]] = {"site": "", "at_site": ""}
"""Of a page that no site led to."""
