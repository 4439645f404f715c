"""Seeded tickets with threads, newest first, in wire form: words as rare and as common as in real texts."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sync.domain.times import to_utc_date
from tests.rigs.fed_cache import DOWNLOADS

Row = dict[str, Any]

SEED = 11
PAGE = 1000
PEOPLE = 9_000
STEP_MS = 777
_WORDS = 30_000
_POOL = 1_000_000
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to 1,000 tickets with their requesters and messages."""

    requesters: list[Row]
    tickets: list[Row]
    messages: list[Row]


def corpus(messages: int, thread: int = 3, category_id: str = DOWNLOADS) -> Iterator[Batch]:
    """So many messages in threads of `thread`; every twentieth ticket waits for an answer."""
    chance = random.Random(SEED)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(2, 11))) for _ in range(_WORDS)]
    pool = chance.choices(words, [1 / (rank + 5) for rank in range(_WORDS)], k=_POOL)
    now, count = int(time.time() * 1000), messages // thread
    for start in range(0, count, PAGE):
        batch = Batch([], [], [])
        people: dict[int, Row] = {}
        for number in range(start, min(start + PAGE, count)):
            at, person, place = now - number * 300_000, number % PEOPLE, number * 7 % (_POOL - _LONGEST)
            people[person] = _requester(person, now)
            batch.tickets.append(_ticket(number, at, person, " ".join(pool[place : place + 5]), thread, category_id))
            for seq in range(thread):
                place = chance.randrange(_POOL - _LONGEST)
                text = " ".join(pool[place : place + chance.randint(20, _LONGEST)])
                batch.messages.append(_message(number, seq, at, text, thread, person))
        batch.requesters.extend(people.values())
        yield batch


def _requester(person: int, now: int) -> Row:
    return {
        "id": f"r{person:032x}",
        "name": f"Person {person}",
        "email": f"p{person}@firm{person % 900}.example",
        "phone": None,
        "createdAt": to_utc_date(now),
    }


def _ticket(number: int, at: int, person: int, subject: str, thread: int, category_id: str) -> Row:
    stamp, is_open = to_utc_date(at), number % 20 == 0
    return {
        "id": f"t{(at << 80) | number:032x}", "number": number + 1, "subject": subject, "categoryId": category_id,
        "requesterId": f"r{person:032x}", "createdAt": stamp, "updatedAt": stamp,
        "status": "open" if is_open else "closed", "priority": "normal", "channel": "form",
        "awaiting": "team" if is_open else None, "awaitingSince": stamp if is_open else None,
        "closedAt": None if is_open else stamp, "tags": {"vip": True} if number % 50 == 0 else {}, "lastSeq": thread,
    }  # fmt: skip


def _message(number: int, seq: int, ticket_at: int, text: str, thread: int, person: int) -> Row:
    at = ticket_at + seq * STEP_MS
    stamp = to_utc_date(at)
    return {
        "id": f"m{(at << 80) | (number * thread + seq):032x}", "ticketId": f"t{(ticket_at << 80) | number:032x}",
        "seq": seq + 1, "kind": "reply" if seq else "inbound", "authorId": None if seq else f"r{person:032x}",
        "bodyText": text, "composedAt": stamp, "postedAt": stamp, "attachments": [], "clientKey": None,
    }  # fmt: skip
