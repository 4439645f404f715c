"""Everything that is kept of one requester, written into a folder for them, from one moment."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from sync.domain.errors import Rejected
from sync.domain.file_names import harmless_name
from sync.domain.records import MessageKind
from sync.domain.times import to_utc_date
from sync.server.blobs import Blobs
from sync.server.database import Database, Row
from sync.server.expecting.tables import FeedbackRow
from sync.server.incidents.tables import RepairRow
from sync.server.mail.outgoing_tables import DeliveryRow, LetterRow
from sync.server.personal.finding import Theirs, by_address, find
from sync.server.tables import MODELS, CategoryRow, MessageRow, TicketRow
from sync.server.webhooks.tables import HookEventRow

_OF_TICKET: Final = "WHERE t.ticket_id = ? ORDER BY t.id"
_IN_TICKET: Final = "WHERE t.ticket_id = ? ORDER BY t.at"
_THREAD: Final = "WHERE t.ticket_id = ? ORDER BY t.seq"
_ONE: Final = "WHERE t.id = ?"
_OPEN: Final = frozenset({MessageKind.INBOUND.value, MessageKind.REPLY.value})
_INSIDE: Final = frozenset(
    {"client_key", "status_before", "page_turn", "to_key", "refers", "mail_id", "first_message_id", "secret_hash"}
)
_README: Final = """\
Everything that is kept of one person, one JSON object a line; times are UTC.

requester.json     name, addresses, when first met, facts that other systems told
tickets.jsonl      each request with its status, category, rating and times
messages.jsonl     what was written to and by the person; attachments name their file in files/
mails/             the mails that came, as they came
files/             attachments
letters.jsonl      mail to the person that is still kept, and what became of it
deliveries.jsonl   what became of replies
events.jsonl       payments and the like, as other systems told them
by-address.jsonl   where the address stands in tickets of others, and the like
feedback.jsonl     reminders and ratings
repairs.jsonl      what the person said after a fault was repaired
internal.jsonl     notes of agents, and events of the tickets: look through them before you hand them on
"""


@dataclass(slots=True)
class HandedOut:
    """How much it was."""

    requester_id: str
    tickets: int = 0
    messages: int = 0
    files: int = 0


class HandingOut:
    """Not inside a transaction."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    def write(self, named: str, target: Path) -> HandedOut:
        """Make the folder `target`; nothing is there before all is. Raises Rejected: no such requester, or it is there
        already."""
        if target.exists():
            raise Rejected(f"{target} is there already. Choose another name.")
        if not target.absolute().parent.is_dir():
            raise Rejected(f"There is no folder {target.absolute().parent}.")
        part = Path(tempfile.mkdtemp(dir=target.absolute().parent, prefix=".requester-"))
        try:
            done = self._database.read(partial(self._write, named, part))
            os.replace(part, target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        return done

    def _write(self, named: str, folder: Path) -> HandedOut:
        theirs = find(self._database, named)
        done = HandedOut(str(theirs.requester["id"]), len(theirs.tickets))
        (folder / "README.txt").write_text(_README)
        (folder / "requester.json").write_bytes(orjson.dumps(_shown(theirs.requester), option=orjson.OPT_INDENT_2))
        messages = self._messages(theirs)
        self._tickets(theirs, folder)
        _lines(folder / "messages.jsonl", (one for one in messages if one["kind"] in _OPEN))
        _lines(folder / "internal.jsonl", (one for one in messages if one["kind"] not in _OPEN))
        done.messages = len(messages)
        for row in messages:
            done.files += self._files(row, folder)
        self._rest(theirs, folder)
        return done

    def _tickets(self, theirs: Theirs, folder: Path) -> None:
        names = {str(row["id"]): row["name"] for row in self._database.rows(CategoryRow.select())}
        found = [row for one in theirs.tickets for row in self._database.whole_rows(TicketRow, _ONE, (one,))]
        _lines(folder / "tickets.jsonl", ({**row, "category": names.get(row["category_id"])} for row in found))

    def _messages(self, theirs: Theirs) -> list[Row]:
        own = [row for one in theirs.tickets for row in self._database.whole_rows(MessageRow, _THREAD, (one,))]
        return own + [row for one in theirs.elsewhere for row in self._database.whole_rows(MessageRow, _ONE, (one,))]

    def _files(self, row: Row, folder: Path) -> int:
        count = 0
        for number, one in enumerate(row["attachments"], start=1):
            name = harmless_name(str(one["name"]))
            self._file(str(one["blobId"]), folder / "files" / f"{row['id']}-{number}-{name}")
            count += 1
        if row["original_blob_id"] is not None:
            self._file(str(row["original_blob_id"]), folder / "mails" / f"{row['id']}.eml")
            count += 1
        return count

    def _file(self, blob_id: str, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            for piece in self._blobs.octets(blob_id):
                file.write(piece)

    def _rest(self, theirs: Theirs, folder: Path) -> None:
        database, requester = self._database, theirs.requester
        for name, model in (("deliveries", DeliveryRow), ("feedback", FeedbackRow), ("repairs", RepairRow)):
            found = [row for one in theirs.tickets for row in database.whole_rows(model, _IN_TICKET, (one,))]
            _lines(folder / f"{name}.jsonl", found)
        events = database.whole_rows(HookEventRow, "WHERE t.requester_id = ? ORDER BY t.id", (requester["id"],))
        _lines(folder / "events.jsonl", events)
        letters = {
            row["id"]: row for one in theirs.tickets for row in database.whole_rows(LetterRow, _OF_TICKET, (one,))
        }
        if requester["email_key"] is not None:
            to_them = database.whole_rows(LetterRow, "WHERE t.to_key = ? ORDER BY t.id", (requester["email_key"],))
            letters |= {row["id"]: row for row in to_them}
            _lines(folder / "by-address.jsonl", self._by_address(str(requester["email_key"])))
        _lines(folder / "letters.jsonl", letters.values())

    def _by_address(self, email_key: str) -> list[Row]:
        """What is kept by the address alone: as whose correspondent it stands in a ticket, and the like."""
        wanted = set(by_address())
        found: list[Row] = []
        for model in MODELS:
            if model._meta.table_name in wanted:
                rows = self._database.whole_rows(model, "WHERE t.email_key = ?", (email_key,))
                found += [{"table": model._meta.table_name, **row} for row in rows]
        return found


def _lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("wb") as file:
        for row in rows:
            file.write(orjson.dumps(_shown(row)) + b"\n")


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """For people: times as dates; without what only this server understands."""
    return {
        name: _value(name, value) for name, value in row.items() if name not in _INSIDE and not name.endswith("_key")
    }


def _value(name: str, value: Any) -> Any:
    is_time = (
        isinstance(value, int) and not isinstance(value, bool) and (name == "at" or name.endswith(("_at", "_since")))
    )
    return to_utc_date(value) if is_time else value
