"""What is under way when the power goes off: what was there before, and what happens then."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.cache.rows import Sort, View
from sync.domain.actions import (
    AttachQuickNote,
    CreateTicket,
    EditTicket,
    MarkRead,
    MergeTicket,
    PostMessage,
    SaveQuickNote,
)
from sync.domain.records import MessageKind, Status
from sync.engine.engine import Nudge
from tests.faults.scene import ANN, Scene

Part = Callable[[Scene], None]


@dataclass(frozen=True)
class Scenario:
    """`before` runs undisturbed; `during` is cut off somewhere."""

    name: str
    before: Part
    during: Part


def _some_tickets(scene: Scene) -> None:
    for number in range(4):
        ticket = scene.ticket("First", f"First {number}")
        scene.ticket("Second", f"Second {number}")
        scene.answer(ticket)


def settled(scene: Scene) -> None:
    """Eight tickets, of which the workstation knows."""
    _some_tickets(scene)
    scene.sync()


def _first_copy(scene: Scene) -> None:
    scene.sync()


def _news(scene: Scene) -> None:
    scene.answer(_ticket(scene, "First 0"))
    scene.ticket("Second", "Late")
    scene.sync()


def _ticket(scene: Scene, subject: str) -> str:
    database = scene.office.house.parts.database
    found = database.read(lambda: database.select("SELECT id FROM ticket WHERE subject = ?", (subject,)))
    return str(found[0][0])


def post(scene: Scene, subject: str, kind: MessageKind = MessageKind.REPLY, then: Status | None = None) -> PostMessage:
    """What an agent writes on a ticket, not saved yet."""
    ticket_id = _ticket(scene, subject)
    detail = scene.reader.ticket(ticket_id)
    if detail is None:
        raise LookupError(f"{subject} is not on this workstation")
    base = detail.row.status if then is not None else None
    return PostMessage(
        scene.ids.client_key(), ticket_id, kind, scene.word(), scene.clock.now_ms(),
        base_seq=detail.confirmed_seq, then_status=then, base_status=base,
    )  # fmt: skip


def _edit(scene: Scene, subject: str, **wanted: str | bool | None) -> EditTicket:
    detail = scene.reader.ticket(_ticket(scene, subject))
    if detail is None:
        raise LookupError(f"{subject} is not on this workstation")
    wanted = {name.replace("__", "/"): value for name, value in wanted.items()}
    base = {name: detail.base.get(name) for name in wanted}
    return EditTicket(scene.ids.client_key(), detail.row.id, wanted, base, scene.clock.now_ms())


def written(scene: Scene, number: int) -> None:
    """An agent writes something of each kind, and sends nothing."""
    subjects = [one.subject for one in scene.reader.ticket_rows(scene.reader.ticket_ids(View("all"), Sort("created")))]
    subject = subjects[number % len(subjects)]
    scene.put(post(scene, subject))
    scene.put(post(scene, subject, MessageKind.NOTE))
    scene.put(_edit(scene, subject, priority="high"))
    scene.put(SaveQuickNote(scene.ids.client_key(), scene.word(), scene.clock.now_ms()))
    word = scene.word()
    scene.cache.save_draft("own", f"mode{word}", word)
    scene.ear.hear(word)


def each_kind(scene: Scene) -> None:
    """An agent saves an action of each kind that needs nobody else, and sends nothing."""
    attached = scene.cache.attach_bytes(b"bytes of a file" * 1000, "text/plain", "log.txt")
    reply = post(scene, "First 0", then=Status.CLOSED)
    scene.put(PostMessage(
        reply.client_key, reply.ticket_id, reply.kind, reply.body_text, reply.composed_at, (attached,),
        reply.base_seq, reply.then_status, reply.base_status,
    ))  # fmt: skip
    scene.put(post(scene, "First 1", MessageKind.NOTE))
    scene.put(_edit(scene, "Second 0", priority="high", tags__late=True))
    note = SaveQuickNote(scene.ids.client_key(), scene.word(), scene.clock.now_ms())
    scene.put(note)
    scene.put(AttachQuickNote(
        scene.ids.client_key(), note.client_key, _ticket(scene, "Second 1"), note.text, scene.clock.now_ms()
    ))  # fmt: skip
    scene.put(CreateTicket(
        scene.ids.client_key(), scene.ids.new("t"), scene.known["First"], "By phone", scene.word(),
        scene.clock.now_ms(), "Eve",
    ))  # fmt: skip
    scene.put(MarkRead(scene.ids.client_key(), _ticket(scene, "Second 2"), 1))


def _written(scene: Scene) -> None:
    each_kind(scene)
    scene.sync()


def _revoked(scene: Scene) -> None:
    scene.put(post(scene, "Second 0"))
    scene.put(post(scene, "Second 1", MessageKind.NOTE))
    scene.office.house.grants.revoke(scene.known[ANN], scene.known["Second"])
    scene.sync(Nudge.CLICK)


def _moved(scene: Scene) -> None:
    scene.put(post(scene, "First 2", MessageKind.NOTE))
    scene.put(_edit(scene, "First 2", categoryId=scene.known["Second"]))
    scene.sync()


def _merged(scene: Scene) -> None:
    scene.put(post(scene, "First 1", MessageKind.NOTE))
    source, target = _ticket(scene, "First 1"), _ticket(scene, "First 2")
    scene.put(MergeTicket(scene.ids.client_key(), source, target, scene.clock.now_ms()))
    scene.put(post(scene, "First 2"))
    scene.sync()


def _overtaken(scene: Scene) -> None:
    mine = post(scene, "First 3")
    scene.put(mine)
    scene.colleague_replies(mine.ticket_id)
    scene.sync()


SCENARIOS = (
    Scenario("first copy", _some_tickets, _first_copy),
    Scenario("news", settled, _news),
    Scenario("outbox", settled, _written),
    Scenario("revoke", settled, _revoked),
    Scenario("move", settled, _moved),
    Scenario("merge", settled, _merged),
    Scenario("overtaken", settled, _overtaken),
)
