"""Bugs planted in what came later: letters, incidents, mails, links, counts, erasing."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from sync.cache.departures import Departures
from sync.connectors.central.first_copy import FirstCopy
from sync.connectors.central.keeping import Keeping
from sync.server import deleting, ticketing, wire
from sync.server.expecting.closings import Closings
from sync.server.incidents import followers, repairs, telling
from sync.server.linking import Linking
from sync.server.mail import incoming
from sync.server.personal import erasing
from sync.server.types import held_message, reading
from sync.server.unreached import Unreached
from sync.server.web.page_secrets import PageSecrets


def who_wrote_does_not_move_along(patch: pytest.MonkeyPatch) -> None:
    """A ticket moves with its requester; whoever else wrote to it stays where it was, by name and address."""
    patch.setattr(ticketing, "_people_of", lambda _, ticket: [ticket.requester_id] if ticket.requester_id else [])


def a_fresh_copy_leaves_out_who_else_wrote(patch: pytest.MonkeyPatch) -> None:
    """It brings the requesters of tickets only."""
    patch.setattr(FirstCopy, "_others", lambda *_: [])


def erased_files_stay(patch: pytest.MonkeyPatch) -> None:
    """The words of whoever was erased are gone, the mails that they came in are not."""
    patch.setattr(erasing, "forget_file", lambda *_: None)


def erased_words_stay_at_workstations(patch: pytest.MonkeyPatch) -> None:
    """The new words come beside the bytes of the old ones."""

    def replaced(self: Departures, message_id: str, *, was_here_only: bool) -> None:
        del was_here_only
        self._store.execute("PRAGMA secure_delete = 0")
        self._store.execute("DELETE FROM message WHERE id = ?", (message_id,))

    patch.setattr(Departures, "replaced", replaced)


def erased_letters_stay(patch: pytest.MonkeyPatch) -> None:
    """What was to be mailed about the tickets of whoever was erased still waits."""
    kept = tuple(sql for sql in erasing._BY_TICKET if "letter" not in sql)
    patch.setattr(erasing, "_BY_TICKET", kept)
    patch.setattr(erasing.Erasing, "_address", lambda *_: 0)


def letters_name_erased_mails(patch: pytest.MonkeyPatch) -> None:
    """A letter to somebody else still names the mail that it followed, in words of its writer's making."""
    patch.setattr(erasing.Erasing, "_unreferred", lambda *_: None)


def a_note_has_a_new_key_each_time(patch: pytest.MonkeyPatch) -> None:
    """What is saved again for the team is new to the server."""
    real: Callable[..., str] = Keeping.create

    def create(self: Keeping, kind: Any, name: str, values: Any, client_key: str = "") -> str:
        return real(self, kind, name, values, client_key and str(uuid.uuid4()))

    patch.setattr(Keeping, "create", create)


def older_letters_about_an_incident_stay(patch: pytest.MonkeyPatch) -> None:
    """Newer words do not take the place of those that still wait."""
    patch.setattr(telling.Telling, "_forget_waiting", lambda *_: None)


def a_letter_for_each_ticket(patch: pytest.MonkeyPatch) -> None:
    """Whoever asked twice about an incident is told twice."""
    real = telling.Telling._to_asker

    def to_asker(self: telling.Telling, incident: Any, template: str, asker: Any, tickets: Any) -> None:
        for one in tickets:
            real(self, incident, template, asker, [one])

    patch.setattr(telling.Telling, "_to_asker", to_asker)


def what_was_meant_for_one_rings_for_all(patch: pytest.MonkeyPatch) -> None:
    """A reply that came back rings at every desk of the category."""
    real = wire.arrival_wire
    patch.setattr(reading, "arrival_wire", lambda row: real({**row, "for_agent_id": None}))


def a_mail_that_comes_again_is_new(patch: pytest.MonkeyPatch) -> None:
    """Nobody remembers which mails were taken in."""
    patch.setattr(incoming, "fingerprint_of", lambda *_: str(uuid.uuid4()))


def a_button_pressed_twice_counts_twice(patch: pytest.MonkeyPatch) -> None:
    """The key of a form is asked for, and holds nothing back."""
    patch.setattr(PageSecrets, "claim", lambda *_: True)
    patch.setattr(PageSecrets, "of_form", lambda self, _key, _content: self._parts.secret())


def a_closing_is_announced_again(patch: pytest.MonkeyPatch) -> None:
    """Whoever saw no answer and presses again makes a second one."""
    real = Closings.add

    def add(self: Closings, *given: Any) -> Any:
        with patch.context() as meanwhile:
            meanwhile.setattr(Closings, "all", lambda _self: [])
            return real(self, *given)

    patch.setattr(Closings, "add", add)


def a_link_stands_on_one_ticket(patch: pytest.MonkeyPatch) -> None:
    """A ticket that is merged away takes its links along, and nobody tells the others."""
    patch.setattr(Linking, "merged", lambda *_: None)


def nobody_counts_who_follows(patch: pytest.MonkeyPatch) -> None:
    """Followers come and go, the number stays."""
    patch.setattr(followers, "count_again", lambda *_: None)


def a_repair_counts_what_was_there_before(patch: pytest.MonkeyPatch) -> None:
    """How many say that it works again is as it was before the last of them."""
    patch.setattr(repairs, "_COUNTS", repairs._COUNTS + " AND what <> what")


def held_words_lose_their_files(patch: pytest.MonkeyPatch) -> None:
    """The server keeps the words for their author, and not what came with them."""
    real = held_message.HeldMessageStore.create

    def create(self: held_message.HeldMessageStore, account_id: str, principal: Any, values: Any) -> Any:
        return real(self, account_id, principal, {**values, "attachments": []})

    patch.setattr(held_message.HeldMessageStore, "create", create)


def a_deleted_ticket_still_says_that_it_works(patch: pytest.MonkeyPatch) -> None:
    """What its requester answered is gone, and counted."""
    patch.setattr(deleting, "count_answers", lambda *_: None)


def who_is_next_stays_where_the_ticket_was(patch: pytest.MonkeyPatch) -> None:
    """A ticket moves; in the category that it left somebody is still named for it."""
    patch.setattr(Unreached, "moved", lambda *_: None)


def who_is_next_is_not_told_that_it_is_over(patch: pytest.MonkeyPatch) -> None:
    """Somebody was reached after all; only the owners hear of it."""
    patch.setattr(Unreached, "_next", lambda *_: [])
