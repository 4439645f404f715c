"""Tickets that belong beside one, with their reasons in words (PRODUCT D7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.translation import translate
from sync.cache.rows import TicketRow
from sync.domain.records import Status
from sync.domain.similar import Because, Kind, Reason, Similar


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """One ticket of the list. `answer_id`: the earlier answer that can be taken up; empty: there is none."""

    ticket_id: str
    number: int
    subject: str
    reasons: str
    ink: str
    linked: bool = False
    mergeable: bool = False
    answer_id: str = ""
    near: bool = False

    @property
    def name(self) -> str:
        """As people call it."""
        return f"#{self.number}"


def similar_rows(
    found: Sequence[Similar], linked: Sequence[TicketRow], category_of: Mapping[str, str]
) -> list[SimilarRow]:
    """Those that are linked first, then what was found. `category_of`: the category of each account; tickets of the
    ticket's own one, called "", can be merged with it."""
    ids = {one.ticket_id for one in found}
    rows = [
        SimilarRow(one.id, one.number, one.subject, translate("Similar", "Linked"), "us", linked=True)
        for one in linked
        if one.number is not None and one.id not in ids
    ]
    known = {one.id for one in linked}
    for one in found:
        if one.number is not None:
            is_open, here = one.status is not Status.CLOSED, category_of.get(one.account_id) == ""
            rows.append(
                SimilarRow(
                    one.ticket_id,
                    one.number,
                    one.subject,
                    reasons_text(one, one.ticket_id in known),
                    "due" if one.kind is Kind.NEAR else "them",
                    linked=one.ticket_id in known,
                    mergeable=is_open and here,
                    answer_id=one.answer_message_id or "",
                    near=one.kind is Kind.NEAR and is_open,
                )
            )
    return rows


def reasons_text(one: Similar, linked: bool = False) -> str:
    """All its reasons in one sentence without an end."""
    words = [translate("Similar", "Linked")] if linked else []
    words += [_reason(reason) for reason in one.reasons]
    return ", ".join(words)


def _reason(reason: Reason) -> str:
    match reason.what:
        case Because.SENDER:
            days = int(reason.value) if reason.value.isdecimal() else 0
            if days == 0:
                return translate("Similar", "same sender, the same day")
            if days == 1:
                return translate("Similar", "same sender, a day apart")
            return translate("Similar", "same sender, {days} days apart").format(days=days)
        case Because.WORDS:
            return translate("Similar", "{percent} % the same words").format(percent=reason.value)
        case Because.NUMBER:
            return translate("Similar", "shares {number}").format(number=reason.value)
        case Because.ANSWERED:
            return translate("Similar", "answered")
