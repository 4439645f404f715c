"""The public pages as HTML, and the few files that they need; scripts only help, nothing is inline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from sync.domain.errors import Rejected
from sync.domain.limits import EMAIL_MAX, NAME_MAX, SUBJECT_MAX
from sync.server.web.at_site import NO_SITE

_FOLDER: Final = files("resources") / "web"
_SVG: Final = "image/svg+xml"
_SCRIPT: Final = "text/javascript; charset=utf-8"
_STATIC: Final = {
    "deskbell.css": "text/css; charset=utf-8",
    "mark.svg": _SVG,
    "send.svg": _SVG,
    "warning.svg": _SVG,
    "chevron.svg": _SVG,
    "form.css": "text/css; charset=utf-8",
    "form-words.js": _SCRIPT,
    "form-files.js": _SCRIPT,
    "form-offers.js": _SCRIPT,
    "form-category.js": _SCRIPT,
}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors "
)
NOBODY: Final = "'none'"
_HEADERS: Final = {
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
}
Values = Mapping[str, str]


class Pages:
    """Renders, blocking; `site_name` looks up what the house calls itself now, `frame_ancestors` which sites may show
    the pages in a frame, as a Content-Security-Policy says it."""

    def __init__(self, site_name: Callable[[], str], frame_ancestors: Callable[[], str] = lambda: NOBODY) -> None:
        self._site_name = site_name
        self._frame_ancestors = frame_ancestors
        self._templates = Environment(
            loader=FunctionLoader(lambda name: (_FOLDER / name).read_text(encoding="utf-8")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        sentence = "Many people write to us just now. Nothing was sent; please try again in a few seconds."
        context = {"site_name": "Help desk", "heading": "One moment, please", "sentence": sentence, "text": ""}
        self._busy = self._templates.get_template("problem.html").render({**NO_SITE, **context})
        self._files = {name: (_FOLDER / name).read_bytes() for name in _STATIC}

    def problem(
        self,
        status: int,
        heading: str,
        sentence: str,
        text: str = "",
        headers: Values | None = None,
        site: Values = NO_SITE,
    ) -> Response:
        """A readable page for what could not be done; `text` gives the words back. `site`: as of `at_site`."""
        context = {"heading": heading, "sentence": sentence, "text": text, **site}
        return self.render("problem.html", status, context, headers)

    def busy(self, *, own: bool) -> Response:
        """There is too much to do; made without a look at anything, since it is sent to a flood."""
        status = 429 if own else 503
        headers = {"retry-after": "5", "connection": "close"}
        return HTMLResponse(self._busy, status, {**_HEADERS, "content-security-policy": _POLICY + NOBODY, **headers})

    def static(self, name: str) -> Response:
        """A file that the pages need. Raises Rejected."""
        media_type = _STATIC.get(name)
        if media_type is None:
            raise Rejected("There is no such page. Please check the address.", "notFound")
        headers = {"cache-control": "public, max-age=3600"}
        return Response(self._files[name], headers=headers, media_type=media_type)

    def render(self, template: str, status: int, context: Mapping[str, Any], headers: Values | None = None) -> Response:
        """A template of `resources/web` as an answer. Its links name a site where the context does, as `at_site`
        says it."""
        values = {**NO_SITE, **context, "site_name": self._site_name()}
        html = self._templates.get_template(template).render(values)
        policy = {"content-security-policy": _POLICY + self._frame_ancestors()}
        return HTMLResponse(html, status, {**_HEADERS, **policy, **(headers or {})})


def common(key: str, upload_bytes: int, problems: Values | None) -> dict[str, Any]:
    """What every form needs."""
    limits = {"name": NAME_MAX, "email": EMAIL_MAX, "subject": SUBJECT_MAX, "upload_mb": f"{upload_bytes / 1e6:g}"}
    return {"key": key, "limits": limits, "problems": dict(problems or {})}
