"""What every connector must do, tried on our own server."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.connectors.central import CentralConnector, CentralSignIn
from sync.connectors.port import (
    Access,
    Account,
    AccountKind,
    Alive,
    ArrivalHint,
    Connector,
    Outcome,
    Page,
    Result,
    Routed,
    StateHint,
)
from sync.domain.actions import (
    Action,
    AttachQuickNote,
    CreateTicket,
    DiscardQuickNote,
    EditTicket,
    MarkRead,
    MergeTicket,
    PostMessage,
    RecordSpotCheck,
    SaveQuickNote,
)
from sync.domain.errors import Denied, Rejected
from sync.domain.ids import IdFactory
from sync.domain.records import ArrivalKind, Attachment, MessageKind, Status
from tests.rigs.office import Office, office_of_its_own


class Desk:
    """An agent at work through a connector, with the rows it has been given."""

    def __init__(self, office: Office, name: str) -> None:
        self.connector: Connector = office.connector(name)
        self.access: Access = self.connector.access()
        self.ids = IdFactory(office.clock)
        self.now = office.clock.now_ms
        self.cursors: dict[str, str] = {}
        self.rows: dict[str, dict[str, dict[str, Mapping[str, Any]]]] = {}

    def account(self, category: str | None = None, kind: AccountKind = AccountKind.CATEGORY) -> Account:
        """The account of a category, or the only one of a kind."""
        return next(
            one
            for one in self.access.accounts
            if one.kind is kind and (category is None or one.category_id == category)
        )

    def pull(self, account: Account) -> list[Page]:
        """All pages of an account, applied as a cache does."""
        pages: list[Page] = []
        while not pages or pages[-1].more:
            page = self.connector.changes(account, self.cursors.get(account.id))
            held = self.rows.setdefault(account.id, {})
            if page.replace:
                held.clear()
            for name, rows in page.rows.items():
                held.setdefault(name, {}).update({row["id"]: row for row in rows})
            for name, ids in page.destroyed.items():
                for one in ids:
                    held.get(name, {}).pop(one, None)
            self.cursors[account.id] = page.cursor
            pages.append(page)
        return pages

    def held(self, account: Account, name: str) -> dict[str, Mapping[str, Any]]:
        """The objects of one type."""
        self.pull(account)
        return self.rows[account.id].get(name, {})

    def send(self, account: Account, *actions: Action) -> list[Outcome]:
        """Send to one account."""
        return self.connector.send([Routed(action, account.id) for action in actions])

    def note(self, ticket_id: str, text: str = "a note") -> PostMessage:
        """A note to be sent."""
        return PostMessage(self.ids.client_key(), ticket_id, MessageKind.NOTE, text, self.now())

    def reply(self, ticket_id: str, base_seq: int = 1, then: Status | None = None) -> PostMessage:
        """A reply to be sent."""
        base = None if then is None else Status.NEW
        return PostMessage(
            self.ids.client_key(), ticket_id, MessageKind.REPLY, "a reply", self.now(), (), base_seq, then, base
        )

    def edit(self, ticket_id: str, wanted: Mapping[str, Any], base: Mapping[str, Any]) -> EditTicket:
        """An edit to be sent."""
        return EditTicket(self.ids.client_key(), ticket_id, wanted, base, self.now())


class Floor:
    """Two categories, Ann with both, Ben with the first only, and the owner."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.first, self.second = office.category("First"), office.category("Second")
        self.ann_id = office.agent("Ann", self.first, self.second)
        self.ben_id = office.agent("Ben", self.first)
        self.owner_id = office.agent("Olga", is_owner=True)
        self.ann, self.ben = Desk(office, "Ann"), Desk(office, "Ben")
        self.account = self.ann.account(self.first)


@pytest.fixture
def floor(office: Office) -> Floor:
    """The people of these tests."""
    return Floor(office)


def _results(outcomes: Iterable[Outcome]) -> list[Result]:
    return [outcome.result for outcome in outcomes]


def test_access_says_who_and_what(floor: Floor) -> None:
    access = floor.ann.access
    assert (access.user_id, access.user_name, access.is_owner) == (floor.ann_id, "Ann", False)
    assert {one.category_id for one in access.accounts if one.kind is AccountKind.CATEGORY} == {
        floor.first,
        floor.second,
    }
    assert {one.kind for one in access.accounts} == {AccountKind.CATEGORY, AccountKind.PERSONAL, AccountKind.TEAM}
    assert abs(access.server_now_ms - floor.office.clock.now_ms()) < 60_000
    owner = Desk(floor.office, "Olga").access
    assert owner.is_owner
    assert {one.kind for one in owner.accounts} == set(AccountKind)
    assert owner.server_id == access.server_id


def test_a_wrong_password_is_denied(office: Office) -> None:
    office.agent("Ann")
    sign_in = CentralSignIn(office.session(None))
    for name in ("Ann", "Nobody"):
        with pytest.raises(Denied, match="not right"):
            sign_in.sign_in(name, "wrong wrong", "test")


def test_a_token_given_back_is_no_token(office: Office) -> None:
    office.agent("Ann")
    token = office.token("Ann")
    connector = CentralConnector(office.session(token))
    connector.access()
    CentralSignIn(office.session(token)).sign_out()
    with pytest.raises(Denied):
        connector.access()


def test_a_first_copy_is_newest_first_whole_and_in_pages(floor: Floor) -> None:
    filed = [floor.office.file(floor.first, f"Ticket {number}", email=f"r{number}@x.org") for number in range(130)]
    floor.office.answer(filed[0].ticket.id, "more")
    pages = floor.ann.pull(floor.account)
    assert len(pages) == 2
    assert [page.replace for page in pages] == [True, False]
    newest = [row["number"] for row in pages[0].rows["Ticket"]]
    assert max(newest) == 130
    assert len(newest) == 100
    assert {row["ticketId"] for row in pages[0].rows["Message"]} == {row["id"] for row in pages[0].rows["Ticket"]}
    held = floor.ann.rows[floor.account.id]
    assert (len(held["Ticket"]), len(held["Message"]), len(held["Requester"])) == (130, 131, 130)
    assert held["Category"][floor.first]["name"] == "First"
    assert 0.5 < (pages[0].progress or 0) < 1.0
    assert pages[1].progress == 1.0
    assert "TicketArrival" not in held


def test_changes_bring_what_changed_and_nothing_else(floor: Floor) -> None:
    filed = floor.office.file(floor.first, "One")
    floor.ann.pull(floor.account)
    floor.office.answer(filed.ticket.id, "more words")
    (page,) = floor.ann.pull(floor.account)
    assert not page.replace
    assert [row["bodyText"] for row in page.rows["Message"]] == ["more words"]
    assert [row["kind"] for row in page.rows["TicketArrival"]] == ["inbound"]
    (nothing,) = floor.ann.pull(floor.account)
    assert (dict(nothing.rows), dict(nothing.destroyed)) == ({}, {})


def test_a_cursor_that_makes_no_sense_begins_a_fresh_copy(floor: Floor) -> None:
    floor.office.file(floor.first, "One")
    for cursor in ("nonsense", '{"s": {}}', '{"s": {"Ticket": "9.9", "Message": "9.9", "Requester": "9.9", '
                   '"Category": "9.9", "TicketArrival": "9.9"}}'):  # fmt: skip
        assert floor.ann.connector.changes(floor.account, cursor).replace


def test_a_poll_names_the_accounts_that_moved(floor: Floor) -> None:
    accounts = floor.ann.access.accounts
    for account in accounts:
        floor.ann.pull(account)
    cursors = [(account, floor.ann.cursors[account.id]) for account in accounts]
    assert floor.ann.connector.poll(cursors).moved == frozenset()
    floor.office.file(floor.second, "One")
    poll = floor.ann.connector.poll(cursors)
    assert poll.moved == {floor.ann.account(floor.second).id}
    assert poll.access_state == floor.ann.access.state


def test_words_are_posted_once_however_often_they_are_sent(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    note, reply = floor.ann.note(ticket.id), floor.ann.reply(ticket.id, then=Status.CLOSED)
    first = floor.ann.send(floor.account, note, reply)
    again = floor.ann.send(floor.account, note, reply)
    assert _results(first) == [Result.APPLIED, Result.APPLIED]
    assert [one.ids for one in again] == [one.ids for one in first]
    messages = floor.ann.held(floor.account, "Message").values()
    assert sorted(one["bodyText"] for one in messages if one["kind"] in ("note", "reply")) == ["a note", "a reply"]
    assert floor.ann.held(floor.account, "Ticket")[ticket.id]["status"] == "closed"
    assert all(one.status_applied for one in (*first, *again))


def test_a_reply_goes_out_though_its_status_does_not_hold_any_more(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    floor.ben.send(floor.account, floor.ben.edit(ticket.id, {"status": "open"}, {"status": "new"}))
    (outcome,) = floor.ann.send(floor.account, floor.ann.reply(ticket.id, then=Status.CLOSED))
    assert outcome.result is Result.APPLIED
    assert not outcome.status_applied
    assert floor.ann.held(floor.account, "Ticket")[ticket.id]["status"] == "waiting"


def test_a_reply_that_a_colleague_overtook_is_stopped_and_stays_stopped(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    late = floor.ann.reply(ticket.id)
    floor.ben.send(floor.account, floor.ben.reply(ticket.id))
    for _ in range(2):
        (outcome,) = floor.ann.send(floor.account, late)
        assert (outcome.result, outcome.reason) == (Result.CONFLICT, "overtaken")
        assert outcome.sentence


def test_an_edit_loses_to_an_earlier_one_unless_they_agree(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    take = floor.ben.edit(ticket.id, {"assigneeId": floor.ben_id}, {"assigneeId": None})
    assert _results(floor.ben.send(floor.account, take)) == [Result.APPLIED]
    assert _results(floor.ben.send(floor.account, take)) == [Result.ALREADY_APPLIED]
    mine = floor.ann.edit(ticket.id, {"assigneeId": floor.ann_id}, {"assigneeId": None})
    (outcome,) = floor.ann.send(floor.account, mine)
    assert (outcome.result, outcome.reason) == (Result.CONFLICT, "stateMismatch")
    same = floor.ann.edit(ticket.id, {"assigneeId": floor.ben_id}, {"assigneeId": None})
    assert _results(floor.ann.send(floor.account, same)) == [Result.ALREADY_APPLIED]
    assert floor.ann.held(floor.account, "Ticket")[ticket.id]["assigneeId"] == floor.ben_id


def test_tags_of_two_people_merge(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    floor.ben.send(floor.account, floor.ben.edit(ticket.id, {"tags/a/b~c": True}, {"tags/a/b~c": None}))
    edit = floor.ann.edit(ticket.id, {"tags/red": True}, {"tags/red": None})
    assert _results(floor.ann.send(floor.account, edit, edit)) == [Result.APPLIED, Result.APPLIED]
    assert floor.ann.held(floor.account, "Ticket")[ticket.id]["tags"] == {"a/b~c": True, "red": True}
    floor.ann.send(floor.account, floor.ann.edit(ticket.id, {"tags/a/b~c": None}, {"tags/a/b~c": True}))
    assert floor.ann.held(floor.account, "Ticket")[ticket.id]["tags"] == {"red": True}


def test_a_new_ticket_is_made_once(floor: Floor) -> None:
    action = CreateTicket(
        floor.ann.ids.client_key(), "local", floor.first, "Phone", "It rings.", floor.ann.now(), "Bob", "bob@x.org",
        "+351 1", tags=frozenset({"phone"}),
    )  # fmt: skip
    (first,) = floor.ann.send(floor.account, action)
    (again,) = floor.ann.send(floor.account, action)
    assert first.ids == again.ids
    assert set(first.ids) >= {"ticket", "message"}
    (ticket,) = floor.ann.held(floor.account, "Ticket").values()
    assert (ticket["id"], ticket["subject"], ticket["tags"]) == (first.ids["ticket"], "Phone", {"phone": True})
    (message,) = floor.ann.held(floor.account, "Message").values()
    assert (message["id"], message["bodyText"], message["kind"]) == (first.ids["message"], "It rings.", "inbound")


def test_a_moved_ticket_is_found_where_it_stands_now(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    floor.ann.pull(floor.account)
    move = floor.ann.edit(ticket.id, {"categoryId": floor.second}, {"categoryId": floor.first})
    assert _results(floor.ann.send(floor.account, move)) == [Result.APPLIED]
    (outcome,) = floor.ann.send(floor.account, floor.ann.note(ticket.id))
    assert outcome.result is Result.APPLIED
    assert ticket.id not in floor.ann.held(floor.account, "Ticket")
    second = floor.ann.account(floor.second)
    assert ticket.id in floor.ann.held(second, "Ticket")
    texts = {one["bodyText"] for one in floor.ann.held(second, "Message").values()}
    assert {"Please help.", "a note"} <= texts


def test_a_merge_is_done_once_and_what_follows_goes_where_it_ends(floor: Floor) -> None:
    first, second = (floor.office.file(floor.first, subject, email="bob@x.org").ticket.id for subject in "AB")
    merge = MergeTicket(floor.ann.ids.client_key(), first, second, floor.ann.now())
    assert _results(floor.ann.send(floor.account, merge, merge)) == [Result.APPLIED] * 2
    tag = floor.ann.edit(first, {"tags/red": True}, {"tags/red": None})
    reply, note = floor.ann.reply(first), floor.ann.note(first)
    tagged, refused, posted = floor.ann.send(floor.account, tag, reply, note)
    assert (tagged.result, posted.result) == (Result.APPLIED, Result.APPLIED)
    assert (refused.result, refused.reason, refused.ids) == (Result.CONFLICT, "merged", {"mergedInto": second})
    floor.ann.pull(floor.account)
    tickets = floor.ann.held(floor.account, "Ticket")
    assert (tickets[first]["mergedIntoId"], tickets[first]["tags"]) == (second, {})
    assert tickets[second]["tags"] == {"red": True}


def test_a_link_is_put_on_both_once_and_what_is_like_a_ticket_is_told(floor: Floor) -> None:
    text = "The export of the figures of last month stops half way through with error 20231."
    first, second = (floor.office.file(floor.first, "Export", text, email=f"{one}@x.org").ticket.id for one in "ab")
    connector = floor.office.connector("Ann")
    connector.access()
    while floor.office.house.likeness.index.work():
        pass
    [similar] = connector.similar(floor.account.id, first)
    assert (similar.ticket_id, similar.account_id) == (second, floor.account.id)
    link = floor.ann.edit(first, {f"links/{second}": True}, {f"links/{second}": None})
    assert _results(floor.ann.send(floor.account, link, link)) == [Result.APPLIED] * 2
    floor.ann.pull(floor.account)
    tickets = floor.ann.held(floor.account, "Ticket")
    [token], [same] = tickets[first]["links"], tickets[second]["links"]
    assert (same, token in (first, second)) == (token, False)


def test_a_merge_with_a_ticket_elsewhere_is_refused_with_a_sentence(floor: Floor) -> None:
    first = floor.office.file(floor.first, "A").ticket.id
    for target in (floor.office.file(floor.second, "B").ticket.id, "t" + "0" * 32):
        (refused,) = floor.ben.send(floor.account, MergeTicket(floor.ben.ids.client_key(), first, target, 1))
        assert (refused.result, refused.reason) == (Result.REFUSED, "invalidProperties")
        assert refused.sentence == "That ticket is not in this category. Move one of them first, then merge."


def test_only_an_owner_deletes_and_a_tag_for_what_is_gone_is_dropped(floor: Floor) -> None:
    ticket_id = floor.office.file(floor.first, "A").ticket.id
    ann, owner = floor.office.connector("Ann"), floor.office.connector("Olga")
    with pytest.raises(Rejected, match="Only an owner") as refusal:
        ann.delete_ticket(floor.account.id, ticket_id)
    assert refusal.value.reason == "forbidden"
    owner.delete_ticket(floor.account.id, ticket_id)
    with pytest.raises(Rejected, match="not there any more"):
        owner.delete_ticket(floor.account.id, ticket_id)
    tag = floor.ann.edit(ticket_id, {"tags/red": True}, {"tags/red": None})
    status = floor.ann.edit(ticket_id, {"status": "closed"}, {"status": "new"})
    assert _results(floor.ann.send(floor.account, tag, status)) == [Result.DROPPED, Result.REFUSED]


def test_a_ticket_that_was_made_before_its_category_went_is_not_offered_again(floor: Floor) -> None:
    """Its answer was lost; sent anew to another category it would be there twice."""
    made = CreateTicket(
        floor.ben.ids.client_key(), "t-local", floor.first, "Phone", "Help", 1_790_000_000_000, "Caller"
    )
    late = replace(made, client_key=floor.ben.ids.client_key(), ticket_id="t-later")
    (done,) = floor.ben.send(floor.account, made)
    floor.office.house.grants.revoke(floor.ben_id, floor.first)
    again, held = floor.ben.send(floor.account, made, late)
    assert (again.result, again.ids["ticket"]) == (Result.ALREADY_APPLIED, done.ids["ticket"])
    assert (held.result, held.reason) == (Result.HELD, "accountNotFound")


def test_words_for_a_ticket_out_of_reach_are_held_for_their_author(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    floor.ben.pull(floor.account)
    floor.office.house.grants.revoke(floor.ben_id, floor.first)
    note, edit = floor.ben.note(ticket.id, "kept"), floor.ben.edit(ticket.id, {"status": "open"}, {"status": "new"})
    for _ in range(2):
        held, dropped = floor.ben.send(floor.account, note, edit)
        assert (held.result, held.reason) == (Result.HELD, "accountNotFound")
        assert dropped.result is Result.REFUSED
        assert held.sentence
        assert dropped.sentence
    personal = floor.ben.account(kind=AccountKind.PERSONAL)
    (kept,) = floor.ben.held(personal, "HeldMessage").values()
    assert (kept["bodyText"], kept["ticketId"], kept["clientKey"]) == ("kept", ticket.id, note.client_key)
    assert not [one for one in floor.ann.held(floor.account, "Message").values() if one["bodyText"] == "kept"]


def test_held_words_stay_held_when_their_ticket_comes_back(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    floor.office.house.grants.revoke(floor.ben_id, floor.first)
    note = floor.ben.note(ticket.id, "kept")
    floor.ben.send(floor.account, note)
    floor.office.house.grants.grant(floor.ben_id, floor.first)
    (outcome,) = floor.ben.send(floor.account, note)
    assert outcome.result is Result.HELD
    assert not [one for one in floor.ann.held(floor.account, "Message").values() if one["bodyText"] == "kept"]


def test_the_same_key_with_a_differing_detail_is_the_same_message(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    note = floor.ann.note(ticket.id)
    (first,) = floor.ann.send(floor.account, note)
    (again,) = floor.ann.send(floor.account, replace(note, composed_at=note.composed_at + 1))
    assert (again.result, again.ids) == (Result.ALREADY_APPLIED, first.ids)


def test_words_that_arrived_before_the_revoke_are_not_held_too(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    note = floor.ben.note(ticket.id)
    floor.ben.send(floor.account, note)
    floor.office.house.grants.revoke(floor.ben_id, floor.first)
    (outcome,) = floor.ben.send(floor.account, note)
    assert outcome.result is Result.ALREADY_APPLIED
    assert not floor.ben.held(floor.ben.account(kind=AccountKind.PERSONAL), "HeldMessage")


def test_a_revoked_account_is_not_found(floor: Floor) -> None:
    floor.ben.pull(floor.account)
    floor.office.house.grants.revoke(floor.ben_id, floor.first)
    with pytest.raises(Rejected) as caught:
        floor.ben.pull(floor.account)
    assert caught.value.reason == "accountNotFound"
    assert floor.account.id not in {one.id for one in floor.ben.connector.access().accounts}


def test_quick_notes_are_kept_attached_and_discarded(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    personal = floor.ann.account(kind=AccountKind.PERSONAL)
    keys = [floor.ann.ids.client_key() for _ in range(2)]
    saves = [SaveQuickNote(key, f"note {key}", floor.ann.now()) for key in keys]
    saved = floor.ann.send(personal, *saves, *saves)
    assert _results(saved) == [Result.APPLIED] * 4
    attached, discarded = saved[0].ids["note"], saved[1].ids["note"]
    assert set(floor.ann.held(personal, "QuickNote")) == {attached, discarded}
    attach = AttachQuickNote(floor.ann.ids.client_key(), attached, ticket.id, "from a note", floor.ann.now())
    discard = DiscardQuickNote(floor.ann.ids.client_key(), discarded, floor.ann.now())
    for _ in range(2):
        outcomes = floor.ann.connector.send([Routed(attach, floor.account.id), Routed(discard, personal.id)])
        assert all(one.result in (Result.APPLIED, Result.ALREADY_APPLIED) for one in outcomes)
    assert floor.ann.held(personal, "QuickNote") == {}
    notes = [one for one in floor.ann.held(floor.account, "Message").values() if one["kind"] == "note"]
    assert [one["bodyText"] for one in notes] == ["from a note"]


def test_read_marks_only_rise(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    personal = floor.ann.account(kind=AccountKind.PERSONAL)
    for seq in (3, 2):
        (outcome,) = floor.ann.send(personal, MarkRead(floor.ann.ids.client_key(), ticket.id, seq))
        assert outcome.result is Result.APPLIED
    (mark,) = floor.ann.held(personal, "ReadMark").values()
    assert (mark["ticketId"], mark["lastSeq"]) == (ticket.id, 3)


def test_an_owner_records_a_spot_check_once(floor: Floor) -> None:
    owner = Desk(floor.office, "Olga")
    oversight = owner.account(kind=AccountKind.OVERSIGHT)
    check = RecordSpotCheck(owner.ids.client_key(), owner.now(), owner.now(), 3, 7, 0)
    owner.send(oversight, check)
    owner.send(oversight, check)
    (kept,) = owner.held(oversight, "SpotCheck").values()
    assert (kept["awaiting"], kept["new"], kept["tooLong"]) == (3, 7, 0)


def test_files_travel_whole(floor: Floor) -> None:
    ticket = floor.office.file(floor.first, "One").ticket
    data = bytes(range(256)) * 1000
    chunks = (data[start : start + 10_000] for start in range(0, len(data), 10_000))
    blob_id = floor.ann.connector.store_blob(floor.account.id, chunks, len(data), "image/png")
    picture = Attachment(blob_id, "å picture.png", "image/png", len(data))
    message = PostMessage(floor.ann.ids.client_key(), ticket.id, MessageKind.NOTE, "see", floor.ann.now(), (picture,))
    assert _results(floor.ann.send(floor.account, message)) == [Result.APPLIED]
    row = next(one for one in floor.ben.held(floor.account, "Message").values() if one["kind"] == "note")
    assert row["attachments"] == [{"blobId": blob_id, "name": "å picture.png", "type": "image/png", "size": len(data)}]
    assert b"".join(floor.ben.connector.fetch_blob(floor.account.id, blob_id, "å picture.png")) == data
    with pytest.raises(Rejected) as caught:
        b"".join(floor.ben.connector.fetch_blob(floor.account.id, "b" + "0" * 32, "x"))
    assert caught.value.reason == "notFound"


def test_the_stream_tells_of_arrivals_in_my_categories_only(floor: Floor) -> None:
    hints = floor.ben.connector.listen()
    assert isinstance(next(hints), Alive)
    floor.office.file(floor.second, "Not for Ben")
    mine = floor.office.file(floor.first, "For Ben").ticket
    found: list[Any] = []
    for hint in hints:
        if not isinstance(hint, Alive):
            found.append(hint)
        if any(isinstance(one, ArrivalHint) for one in found) and any(isinstance(one, StateHint) for one in found):
            break
    floor.ben.connector.hang_up()
    arrivals = [one for one in found if isinstance(one, ArrivalHint)]
    assert [(one.account_id, one.arrival.ticket_id, one.arrival.kind) for one in arrivals] == [
        (floor.account.id, mine.id, ArrivalKind.NEW)
    ]
    named = set[str]().union(*(one.account_ids for one in found if isinstance(one, StateHint)))
    assert floor.account.id in named
    assert floor.ann.account(floor.second).id not in named


def test_a_stream_ends_at_once_when_hung_up(tmp_path: Path) -> None:
    with office_of_its_own(tmp_path) as office:
        office.agent("Ann")
        connector = office.connector("Ann")
        hints = connector.listen()
        assert isinstance(next(hints), Alive)
        hanging_up = threading.Timer(0.05, connector.hang_up)
        hanging_up.start()
        assert [hint for hint in hints if not isinstance(hint, Alive)] == []
        hanging_up.join()
