"""The public pages as HTML, and the few files that they need; no script, nothing inline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from sync.domain.errors import Rejected
from sync.domain.limits import EMAIL_MAX, NAME_MAX, SUBJECT_MAX
from sync.domain.records import Category, Status
from sync.server.web.front_desk import Entry, Page

_FOLDER: Final = files("resources") / "web"
_SVG: Final = "image/svg+xml"
_STATIC: Final = {
    "deskbell.css": "text/css; charset=utf-8",
    "mark.svg": _SVG,
    "send.svg": _SVG,
    "warning.svg": _SVG,
    "chevron.svg": _SVG,
}
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
}
_STANDING: Final = {
    Status.NEW: "We have it; nobody has answered yet.",
    Status.OPEN: "We are working on it.",
    Status.WAITING: "We have answered and wait for you.",
    Status.CLOSED: "It is closed. Write again if it is not solved.",
}

Values = Mapping[str, str]


class Pages:
    """Renders, blocking; `site_name` looks up what the house calls itself now."""

    def __init__(self, site_name: Callable[[], str]) -> None:
        self._site_name = site_name
        self._templates = Environment(
            loader=FunctionLoader(lambda name: (_FOLDER / name).read_text(encoding="utf-8")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        sentence = "Many people write to us just now. Nothing was sent; please try again in a few seconds."
        context = {"site_name": "Help desk", "heading": "One moment, please", "sentence": sentence, "text": ""}
        self._busy = self._templates.get_template("problem.html").render(context)
        self._files = {name: (_FOLDER / name).read_bytes() for name in _STATIC}

    def form(
        self,
        categories: Sequence[Category],
        key: str,
        upload_bytes: int,
        values: Values | None = None,
        problems: Values | None = None,
        *,
        had_files: bool = False,
        status: int = 200,
    ) -> Response:
        """The form; with `problems` what was sent stands in it again."""
        shown = dict.fromkeys(("category", "name", "email", "subject", "text"), "") | dict(values or {})
        context = {"categories": categories, "values": shown, "had_files": had_files}
        return self._page("form.html", status, {**context, **_common(key, upload_bytes, problems)})

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
            "messages": [_message(entry, address) for entry in page.entries],
            "earlier": page.earlier,
            "merged": page.merged,
            "just_sent": len(page.entries) == 1 and page.status == Status.NEW,
            "action": address,
            "values": {"text": "", **(values or {})},
            "had_files": had_files,
        }
        return self._page("thread.html", status, {**context, **_common(key, upload_bytes, problems)})

    def problem(
        self, status: int, heading: str, sentence: str, text: str = "", headers: Values | None = None
    ) -> Response:
        """A readable page for what could not be done; `text` gives the words back."""
        context = {"heading": heading, "sentence": sentence, "text": text}
        return self._page("problem.html", status, context, headers)

    def busy(self, *, own: bool) -> Response:
        """There is too much to do; made without a look at anything, since it is sent to a flood."""
        status = 429 if own else 503
        headers = {"retry-after": "5", "connection": "close"}
        return HTMLResponse(self._busy, status, {**_HEADERS, **headers})

    def static(self, name: str) -> Response:
        """A file that the pages need. Raises Rejected."""
        media_type = _STATIC.get(name)
        if media_type is None:
            raise Rejected("There is no such page. Please check the address.", "notFound")
        headers = {"cache-control": "public, max-age=3600"}
        return Response(self._files[name], headers=headers, media_type=media_type)

    def _page(self, template: str, status: int, context: Mapping[str, Any], headers: Values | None = None) -> Response:
        html = self._templates.get_template(template).render(site_name=self._site_name(), **context)
        return HTMLResponse(html, status, {**_HEADERS, **(headers or {})})


def _common(key: str, upload_bytes: int, problems: Values | None) -> dict[str, Any]:
    limits = {"name": NAME_MAX, "email": EMAIL_MAX, "subject": SUBJECT_MAX, "upload_mb": f"{upload_bytes / 1e6:g}"}
    return {"key": key, "limits": limits, "problems": dict(problems or {})}


def _message(entry: Entry, address: str) -> dict[str, Any]:
    moment = datetime.fromtimestamp(entry.posted_at / 1000, UTC)
    return {
        "kind": entry.kind,
        "author": entry.author,
        "text": entry.text,
        "posted": f"{moment.day} {moment:%B %Y, %H:%M} UTC",
        "posted_iso": moment.isoformat(timespec="seconds"),
        "files": [
            {
                "href": f"{address}/files/{quote(one.blob_id, safe='')}/{quote(one.name, safe='')}",
                "name": one.name,
                "size": _size(one.size),
            }
            for one in entry.attachments
        ],
    }


def _size(octets: int) -> str:
    if octets < 1_000:
        return f"{octets} bytes"
    return f"{octets / 1e3:.0f} KB" if octets < 1_000_000 else f"{octets / 1e6:.1f} MB"
