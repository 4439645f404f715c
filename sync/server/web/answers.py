"""Answers of the FAQ that are offered before a question is sent, and what became of the offer (PRODUCT G1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from sync.server.faq.faq import Faq
from sync.server.faq.markdown import Markdown
from sync.server.web.forms import TicketForm

MOST: Final = 3
_LOOKED_AT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry, with its answer as safe HTML."""

    entry_id: str
    slug: str
    question: str
    html: Markup


class Answers:
    """Blocking."""

    def __init__(self, faq: Faq) -> None:
        self._faq = faq
        self._markdown = Markdown()

    def offered(self, form: TicketForm, seen: frozenset[str], language: str | None) -> tuple[Answer, ...]:
        """What may answer the question and was not `seen`, the best first; nothing that is not about it.

        `language`: the one that the asker's browser prefers, as a BCP 47 tag.
        """
        text = f"{form.subject}\n{form.text[:_LOOKED_AT]}"
        found: list[Answer] = []
        for offer in self._faq.matching(text, form.category_id, language, MOST):
            entry = None if offer.slug in seen else self._faq.published(offer.slug)
            if entry is not None:
                html = Markup(self._markdown.html(entry["answer"]))  # noqa: S704  # made by our own reader, without raw HTML
                found.append(Answer(offer.entry_id, offer.slug, offer.question, html))
        return tuple(found)

    def count_shown(self, answers: Sequence[Answer], address: str) -> None:
        """They were shown to somebody."""
        self._faq.counts.count([one.entry_id for one in answers], "shown", address)

    def count_answered(self, slug: str, address: str) -> None:
        """A ticket was avoided; whatever is no entry counts nothing."""
        entry = self._faq.published(slug)
        if entry is not None:
            self._faq.count(entry["id"], "answered", address)
