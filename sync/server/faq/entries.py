"""FAQ entries as they are written: checked, kept, put into the index and told, in one transaction."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sync.domain import ids, limits, protocol
from sync.domain.errors import Rejected
from sync.domain.faq import Status
from sync.server import texts
from sync.server.audit import Actor, Deed
from sync.server.database import Row
from sync.server.faq.index import Index
from sync.server.faq.markdown import Markdown
from sync.server.faq.slugs import slug_of, told_apart
from sync.server.faq.tables import FaqRow
from sync.server.parts import Parts

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
USUAL_LANGUAGE: Final = "en"
_TAKEN: Final = frozenset({"offers"})
"""Addresses below /faq that are something else."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote. `category_ids`: where it is offered; none: everywhere. `language`: a BCP 47 tag."""

    question: str
    answer: str
    category_ids: frozenset[str] = frozenset()
    language: str = USUAL_LANGUAGE
    status: Status = Status.DRAFT

    def checked(self) -> "Draft":
        """As it is stored. Raises Rejected."""
        return replace(self, question=texts.subject(self.question), answer=_answer(self.answer, self.status))


class Entries:
    """Call inside a write transaction of the journal. Raises Rejected."""

    def __init__(self, parts: Parts, index: Index) -> None:
        self._parts = parts
        self._index = index
        self._markdown = Markdown()

    def add(self, draft: Draft, by: Actor, entry_id: str | None = None, client_key: str | None = None) -> str:
        """A new entry; its id."""
        draft, now = self._checked(draft), self._parts.clock.now_ms()
        entry_id = entry_id or self._parts.ids.new(ids.FAQ_ENTRY)
        row: Row = {
            "id": entry_id,
            **self._values(draft),
            "slug": self._slug(draft.question, entry_id),
            "author_id": by.id,
            "created_at": now,
            "updated_at": now,
            "first_published_at": now if draft.status is Status.PUBLISHED else None,
            "shown": 0,
            "opened": 0,
            "answered": 0,
            "untold": False,
            "client_key": client_key,
        }
        self._parts.database.insert(FaqRow, [row])
        self._settle(row, by, before=None)
        return entry_id

    def change(self, before: Row, draft: Draft, by: Actor) -> Row:
        """Other words; the row as it is then. `before`: as it stands, held by this transaction."""
        draft, now = self._checked(draft), self._parts.clock.now_ms()
        row = {**before, **self._values(draft)}
        if row["first_published_at"] is None:
            row["slug"] = self._slug(draft.question, row["id"])
            row["first_published_at"] = now if draft.status is Status.PUBLISHED else None
        if row != before:
            row["updated_at"] = now
            given: dict[Any, Any] = {name: value for name, value in row.items() if value != before[name]}
            self._parts.database.run(FaqRow.update(given).where(FaqRow.id == row["id"]))
            self._settle(row, by, before=before)
        return row

    def remove(self, row: Row, by: Actor) -> None:
        """Gone for good; what it answered stays counted."""
        self._index.drop(row["id"])
        self._parts.database.run(FaqRow.delete().where(FaqRow.id == row["id"]))
        self._parts.journal.gone(self._parts.accounts.team(), protocol.FAQ_ENTRY, row["id"])
        self._parts.audit.record(Deed.FAQ_DELETED, by, row["id"], {"slug": row["slug"], "status": row["status"]})

    def _checked(self, draft: Draft) -> Draft:
        if _LANGUAGE.fullmatch(draft.language) is None:
            raise Rejected("The language is no language tag. Give one such as en, de or pt-BR.", texts.INVALID)
        for one in sorted(draft.category_ids):
            if self._parts.accounts.of_category(one) is None:
                raise Rejected("There is no such category any more. Choose another.", texts.INVALID)
        return draft.checked()

    def _values(self, draft: Draft) -> Row:
        return {
            "question": draft.question,
            "answer": draft.answer,
            "excerpt": self._markdown.excerpt(draft.answer),
            "category_ids": sorted(draft.category_ids),
            "language": draft.language,
            "status": draft.status.value,
        }

    def _slug(self, question: str, entry_id: str) -> str:
        slug = slug_of(question)
        if slug in _TAKEN:
            return told_apart(slug, entry_id)
        taken = self._parts.database.select("SELECT 1 FROM faq_entry WHERE slug = ? AND id <> ?", (slug, entry_id))
        return told_apart(slug, entry_id) if taken else slug

    def _settle(self, row: Row, by: Actor, before: Mapping[str, Any] | None) -> None:
        """Found if it is published, told to the workstations, written down where the public sees a difference."""
        published = row["status"] == Status.PUBLISHED
        was = before is not None and before["status"] == Status.PUBLISHED
        if published:
            self._index.put(row)
        elif was:
            self._index.drop(row["id"])
        self._parts.journal.present(self._parts.accounts.team(), protocol.FAQ_ENTRY, row["id"])
        deed = {(True, False): Deed.FAQ_PUBLISHED, (True, True): Deed.FAQ_CHANGED, (False, True): Deed.FAQ_UNPUBLISHED}
        if (published, was) in deed:
            self._parts.audit.record(deed[published, was], by, row["id"], {"slug": row["slug"]})


def draft_of(row: Row) -> Draft:
    """What stands in a row."""
    return Draft(row["question"], row["answer"], frozenset(row["category_ids"]), row["language"], Status(row["status"]))


def _answer(text: str, status: Status) -> str:
    clean = texts.body(text, limits.FAQ_ANSWER_MAX_BYTES)
    if status is Status.PUBLISHED and not clean.strip():
        raise Rejected("The answer is empty. Write it, then publish the entry.", texts.INVALID)
    return clean
