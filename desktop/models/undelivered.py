"""Why words were not delivered: in a few words for the list, in one sentence for the decision."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from sync.cache.rows import MessageRow, UndeliveredRow
from sync.domain.actions import CreateTicket
from sync.domain.records import MessageKind


def _tr(text: str) -> str:
    return QCoreApplication.translate("Undelivered", text)


def reason_words(row: UndeliveredRow, since: Sequence[MessageRow]) -> str:
    """The list's third line."""
    if row.reason == "overtaken":
        answer = _first_answer(since)
        return (
            _tr("{name} answered first").format(name=answer.author_name)
            if answer
            else _tr("A colleague answered first")
        )
    if row.reason in ("accountNotFound", "notFound") and isinstance(row.action, CreateTicket):
        return _tr("Category was removed")
    return {
        "accountNotFound": _tr("Ticket moved out of your reach"),
        "notFound": _tr("Ticket is not there any more"),
        "closed": _tr("Closed too long ago"),
        "merged": _tr("Merged into another ticket"),
        "stateMismatch": _tr("Somebody changed it first"),
        "tooLarge": _tr("Too large for the server"),
        "alreadyExists": _tr("Sent before with other words"),
    }.get(row.reason, _tr("Not taken by the server"))


def reason_sentence(row: UndeliveredRow, since: Sequence[MessageRow], requester: str) -> str:
    """What happened and what to do, in one or two sentences."""
    answer = _first_answer(since)
    if row.reason == "overtaken" and answer is not None:
        text = _tr(
            "{name} answered first, so yours was held. {requester} has one answer so far. Read both, then decide."
        )
        return text.format(name=answer.author_name or _tr("A colleague"), requester=requester)
    return row.sentence


def title(row: UndeliveredRow, requester: str) -> str:
    """The head of the decision."""
    text = {
        "reply": _tr("Your reply to {name} was not sent"),
        "note": _tr("Your note was not saved at the server"),
        "ticket": _tr("Your new ticket was not filed"),
        "quickNote": _tr("Your quick note was not saved at the server"),
        "edit": _tr("Your change was not applied"),
    }.get(row.kind, _tr("Your words were not delivered"))
    return text.format(name=requester or _tr("the requester"))


def _first_answer(since: Sequence[MessageRow]) -> MessageRow | None:
    return next((one for one in since if one.kind is MessageKind.REPLY and not one.is_mine), None)
