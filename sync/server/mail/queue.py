"""The letters that wait to be handed over: kept in the database from the transaction of the deed on."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from sync.domain.times import HOUR_MS, MINUTE_MS
from sync.server.database import Database, Row
from sync.server.mail.outgoing_tables import LetterRow

_LONGEST_WAIT_MS: Final = 2 * HOUR_MS
_DUE: Final = "WHERE settled_at IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT ?"
_TAKE_BACK: Final = "UPDATE letter SET state = 'waiting' WHERE settled_at IS NULL AND state = 'handing'"
_AUTOMATIC: Final = "SELECT next_at FROM letter WHERE automatic AND to_key = ? AND next_at > ? ORDER BY next_at DESC"
_STILL: Final = "settled_at IS NULL AND id = ?"


class State(StrEnum):
    """Where a letter is. HANDING: the mail server is being given its words; a crash now leaves unknown whether it took
    them, so that it is given them again, under the same Message-ID."""

    WAITING = "waiting"
    HANDING = "handing"
    DONE = "done"
    FAILED = "failed"
    BOUNCED = "bounced"


class Queue:
    """Each method is a part of its caller's write transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, row: Row) -> bool:
        """Whether it was new: the same letter again is the one that is there."""
        return self._database.insert_new(LetterRow, row)

    def due(self, now: int, most: int) -> list[Row]:
        """The letters whose time has come, first come first. (May be called in a read transaction.)"""
        return self._database.whole_rows(LetterRow, _DUE, (now, most))

    def those(self, condition: str, values: tuple[int, ...]) -> list[Row]:
        """Letters by a condition of the caller's own."""
        return self._database.whole_rows(LetterRow, condition, values)

    def find(self, mail_id: str) -> Row | None:
        """The letter of a Message-ID."""
        return self._database.one(LetterRow.select().where(LetterRow.mail_id == mail_id))

    def take_back(self) -> int:
        """After a crash: what was being handed over waits again."""
        return self._database.execute(_TAKE_BACK)

    def handing(self, letter_id: str) -> bool:
        """It is being handed over from now on. False: it was deleted meanwhile, with its ticket."""
        return self._database.execute(f"UPDATE letter SET state = 'handing' WHERE {_STILL}", (letter_id,)) == 1  # noqa: S608  # our own columns

    def settle(self, letter_id: str, state: State, now: int, detail: str | None = None) -> None:
        """It is over with it; its words are forgotten here."""
        fields = "state = ?, settled_at = ?, detail = ?, body_text = '', files = '[]'"
        self._database.execute(f"UPDATE letter SET {fields} WHERE id = ?", (state.value, now, detail, letter_id))  # noqa: S608  # our own columns

    def put_off(self, letter: Row, now: int, detail: str) -> None:
        """Try again later: after a minute, two, four, at most two hours."""
        attempts = int(letter["attempts"]) + 1
        wait = min(_LONGEST_WAIT_MS, MINUTE_MS * 2 ** min(attempts - 1, 20))
        self._database.execute(
            f"UPDATE letter SET state = 'waiting', attempts = ?, next_at = ?, detail = ? WHERE {_STILL}",  # noqa: S608  # ours
            (attempts, now + wait, detail, letter["id"]),
        )

    def back(self, letter: Row, detail: str) -> None:
        """It waits as before: not this letter was the trouble."""
        self._database.execute(
            f"UPDATE letter SET state = 'waiting', detail = ? WHERE {_STILL}",  # noqa: S608  # our own columns
            (detail, letter["id"]),
        )

    def automatic_since(self, to_key: str, since: int) -> list[int]:
        """When automatic letters to this address go, or went, out since then; the latest first."""
        return [int(one[0]) for one in self._database.select(_AUTOMATIC, (to_key, since))]

    def waiting(self, most: int) -> list[Row]:
        """For the administrator's eye."""
        return self._database.whole_rows(LetterRow, "WHERE settled_at IS NULL ORDER BY created_at, id LIMIT ?", (most,))

    def forget(self, before: int) -> int:
        """Letters that were settled before then; a bounce of one of them is no longer recognised."""
        return self._database.execute("DELETE FROM letter WHERE settled_at IS NOT NULL AND settled_at < ?", (before,))
