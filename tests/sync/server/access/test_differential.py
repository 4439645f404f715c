"""Whatever an agent can obtain by any path is of the categories granted; the invisible and the missing look alike."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync.domain.protocol import CAPABILITY
from sync.domain.tokens import renamed
from sync.jmap.limits import CORE
from sync.server.app import data_types
from sync.server.intake import Asker
from tests.rigs.bureau import BASE, Caller, Events
from tests.rigs.canaries import AGENTS, MARK, OWNER, Helpdesk, helpdesk

STEPS = 60
QUERY_STATE = re.compile(rb'"queryState":"\w+"')
"""A hash of the state and of the question, ids and all."""
ID = re.compile(r"\b([tmrabwq])([0-9a-f]{32})\b")
MISSING = "0" * 31 + "1"
FEW = settings(
    max_examples=int(os.environ.get("DESKBELL_TEST_WORLDS", "8")),
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
SEEDS = st.integers(0, 2**32)


class Listener:
    """An agent's stream, read to the end when everything has happened."""

    def __init__(self, caller: Caller) -> None:
        self._events: Events = caller.events("*")

    def everything(self, until: str) -> list[str]:
        """All that was sent until a state of that account."""
        found: list[str] = []
        with suppress(EOFError):
            while not found or f'"{until}":' not in found[-1]:
                found.append(self._events.block())
        self._events.close()
        return found


def post(caller: Caller, *calls: tuple[str, dict[str, Any]]) -> bytes:
    """The octets that answer those calls."""
    named = [[name, arguments, str(number)] for number, (name, arguments) in enumerate(calls)]
    answer = caller.session.post(f"{BASE}/jmap/api", json={"using": [CORE, CAPABILITY], "methodCalls": named})
    return answer.content


def lists(desk: Helpdesk, account: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way to ask an account for what one does not know yet."""
    epoch = account.rpartition("-")[2]
    for one in data_types(desk.bureau.house):
        yield f"{one.name}/get", {"accountId": account, "ids": None}
        yield f"{one.name}/changes", {"accountId": account, "sinceState": f"{epoch}.0"}
        yield f"{one.name}/query", {"accountId": account, "calculateTotal": True}
        for sort in sorted(one.sorts):
            yield f"{one.name}/query", {"accountId": account, "sort": [{"property": sort, "isAscending": False}]}
    yield "Ticket/piles", {"accountId": account}
    yield "Ticket/takeNext", {"accountId": account, "clientKey": "key-take-next", "categoryIds": []}
    yield (
        "Message/get",
        {"accountId": account, "#ids": {"resultOf": "0", "name": "Ticket/get", "path": "/list/*/messageId"}},
    )


def probes(desk: Helpdesk) -> list[tuple[str, dict[str, Any]]]:
    """Questions about what one knows by its id; every id of the house is tried by everybody."""
    found: list[tuple[str, dict[str, Any]]] = []
    for account in desk.account_ids():
        for name in ("Ticket", "Requester", "Message"):
            known = [one for (one,) in desk.rows("SELECT DISTINCT object_id FROM object_state WHERE type = ?", name)]
            found.append((f"{name}/get", {"accountId": account, "ids": known[:400]}))
        filters: list[dict[str, Any]] = [{"requesterId": one} for (one,) in desk.rows("SELECT id FROM requester")]
        filters += [{"number": one} for (one,) in desk.rows("SELECT number FROM ticket")]
        filters += [{"assigneeId": one} for one in desk.ids.values()]
        for one in filters:
            found.append(("Ticket/query", {"accountId": account, "filter": one, "calculateTotal": True}))
        found.append(("Message/query", {"accountId": account, "filter": {"ticketIds": desk.tickets}}))
        found += [("Ticket/similar", {"accountId": account, "ticketId": one}) for one in desk.tickets]
    return found


def obtained(desk: Helpdesk, name: str) -> Iterator[tuple[str, bytes]]:
    """Everything that somebody can get, by where they got it."""
    caller = desk.callers[name]
    yield "Session", caller.session.get(f"{BASE}/.well-known/jmap").content
    for account in desk.account_ids():
        calls = list(lists(desk, account))
        for start in range(0, len(calls), 60):
            yield f"lists of {account}", post(caller, *calls[start : start + 60])
        for blob in desk.blobs:
            yield "download", caller.session.get(f"{BASE}/jmap/download/{account}/{blob}/x").content
    asked = probes(desk)
    for start in range(0, len(asked), 100):
        yield "probes", post(caller, *asked[start : start + 100])


def known_ids(desk: Helpdesk, name: str) -> set[str]:
    """Ids of objects that stand or stood in an account that is open to somebody, and of what those name."""
    accounts = set(desk.callers[name].document()["accounts"])
    found = {
        str(one)
        for account, one in desk.rows(
            "SELECT a.id, s.object_id FROM object_state s JOIN account a ON a.number = s.account"
        )
        if account in accounts
    }
    seen = desk.visible(name)
    found |= {blob for blob, ticket in desk.blobs.items() if ticket in seen}
    named = "SELECT id, merged_into_id, requester_id, first_message_id FROM ticket"
    for one, *others in desk.rows(named):
        if one in seen:
            found |= {str(other) for other in others if other is not None}
    for ticket_id, author, body in desk.rows("SELECT ticket_id, author_id, body_text FROM message"):
        if ticket_id in seen:
            found |= {str(author)} | {"".join(one) for one in ID.findall(renamed(body, lambda _: ""))}
    found |= {str(one) for (one,) in desk.rows("SELECT ticket_id FROM held_message WHERE agent_id = ?", desk.ids[name])}
    return found


def run(desk: Helpdesk, steps: int = STEPS) -> dict[str, list[str]]:
    """Let everything happen while all listen; what each heard."""
    listeners = {name: Listener(desk.callers[name]) for name in desk.ids}
    for _ in range(steps):
        desk.step()
    desk.bureau.agent("Zed")
    team = desk.callers[OWNER].account("Team")
    return {name: listener.everything(team) for name, listener in listeners.items()}


def check_nothing_leaks(desk: Helpdesk) -> None:
    heard = run(desk)
    for name in AGENTS:
        allowed, ids = desk.allowed(name), known_ids(desk, name)
        for where, octets in obtained(desk, name):
            strange = {int(one) for one in MARK.findall(octets)} - allowed
            assert not strange, f"{name} met {strange} in {where}"
            if where.startswith(("Session", "lists")):
                unknown = {"".join(one) for one in ID.findall(octets.decode())} - ids
                assert not unknown, f"{name} met {unknown} in {where}"
        check_stream(desk, name, heard[name])


def check_stream(desk: Helpdesk, name: str, events: list[str]) -> None:
    """Arrivals, and who looks where, were told to those who saw the category then; nobody was told of an account that
    is somebody else's; no text at all."""
    personal = {f"P{agent[1:]}": who for who, agent in desk.ids.items()}
    for event in events:
        assert not MARK.search(event.encode()), event
        said = next((line.removeprefix("data: ") for line in event.splitlines() if line.startswith("data: ")), "{}")
        data = json.loads(said)
        if "event: arrival" in event:
            assert name in desk.rung_for[data["arrival"]["id"]]
        if "event: presence" in event:
            assert name in desk.looked_for[data["ticketId"], data["agentId"]]
        for account in data.get("changed", {}):
            assert personal.get(account.partition("-")[0], name) == name
            assert not account.startswith("O")


@FEW
@given(SEEDS)
def test_nothing_of_a_category_that_is_not_granted_is_obtained_by_any_path(seed: int) -> None:
    with TemporaryDirectory() as folder, helpdesk(str(Path(folder) / "s.sqlite"), seed) as desk:
        check_nothing_leaks(desk)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_on_postgresql(fresh_postgres_url: str, seed: int) -> None:
    with helpdesk(fresh_postgres_url, seed) as desk:
        check_nothing_leaks(desk)


def test_a_leak_would_be_found() -> None:
    with TemporaryDirectory() as folder, helpdesk(str(Path(folder) / "s.sqlite"), 3) as desk:
        for _ in range(STEPS):
            desk.step()
        everything = desk.allowed(OWNER) - desk.allowed("Ann")
        seen = {int(one) for _, octets in obtained(desk, OWNER) for one in MARK.findall(octets)}
        assert len(everything & seen) > 20


# the invisible and the missing

Probe = tuple[str, dict[str, Any]]
T, R, M = f"t{MISSING}", f"r{MISSING}", f"m{MISSING}"
"""A ticket, its requester and its first message, as nobody ever had them: replaced by those out of sight."""


def alike(desk: Helpdesk, account: str) -> dict[str, Probe]:
    """Calls about a ticket, in an account that is open."""
    key = "key-of-the-probe"
    note = {**desk.bureau.words(T), "clientKey": key}
    reply = {**note, "kind": "reply", "baseSeq": 1}
    call = {**desk.bureau.call_note(desk.categories["Billing"]), "clientKey": key}
    own = desk.tickets[0]

    def ask(method: str, **arguments: Any) -> Probe:
        return method, {"accountId": account, **arguments}

    closing = {"#k": {"patch": {"status": "closed"}}}
    return {
        "get": ask("Ticket/get", ids=[T]),
        "get messages": ask("Message/get", ids=[M]),
        "get requesters": ask("Requester/get", ids=[R]),
        "query": ask("Message/query", filter={"ticketId": T}),
        "total": ask("Message/query", filter={"ticketIds": [T]}, calculateTotal=True),
        "anchor": ask("Ticket/query", anchor=T),
        "by requester": ask("Ticket/query", filter={"requesterId": R}),
        "note": ask("Message/set", create={"k": note}),
        "reply": ask("Message/set", create={"k": reply}),
        "reply and close": ask("Message/set", create={"k": reply}, onSuccessUpdateTicket=closing),
        "edit": ask("Ticket/set", update={T: {"priority": "high"}}),
        "edit upon a base": ask("Ticket/set", update={T: {"status": "open"}}, ifUnchangedBy={T: {"status": "new"}}),
        "delete": ask("Ticket/set", destroy=[T]),
        "merge": ask("Ticket/set", update={T: {"mergedIntoId": own}}),
        "merge into": ask("Ticket/set", update={own: {"mergedIntoId": T}}),
        "follow up": ask("Ticket/set", create={"k": {**call, "followUpOf": T}}),
        "link with": ask("Ticket/set", update={own: {f"links/{T}": True}}),
        "take the link away": ask("Ticket/set", update={own: {f"links/{T}": None}}),
        "link with it alone": ask("Ticket/set", update={own: {"links": {T: True}}}),
        "upon a link": ask("Ticket/set", update={own: {"priority": "low"}}, ifUnchangedBy={own: {f"links/{T}": True}}),
        "similar to": ask("Ticket/similar", ticketId=T),
        "new link to": ask("Ticket/newLink", ticketId=T),
        "look at": ask("Presence/set", ticketId=T, doing="looking"),
        "change messages": ask("Message/set", update={M: {"bodyText": "x"}}),
        "delete messages": ask("Message/set", destroy=[M]),
    }


def about(probe: Probe, ids: tuple[str, str, str]) -> Probe:
    """The same question about these."""
    text = json.dumps(probe)
    for one, other in zip((T, R, M), ids, strict=True):
        text = text.replace(one, other)
    method, arguments = json.loads(text)
    return method, arguments


class Statements:
    """The SQL that answers a question: who asks for the invisible must not see the server work otherwise."""

    def __init__(self, desk: Helpdesk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[str] = []
        base = desk.bureau.house.parts.database.base
        run_sql = base.execute_sql

        def noted(sql: str, *arguments: Any, **more: Any) -> Any:
            background = ("FROM account" in sql and "counter" in sql) or "likeness_due" in sql
            if not background:  # what looks around each second, and what feeds the index
                self.seen.append(re.sub(r"s\d+$", "s", sql) if "SAVEPOINT" in sql.upper() else sql)
            return run_sql(sql, *arguments, **more)

        monkeypatch.setattr(base, "execute_sql", noted)

    def of(self, ask: Callable[[], bytes]) -> tuple[bytes, list[str]]:
        ask()  # what is looked up once is looked up now
        self.seen.clear()
        octets = ask()
        return octets, [one for one in self.seen if "SAVEPOINT" not in one.upper()]


@pytest.fixture
def quiet_desk(server_database: str) -> Iterator[Helpdesk]:
    """One ticket of Billing, which Ann sees, linked with one of Repairs, which she does not see."""
    with helpdesk(server_database, 5) as desk:
        for name in ("Billing", "Repairs"):
            asker = Asker(f"{name}'s", f"{name}@mail.example")
            desk.tickets.append(desk.bureau.file(desk.categories[name], asker=asker).ticket.id)
        own, hidden = desk.tickets
        account = desk.account(desk.categories["Billing"])
        desk.callers[OWNER].call("Ticket/set", accountId=account, update={own: {f"links/{hidden}": True}})
        while desk.bureau.house.likeness.index.work():
            pass  # so that nothing is left for the background to do meanwhile
        yield desk


def test_the_invisible_and_the_missing_get_the_same_octets_for_the_same_work(
    quiet_desk: Helpdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, caller = quiet_desk, quiet_desk.callers["Ann"]
    account = desk.account(desk.categories["Billing"])
    [there] = desk.rows("SELECT id, requester_id, first_message_id FROM ticket WHERE id = ?", desk.tickets[1])
    statements = Statements(desk, monkeypatch)
    for what, probe in alike(desk, account).items():
        found = []
        for ids in (there, (T, R, M)):
            asked = about(probe, ids)
            octets, work = statements.of(partial(post, caller, asked))
            for one, missing in zip(ids, (T, R, M), strict=True):
                octets = octets.replace(one.encode(), missing.encode())
            found.append((QUERY_STATE.sub(b"", octets), work))
        assert found[0][0] == found[1][0], what
        assert found[0][1] == found[1][1], what
        assert b"serverFail" not in found[0][0], what


def test_a_blob_out_of_sight_and_a_missing_one_are_the_same_to_copy_to_attach_and_to_load(quiet_desk: Helpdesk) -> None:
    desk, ann, ben = quiet_desk, quiet_desk.callers["Ann"], quiet_desk.callers["Ben"]
    billing, repairs = (desk.account(desk.categories[one]) for one in ("Billing", "Repairs"))
    blob = ben.session.post(f"{BASE}/jmap/upload/{repairs}/", data=b"Ben's").json()["blobId"]
    files = [{"blobId": blob, "name": "x", "type": "text/plain"}]
    ben.create("Message", repairs, desk.bureau.words(desk.tickets[1], attachments=files))
    answers = []
    for one in (blob, f"b{MISSING}"):
        attached = [{"blobId": one, "name": "x", "type": "text/plain"}]
        words = {**desk.bureau.words(desk.tickets[0], attachments=attached), "clientKey": "key-of-the-probe"}
        octets = post(
            ann,
            ("Blob/copy", {"fromAccountId": billing, "accountId": billing, "blobIds": [one]}),
            ("Blob/copy", {"fromAccountId": repairs, "accountId": billing, "blobIds": [one]}),
            ("Message/set", {"accountId": billing, "create": {"k": words}}),
        )
        answers.append(octets.replace(one.encode(), b"B"))
        answers.append(ann.session.get(f"{BASE}/jmap/download/{billing}/{one}/x").content)
    assert answers[:2] == answers[2:]


def test_looking_for_the_invisible_waits_for_nobody_who_works_on_it(fresh_postgres_url: str) -> None:
    with helpdesk(fresh_postgres_url, 5) as desk:
        for name in ("Billing", "Repairs"):
            desk.tickets.append(desk.bureau.file(desk.categories[name]).ticket.id)
        caller, account = desk.callers["Ann"], desk.account(desk.categories["Billing"])
        parts = desk.bureau.house.parts
        asked = [about(one, (desk.tickets[1], R, M)) for one in alike(desk, account).values()]

        def while_it_is_held() -> None:
            parts.database.select("SELECT 1 FROM ticket WHERE id = ? FOR UPDATE", (desk.tickets[1],))
            caller.session.request = _hasty(caller.session.request)  # type: ignore[method-assign]  # the test's own session
            for probe in asked:
                assert b"serverFail" not in post(caller, probe)

        parts.database.write(while_it_is_held)


def _hasty(request: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments, **more: request(*arguments, **{**more, "timeout": (10, 10)})
