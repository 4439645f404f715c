"""The form as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from sync.domain.records import Category
from sync.server.web.pages import Pages, Values, common


class FormPage:
    """Renders, blocking."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

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
        return self._pages.render("form.html", status, {**context, **common(key, upload_bytes, problems)})
