"""The form as HTML, and the pages between writing and sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.responses import Response

from sync.domain.records import Category
from sync.domain.sites import Site
from sync.server.expecting import wording
from sync.server.expecting.expecting import ClosingNotice, Expected
from sync.server.web.answers import Answer
from sync.server.web.at_site import site_values
from sync.server.web.forms import SHOWN, Allowed, Problems
from sync.server.web.front_desk import Added
from sync.server.web.incident_notice import IncidentNotice
from sync.server.web.pages import Pages, Values, common
from sync.server.web.sizes import in_words
from sync.server.web.uploads import Stored

_CARRIED: Final = SHOWN


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on a page beside the words. `kept`: files that came before; `listed`: their marked list."""

    offers: tuple[Answer, ...] = ()
    like: Added | None = None
    kept: list[Stored] = field(default_factory=list)
    listed: str = ""
    site: Site | None = None
    expected: Expected | None = None
    notices: tuple[ClosingNotice, ...] = ()
    incidents: tuple[IncidentNotice, ...] = ()
    flood: str | None = None
    problems: Problems | None = None
    had_files: bool = False
    limits: Allowed | None = None


class FormPage:
    """Renders, blocking."""

    def __init__(self, pages: Pages, zone: Callable[[], ZoneInfo]) -> None:
        self._pages = pages
        self._zone = zone

    def form(self, categories: Sequence[Category], key: str, values: Values, shown: Shown) -> Response:
        """The form; with problems what was sent stands in it again."""
        problems, limits = shown.problems, shown.limits
        context = {
            "categories": categories,
            "values": dict(values),
            "explained": any(one.description for one in categories),
            "had_files": shown.had_files,
            "notices": shown.notices,
            "incidents": shown.incidents,
            "flood": shown.flood,
            "file_limits": {"count": limits.files, "octets": limits.file_bytes} if limits else {},
            **self.kept_list(shown),
            **_site(shown),
        }
        wrong = problems.by_field if problems else None
        room = limits.file_bytes if limits else 0
        status = problems.status if problems else 200
        return self._pages.render("form.html", status, {**context, **common(key, room, wrong)})

    def offer(self, fields: Values, key: str, shown: Shown) -> Response:
        """Before it is sent: does one of these help?"""
        context = {
            **_carried(fields, key, shown),
            "offers": shown.offers,
            "like": self._ticket(shown.like),
            "expected": shown.expected,
        }
        return self._pages.render("offer.html", 200, context)

    def answered(self, fields: Values, key: str, shown: Shown) -> Response:
        """An answer helped; the words are still there."""
        return self._pages.render("answered.html", 200, _carried(fields, key, shown))

    def added(self, added: Added, shown: Shown, *, mailed: bool) -> Response:
        """The words went to a ticket that is open; its page is not shown to whoever only knows an address."""
        until = None if added.until is None else wording.until(added.until, self._zone())
        context = {"ticket": self._ticket(added), "reason": added.reason, "until": until, "mailed": mailed}
        return self._pages.render("added.html", 200, {**context, **_site(shown)})

    def kept_list(self, shown: Shown) -> dict[str, Any]:
        """The files that came before, for the form and for its script."""
        files = [
            {"name": one.attachment.name, "size": in_words(one.attachment.size), "octets": one.attachment.size}
            for one in shown.kept
        ]
        return {"kept": shown.listed, "files": files}

    def _ticket(self, added: Added | None) -> dict[str, Any] | None:
        if added is None:
            return None
        moment = datetime.fromtimestamp(added.created_at / 1000, self._zone())
        return {"number": added.number, "day": f"{moment:%A}, {moment.day} {moment:%B %Y}"}


def _carried(fields: Mapping[str, str], key: str, shown: Shown) -> dict[str, Any]:
    """Everything that was written, to travel on."""
    values = {name: fields.get(name, "") for name in _CARRIED}
    carried = {**values, "key": key, "kept": shown.listed, **({"site": shown.site.name} if shown.site else {})}
    return {"carried": carried, "files": [one.attachment.name for one in shown.kept], **_site(shown)}


def _site(shown: Shown) -> dict[str, Any]:
    site = shown.site
    return {"brand": "", **site_values("")} if site is None else {"brand": site.brand, **site_values(site.name)}
