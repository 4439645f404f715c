"""Why words were not delivered: in a few words for the list, in one sentence for the decision."""

from collections.abc import Sequence

from desktop.translation import translate
from sync.cache.rows import MessageRow, UndeliveredRow
from sync.domain.actions import CreateTicket
from sync.domain.records import MessageKind


def reason_words(row: UndeliveredRow, since: Sequence[MessageRow]) -> str:
    """The list's third line."""
    if row.reason == "overtaken":
        answer = _first_answer(since)
        return (
            translate("Undelivered", "{name} answered first").format(name=answer.author_name)
            if answer
            else translate("Undelivered", "A colleague answered first")
        )
    if row.reason in ("accountNotFound", "notFound") and isinstance(row.action, CreateTicket):
        return translate("Undelivered", "Category was removed")
    return {
        "accountNotFound": translate("Undelivered", "Ticket moved out of your reach"),
        "notFound": translate("Undelivered", "Ticket is not there any more"),
        "closed": translate("Undelivered", "Closed too long ago"),
        "merged": translate("Undelivered", "Merged into another ticket"),
        "stateMismatch": translate("Undelivered", "Somebody changed it first"),
        "tooLarge": translate("Undelivered", "Too large for the server"),
        "alreadyExists": translate("Undelivered", "Sent before with other words"),
    }.get(row.reason, translate("Undelivered", "Not taken by the server"))


def reason_sentence(row: UndeliveredRow, since: Sequence[MessageRow], requester: str) -> str:
    """What happened and what to do, in one or two sentences."""
    answer = _first_answer(since)
    if row.reason == "overtaken" and answer is not None:
        text = translate(
            "Undelivered",
            "{name} answered first, so yours was held. {requester} has one answer so far. Read both, then decide.",
        )
        return text.format(name=answer.author_name or translate("Undelivered", "A colleague"), requester=requester)
    return row.sentence


def title(row: UndeliveredRow, requester: str) -> str:
    """The head of the decision."""
    text = {
        "reply": translate("Undelivered", "Your reply to {name} was not sent"),
        "note": translate("Undelivered", "Your note was not saved at the server"),
        "ticket": translate("Undelivered", "Your new ticket was not filed"),
        "quickNote": translate("Undelivered", "Your quick note was not saved at the server"),
        "edit": translate("Undelivered", "Your change was not applied"),
    }.get(row.kind, translate("Undelivered", "Your words were not delivered"))
    return text.format(name=requester or translate("Undelivered", "the requester"))


def _first_answer(since: Sequence[MessageRow]) -> MessageRow | None:
    return next((one for one in since if one.kind is MessageKind.REPLY and not one.is_mine), None)
