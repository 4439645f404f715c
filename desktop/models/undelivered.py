"""Why words were not delivered: in a few words for the list, in plain sentences for the decision."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.models.event_sentence import Names, event_sentence
from desktop.models.moments import Moments
from desktop.translation import translate
from sync.cache.reader import Reader
from sync.cache.rows import MessageRow, TicketDetail, UndeliveredRow
from sync.cache.undelivered import KEPT_MS
from sync.domain.actions import LINK_PREFIX, TAG_PREFIX, CreateTicket
from sync.domain.records import MessageKind


@dataclass(frozen=True, slots=True)
class Story:
    """What is known here of an item: the ticket, what came `since` the words, and its whole `thread`."""

    moments: Moments
    now_ms: int
    names: Names = field(default_factory=Names)
    detail: TicketDetail | None = None
    since: Sequence[MessageRow] = ()
    thread: Sequence[MessageRow] = ()

    @property
    def requester(self) -> str:
        """Empty if it is not known."""
        return self.detail.row.requester_name if self.detail is not None else ""


def story_of(reader: Reader, row: UndeliveredRow, known: Story) -> Story:
    """What the cache knows of an item, beside what is `known` of the person's surroundings."""
    detail = reader.ticket(row.ticket_id) if row.ticket_id else None
    if detail is None:
        return known
    thread = reader.thread(detail.row.id)
    own = [one for one in thread if one.ticket_id == detail.row.id and one.client_key is None]
    since = [one for one in own if one.seq > row.base_seq] if row.kind in ("reply", "note") else []
    return replace(known, detail=detail, since=since, thread=thread)


def reason_words(row: UndeliveredRow, story: Story) -> str:
    """The list's third line."""
    if row.discarded_at is not None:
        return translate("Undelivered", "Kept until {day}").format(day=kept_until(row, story))
    answer = _answers(story)[:1]
    if row.reason == "overtaken" and answer:
        return translate("Undelivered", "{name} answered first").format(name=_author(answer[0]))
    if row.reason in ("accountNotFound", "notFound") and isinstance(row.action, CreateTicket):
        return translate("Undelivered", "Category was removed")
    return reason_name(row.reason, row.kind)


def reason_name(reason: str, kind: str = "") -> str:
    """A reason in three or four words."""
    if reason == "merged" and kind == "merge":
        return translate("Undelivered", "Merged by somebody else")
    return {
        "overtaken": translate("Undelivered", "A colleague answered first"),
        "accountNotFound": translate("Undelivered", "Ticket moved out of your reach"),
        "notFound": translate("Undelivered", "Ticket is not there any more"),
        "closed": translate("Undelivered", "Closed too long ago"),
        "merged": translate("Undelivered", "Merged into another ticket"),
        "stateMismatch": translate("Undelivered", "Somebody changed it first"),
        "tooLarge": translate("Undelivered", "Too large for the server"),
        "restored": translate("Undelivered", "Lost when the server was restored"),
        "restoredUnseen": translate("Undelivered", "Ticket gone since the server was restored"),
        "alreadyExists": translate("Undelivered", "Sent before with other words"),
    }.get(reason, translate("Undelivered", "Not taken by the server"))


def kept_until(row: UndeliveredRow, story: Story) -> str:
    """The day until which a discarded item can be taken back."""
    return story.moments.day((row.discarded_at or row.at) + KEPT_MS, story.now_ms)


def reason_sentence(row: UndeliveredRow, story: Story) -> str:
    """Who did what, when, and what can be done now."""
    if row.discarded_at is not None:
        return translate("Undelivered", "Discarded {time}. It can be taken back until {day}, then it is gone.").format(
            time=story.moments.full(row.discarded_at, story.now_ms), day=kept_until(row, story)
        )
    match row.reason:
        case "overtaken" if _answers(story):
            return _overtaken(story)
        case "closed" if row.kind == "reply" and story.detail is not None and story.detail.closed_at is not None:
            text = translate(
                "Undelivered",
                "The ticket was closed {time}, too long ago for a reply to open it again. A follow-up ticket takes "
                "your words to {name}; or keep them as a note.",
            )
            time = story.moments.full(story.detail.closed_at, story.now_ms)
            return text.format(time=time, name=_requester(story))
        case "merged" if row.goal_number is not None:
            return _merged(row, story)
        case "stateMismatch" if row.kind == "edit":
            return _changed(row, story)
    if row.only_at_server:
        elsewhere = translate("Undelivered", "Written on another computer of yours and kept at the server.")
        return f"{elsewhere} {row.sentence}"
    return row.sentence


def title(row: UndeliveredRow, requester: str) -> str:
    """The head of the decision."""
    if row.discarded_at is not None:
        return translate("Undelivered", "Discarded")
    text = {
        "reply": translate("Undelivered", "Your reply to {name} was not sent"),
        "note": translate("Undelivered", "Your note was not saved at the server"),
        "ticket": translate("Undelivered", "Your new ticket was not filed"),
        "quickNote": translate("Undelivered", "Your quick note was not saved at the server"),
        "edit": translate("Undelivered", "Your change was not applied"),
        "merge": translate("Undelivered", "The tickets were not merged"),
    }.get(row.kind, translate("Undelivered", "Your words were not delivered"))
    return text.format(name=requester or translate("Undelivered", "the requester"))


def _overtaken(story: Story) -> str:
    answers = _answers(story)
    who, when = _author(answers[0]), story.moments.full(answers[0].posted_at, story.now_ms)
    if len(answers) == 1:
        text = translate(
            "Undelivered",
            "{name} answered {time}, so yours was held. {requester} has one answer so far. Read both, then decide.",
        )
        return text.format(name=who, time=when, requester=_requester(story))
    text = translate(
        "Undelivered",
        "{name} answered {time}, so yours was held. {requester} has {count} answers by now. Read them, then decide.",
    )
    return text.format(name=who, time=when, requester=_requester(story), count=len(answers))


def _merged(row: UndeliveredRow, story: Story) -> str:
    event = _last("merged", story)
    who = story.names.agent(_read(event.body_text).get("by")) if event is not None else ""
    if event is None:
        told = translate("Undelivered", "The ticket was merged into #{number}.").format(number=row.goal_number)
    else:
        told = translate("Undelivered", "{name} merged the ticket into #{number} {time}.").format(
            name=who, number=row.goal_number, time=story.moments.full(event.posted_at, story.now_ms)
        )
    if row.kind in ("edit", "merge"):
        return f"{told} {translate('Undelivered', 'There is nothing left to change here.')}"
    return f"{told} {translate('Undelivered', 'Your words can go there.')}"


def _changed(row: UndeliveredRow, story: Story) -> str:
    told = " ".join(dict.fromkeys(_told_of(_event_name(one.name), story) for one in row.conflicts)).strip()
    question = translate("Undelivered", "Apply yours over it, or leave it as it is now.")
    if not told:
        return f"{row.sentence} {question}" if not row.conflicts else _plain_change(question)
    return f"{told} {question}"


def _plain_change(question: str) -> str:
    return f"{translate('Undelivered', 'Somebody changed it before yours arrived.')} {question}"


def _told_of(what: str, story: Story) -> str:
    """The last event of that kind as a sentence with its time; empty where none is here."""
    one = _last(what, story)
    if one is None:
        return ""
    time = story.moments.full(one.posted_at, story.now_ms)
    return translate("Undelivered", "{event} {time}.").format(
        event=event_sentence(one.body_text, story.names), time=time
    )


def _last(what: str, story: Story) -> MessageRow | None:
    events = (one for one in reversed(story.thread) if one.kind is MessageKind.EVENT)
    return next((one for one in events if _read(one.body_text).get("what") == what), None)


def _event_name(field_name: str) -> str:
    if field_name.startswith(LINK_PREFIX):
        return "link"
    return "tag" if field_name.startswith(TAG_PREFIX) else field_name


def _read(body: str) -> Mapping[str, Any]:
    try:
        event = json.loads(body)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _answers(story: Story) -> list[MessageRow]:
    return [one for one in story.since if one.kind is MessageKind.REPLY and not one.is_mine]


def _author(row: MessageRow) -> str:
    return row.author_name or translate("Undelivered", "A colleague")


def _requester(story: Story) -> str:
    return story.requester or translate("Undelivered", "The requester")
