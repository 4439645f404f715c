"""Presence and "take next" as the connector does them, against the real server; answers lost, late, damaged."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from sync.connectors.central import CentralConnector
from sync.connectors.central.api import Api
from sync.connectors.central.together import TogetherCalls
from sync.connectors.port import Access, Account, AccountKind, Hint, PresenceHint, Taken
from sync.domain.errors import Offline, Rejected
from sync.domain.presence import LEASE_MS, Doing
from tests.rigs.office import Office, office_in_process


class LosesAnswers(BaseAdapter):
    """Requests arrive; of so many the answers do not."""

    def __init__(self, inner: BaseAdapter) -> None:
        super().__init__()
        self._inner = inner
        self.lose = 0

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        answer = self._inner.send(request, *args, **more)
        if self.lose:
            self.lose -= 1
            answer.close()
            raise requests.exceptions.ReadTimeout("the answer was lost")
        return answer

    def close(self) -> None:
        """The inner one is somebody else's."""


class Floor:
    """Ann and Ben on the same category."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.category = office.category("Billing")
        self.ann_id, self.ben_id = office.agent("Ann", self.category), office.agent("Ben", self.category)
        self.account = office.house.parts.accounts.of_category
        assert office.transport is not None
        self.wire = LosesAnswers(office.transport)
        self.ann = CentralConnector(office.session(office.token("Ann"), self.wire))
        self.ben = office.connector("Ben")

    def account_id(self) -> str:
        found = self.office.house.parts.database.read(lambda: self.account(self.category))
        assert found is not None
        return found.id


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with office_in_process(tmp_path) as office:
        yield Floor(office)


def test_a_colleague_hears_what_is_told(floor: Floor) -> None:
    ticket_id, account_id = floor.office.file(floor.category, "Help").ticket.id, floor.account_id()
    heard: list[PresenceHint] = []
    connected, gone = threading.Event(), threading.Event()

    def listen() -> None:
        hint: Hint
        for hint in floor.ben.listen():
            connected.set()
            if isinstance(hint, PresenceHint):
                heard.append(hint)
                if hint.doing is None:
                    gone.set()

    floor.ben.access()
    thread = threading.Thread(target=listen)
    thread.start()
    assert connected.wait(10)
    floor.ann.tell_presence(account_id, ticket_id, Doing.LOOKING)
    floor.ann.tell_presence(account_id, ticket_id, Doing.TYPING)
    floor.ann.tell_presence(None, None, None)
    assert gone.wait(10)
    floor.ben.hang_up()
    floor.office.house.hub.end(floor.ben_id)
    thread.join()
    place = (account_id, ticket_id, floor.ann_id)
    assert {(one.account_id, one.ticket_id, one.agent_id) for one in heard} == {place}
    assert heard[-1].left_s == 0
    assert all(LEASE_MS / 1000 - 5 < one.left_s <= LEASE_MS / 1000 for one in heard[:-1])


def test_an_account_out_of_sight_is_refused(floor: Floor) -> None:
    with pytest.raises(Rejected):
        floor.ann.tell_presence("C" + "0" * 32 + "-1", "t" + "0" * 32, Doing.LOOKING)


def test_next_is_taken_until_there_is_none(floor: Floor) -> None:
    first = floor.office.file(floor.category, "First").ticket.id
    floor.office.file(floor.category, "Second")
    assert floor.ann.take_next("key-0001", None) == Taken(first, floor.account_id())
    assert floor.ann.take_next("key-0002", ["c" + "0" * 32]) is None
    assert floor.ann.take_next("key-0003", [floor.category]) is not None
    assert floor.ann.take_next("key-0004", None) is None


def test_a_lost_answer_is_asked_for_again_and_is_the_same(floor: Floor) -> None:
    first = floor.office.file(floor.category, "First").ticket.id
    second = floor.office.file(floor.category, "Second").ticket.id
    floor.ann.access()
    floor.wire.lose = 2
    for _ in range(2):
        with pytest.raises(Offline):
            floor.ann.take_next("key-0001", None)
    assert floor.ann.take_next("key-0001", None) == Taken(first, floor.account_id())
    assert floor.ben.take_next("key-0001", None) == Taken(second, floor.account_id())


@pytest.mark.parametrize(
    "answer",
    [
        {"methodResponses": [["Ticket/takeNext", {"ticketId": 5, "accountId": "C1"}, "c0"]]},
        {"methodResponses": [["Ticket/takeNext", {"ticketId": "t1", "accountId": None}, "c0"]]},
        {"methodResponses": []},
        {"methodResponses": [["Something/else", {}, "c0"]]},
        {"methodResponses": [["error", {"type": "serverFail"}, "c0"]]},
    ],
)
def test_an_answer_that_says_nothing_is_offline(stub: Any, answer: dict[str, Any]) -> None:
    stub.answer.body = json.dumps({"sessionState": "s", **answer}).encode()
    calls = TogetherCalls(Api(stub.session()))
    own = Access("s", "g1", "Ann", False, (Account("P1", AccountKind.PERSONAL, "Ann"),), "1", 0)
    with pytest.raises(Offline):
        calls.take_next(own, "key-0001", None)
    asked = json.loads(stub.asked[0][3])["methodCalls"][0]
    assert asked[:2] == ["Ticket/takeNext", {"accountId": "P1", "clientKey": "key-0001", "categoryIds": None}]
