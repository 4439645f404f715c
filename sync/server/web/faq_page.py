"""The public FAQ pages as HTML: the list by category, what a search found, one question with its answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from sync.server.database import Row
from sync.server.faq.faq import Offer
from sync.server.faq.markdown import Markdown
from sync.server.web.languages import name_of
from sync.server.web.pages import Pages, Values


class FaqPage:
    """Renders, blocking."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._markdown = Markdown()

    def listing(
        self,
        rows: Sequence[Row],
        categories: Mapping[str, str],
        languages: Mapping[str, int],
        language: str | None,
        site: Values,
    ) -> Response:
        """Everything in one language, by category. `categories`: names by id; `languages`: how many entries each."""
        groups: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            names = [categories[one] for one in row["category_ids"] if one in categories]
            for name in names or [""]:
                groups.setdefault(name, []).append({"slug": row["slug"], "question": row["question"]})
        ordered = sorted(groups.items(), key=lambda one: (not one[0], one[0].casefold()))
        others = [
            {"tag": tag, "name": name_of(tag), "count": count}
            for tag, count in sorted(languages.items())
            if tag != language
        ]
        context = {"groups": ordered, "language": language or "", "others": others, "sought": "", "found": None}
        return self._pages.render("faq.html", 200, {**context, **site})

    def found(self, sought: str, offers: Sequence[Offer], site: Values) -> Response:
        """What a search found, the best first."""
        context = {"groups": [], "language": "", "others": [], "sought": sought, "found": offers, **site}
        return self._pages.render("faq.html", 200, context)

    def entry(self, row: Row, site: Values, *, thanked: bool) -> Response:
        """One question with its answer; `thanked`: the reader just said that it helped."""
        answer = Markup(self._markdown.html(row["answer"]))  # noqa: S704  # made by our own reader, without raw HTML
        context: dict[str, Any] = {"entry": row, "answer": answer, "thanked": thanked, **site}
        return self._pages.render("faq_entry.html", 200, context)
