"""A requester's private page as HTML."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.responses import Response

from sync.domain.quoting import folded
from sync.domain.records import MessageKind, Status
from sync.server.expecting import wording
from sync.server.expecting.feedback import WORD_MAX
from sync.server.web.at_site import site_values
from sync.server.web.pages import Pages, Values, common
from sync.server.web.private_desk import Entry, Page
from sync.server.web.sizes import in_words
from sync.server.web.standing import Standing

_STANDING: Final = {
    Status.NEW: "We have it; nobody has answered yet.",
    Status.OPEN: "We are working on it.",
    Status.WAITING: "We have answered and wait for you.",
    Status.CLOSED: "It is closed. Write again if it is not solved.",
}


class ThreadPage:
    """Renders, blocking."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def thread(
        self,
        page: Page,
        address: str,
        key: str,
        upload_bytes: int,
        values: Values | None = None,
        problems: Values | None = None,
        *,
        had_files: bool = False,
        status: int = 200,
    ) -> Response:
        """A requester's private page; `address` is its own path."""
        context = {
            "ticket": {
                "number": page.number,
                "subject": page.subject,
                "category": page.category,
                "standing": _STANDING[Status(page.status)],
            },
            "messages": [_message(entry, address, page.standing.zone) for entry in page.entries],
            "earlier": page.earlier,
            "merged": page.merged,
            "joined": page.joined,
            "standing": page.standing,
            **site_values(page.site),
            "remind_from": _from(page.standing),
            "word_max": WORD_MAX,
            "notices": page.standing.notices,
            "just_sent": len(page.entries) == 1 and page.status == Status.NEW,
            "action": address,
            "values": {"text": "", **(values or {})},
            "had_files": had_files,
        }
        return self._pages.render("thread.html", status, {**context, **common(key, upload_bytes, problems)})


def _from(standing: Standing) -> str | None:
    """From when on one may say that one still waits, where that is later."""
    if standing.remind_at is None or standing.may_remind:
        return None
    return wording.moment(standing.remind_at, standing.zone)


def _message(entry: Entry, address: str, zone: ZoneInfo) -> dict[str, Any]:
    moment = datetime.fromtimestamp(entry.posted_at / 1000, zone)
    own, rest = folded(entry.text) if entry.kind == MessageKind.INBOUND else (entry.text, "")
    return {
        "kind": entry.kind,
        "author": entry.author,
        "text": own,
        "folded": rest,
        "posted": f"{moment.day} {moment:%B %Y, %H:%M} {moment.tzname() or ''}",
        "posted_iso": moment.isoformat(timespec="seconds"),
        "files": [
            {
                "href": f"{address}/files/{quote(one.blob_id, safe='')}/{quote(one.name, safe='')}",
                "name": one.name,
                "size": in_words(one.size),
            }
            for one in entry.attachments
        ],
    }
