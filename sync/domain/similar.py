"""Which tickets belong beside one, and why: the same sender's open ones, the same words, earlier answers (PRODUCT D7).

Pure: the server judges what its index finds, a workstation without a network what its own search finds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import Any, Final

from sync.domain.likeness import ALIKE, FORM_SCORE, Likeness, Rarity, Text, Weight, compare, form_of, on_form
from sync.domain.records import Status

MOST: Final = 5
_COMMON: Final = 20
"""A number that stands in more tickets than these (a telephone number below a name) ties none of them together."""


class Kind(StrEnum):
    """Why a ticket is shown, the most telling first."""

    NEAR = "nearIdentical"
    SENDER = "sameRequester"
    ANSWERED = "answered"


class Because(StrEnum):
    """One reason. `value`: the days between the two, the per cent, the number as written, or nothing."""

    SENDER = "sameRequester"
    WORDS = "sameWords"
    NUMBER = "sharedNumber"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Reason:
    """`value` is text, so that every reason looks alike on the wire; the desktop puts it into words."""

    what: Because
    value: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a ticket. `answer_id`: the last reply to it, where it was looked for; times in ms UTC."""

    id: str
    account_id: str
    number: int | None
    subject: str
    status: Status
    requester_id: str | None
    created_at: int
    text: Text
    answer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    """A ticket that is shown beside another one."""

    ticket_id: str
    account_id: str
    kind: Kind
    score: float
    reasons: tuple[Reason, ...]
    number: int | None
    subject: str
    status: Status
    answer_message_id: str | None = None

    def wire(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "ticketId": self.ticket_id,
            "accountId": self.account_id,
            "kind": self.kind.value,
            "score": round(self.score, 3),
            "reasons": [{"what": one.what.value, "value": one.value} for one in self.reasons],
            "number": self.number,
            "subject": self.subject,
            "status": self.status.value,
            "answerMessageId": self.answer_message_id,
        }


def similar_of(row: Mapping[str, Any]) -> Similar:
    """From the wire. Raises KeyError, ValueError, TypeError for what is none."""
    return Similar(
        ticket_id=str(row["ticketId"]),
        account_id=str(row["accountId"]),
        kind=Kind(row["kind"]),
        score=float(row["score"]),
        reasons=tuple(Reason(Because(one["what"]), str(one["value"])) for one in row["reasons"]),
        number=None if row["number"] is None else int(row["number"]),
        subject=str(row["subject"]),
        status=Status(row["status"]),
        answer_message_id=None if row["answerMessageId"] is None else str(row["answerMessageId"]),
    )


def judged(asked: Known, others: Iterable[Known], rarity: Rarity) -> list[Similar]:
    """All that belong beside `asked`, the best first; closed ones count as answered, whether an answer is known or not:
    the caller looks for the answers of the few that are left (`with_answers`)."""
    known = [one for one in others if one.id != asked.id]
    weights = {word: rarity.weight(word) for one in (asked, *known) for word in one.text.words}
    compared = [(other, _compared(asked, other, rarity, weights.__getitem__)) for other in known]
    form = form_of([other.text for other, likeness in compared if likeness.score >= FORM_SCORE])
    found = [
        one
        for other, likeness in compared
        if (one := _judge(asked, other, on_form(likeness, asked.text, other.text, form, rarity))) is not None
    ]
    return sorted(found, key=lambda one: (-one.score, -(one.number or 0), one.ticket_id))


def with_answers(found: Iterable[Similar], answers: Mapping[str, str]) -> list[Similar]:
    """Earlier tickets with the ids of their last replies; one that nobody answered has nothing to give."""
    return [
        replace(one, answer_message_id=answers.get(one.ticket_id))
        for one in found
        if one.kind is not Kind.ANSWERED or one.ticket_id in answers
    ]


def chosen(found: Sequence[Similar], most: int = MOST) -> list[Similar]:
    """At most so many, something of each kind where there is something, ordered by kind."""
    by_kind = [[one for one in found if one.kind is kind] for kind in Kind]
    taken = [one for some in zip_longest(*by_kind) for one in some if one is not None][:most]
    order = list(Kind)
    return sorted(taken, key=lambda one: order.index(one.kind))


def _compared(asked: Known, other: Known, rarity: Rarity, weight: Weight) -> Likeness:
    """Numbers that tie nothing left out."""
    likeness = compare(asked.text, other.text, weight)
    if not likeness.numbers:
        return likeness
    telling = {asked.text.numbers[bare] for bare in asked.text.numbers if rarity.counts.get(bare, 0) <= _COMMON}
    return replace(likeness, numbers=tuple(one for one in likeness.numbers if one in telling))


def _judge(asked: Known, other: Known, likeness: Likeness) -> Similar | None:
    is_open = other.status is not Status.CLOSED
    is_sender = asked.requester_id is not None and asked.requester_id == other.requester_id
    tied = bool(likeness.numbers)
    if is_open and (likeness.is_near or tied):
        kind = Kind.NEAR
    elif is_open and is_sender:
        kind = Kind.SENDER
    elif not is_open and (likeness.score >= ALIKE or tied):
        kind = Kind.ANSWERED
    else:
        return None
    return Similar(
        other.id,
        other.account_id,
        kind,
        likeness.score,
        _reasons(asked, other, likeness, is_sender),
        other.number,
        other.subject,
        other.status,
        other.answer_id,
    )


def _reasons(asked: Known, other: Known, likeness: Likeness, is_sender: bool) -> tuple[Reason, ...]:
    reasons = []
    if is_sender:
        reasons.append(Reason(Because.SENDER, str(abs(asked.created_at - other.created_at) // 86_400_000)))
    if likeness.score >= ALIKE:
        reasons.append(Reason(Because.WORDS, str(likeness.percent)))
    reasons.extend(Reason(Because.NUMBER, number) for number in likeness.numbers[:2])
    if other.status is Status.CLOSED:
        reasons.append(Reason(Because.ANSWERED))
    return tuple(reasons)
