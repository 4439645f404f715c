"""Says an event of a thread in words: what was changed, from what, to what, by whom."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.translation import translate
from sync.domain.records import Priority, Rating, Status

_WORDS_MAX = 300


@dataclass(frozen=True, slots=True)
class Names:
    """Who and what the ids stand for; an id that is not known reads as "somebody" or "another category".

    `tickets`: other tickets as people call them ("#123"), never the one whose thread it is. `unseen`: ids of tickets in
    categories that are not mine.
    """

    me: str | None = None
    agents: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    tickets: Mapping[str, str] = field(default_factory=dict)
    unseen: frozenset[str] = frozenset()

    def agent(self, agent_id: str | None) -> str:
        return self.agents.get(agent_id or "", translate("EventSentence", "Somebody"))

    def category(self, category_id: str | None) -> str:
        return self.categories.get(category_id or "", translate("EventSentence", "another category"))


def status_name(value: str | None) -> str:
    """A status as people read it."""
    words: dict[str, str] = {
        Status.NEW: translate("EventSentence", "New"),
        Status.OPEN: translate("EventSentence", "Open"),
        Status.WAITING: translate("EventSentence", "Waiting for requester"),
        Status.CLOSED: translate("EventSentence", "Closed"),
    }
    return words.get(value or "", value or "")


def priority_name(value: str | None) -> str:
    """A priority as people read it."""
    words: dict[str, str] = {
        Priority.LOW: translate("EventSentence", "Low"),
        Priority.NORMAL: translate("EventSentence", "Normal"),
        Priority.HIGH: translate("EventSentence", "High"),
        Priority.URGENT: translate("EventSentence", "Urgent"),
    }
    return words.get(value or "", value or "")


def event_icon(body: str) -> str:
    """The icon that stands before the sentence."""
    event = _read(body)
    if event.get("what") == "status":
        return {"waiting": "turn-them", "closed": "check-circle"}.get(str(event.get("to")), "turn-us")
    icons = {
        "category": "folder",
        "assignee": "user",
        "priority": "high",
        "tags": "tag",
        "merged": "link",
        "link": "link",
        "reminder": "clock",
        "solved": "check-circle",
        "rating": "info",
        "privateLink": "lock",
        "erased": "lock",
        "delivery": "undelivered",
        "autoReply": "inbound",
        "deliveryReport": "info",
        "letter": "undelivered",
        "incidentId": "urgent",
        "incidentTold": "urgent",
    }
    return icons.get(str(event.get("what")), "event")


def event_sentence(body: str, names: Names) -> str:
    """One sentence. A body that is no event of ours is shown as it stands; an unknown kind says only who."""
    event = _read(body)
    if not event:
        return body
    by = event.get("by")
    who = names.agent(by) if by else translate("EventSentence", "Deskbell")
    make = _SENTENCES.get(str(event.get("what")))
    if make is None:
        return translate("EventSentence", "{who} changed something").format(who=who)
    return make(who, event, names)


_WIRE_NAMES = {"assigneeId": "assignee", "categoryId": "category", "tag": "tags"}


def _read(body: str) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(event, dict):
        return {}
    what = str(event.get("what"))
    return {**event, "what": _WIRE_NAMES.get(what, what)}


def _status(who: str, event: dict[str, Any], _names: Names) -> str:
    sentences = {
        "waiting": translate("EventSentence", "{who} set it to waiting for requester"),
        "closed": translate("EventSentence", "{who} closed it"),
        "open": translate("EventSentence", "{who} opened it again")
        if event.get("from") == "closed"
        else translate("EventSentence", "{who} set it to open"),
    }
    text = sentences.get(str(event.get("to")), translate("EventSentence", "{who} set it to {status}"))
    return text.format(who=who, status=status_name(event.get("to")).lower())


def _category(who: str, event: dict[str, Any], names: Names) -> str:
    return translate("EventSentence", "{who} moved it from {old} to {new}").format(
        who=who, old=names.category(event.get("from")), new=names.category(event.get("to"))
    )


def _assignee(who: str, event: dict[str, Any], names: Names) -> str:
    old, new = event.get("from"), event.get("to")
    if new is None:
        return translate("EventSentence", "{who} took it from {old}").format(who=who, old=names.agent(old))
    if new == event.get("by"):
        return translate("EventSentence", "{who} took it").format(who=who)
    return translate("EventSentence", "{who} gave it to {new}").format(who=who, new=names.agent(new))


def _priority(who: str, event: dict[str, Any], _names: Names) -> str:
    return translate("EventSentence", "{who} changed the priority from {old} to {new}").format(
        who=who, old=priority_name(event.get("from")).lower(), new=priority_name(event.get("to")).lower()
    )


def _tags(who: str, event: dict[str, Any], _names: Names) -> str:
    old, new = set(_listed(event.get("from"))), set(_listed(event.get("to")))
    added, removed = ", ".join(sorted(new - old)), ", ".join(sorted(old - new))
    if added and removed:
        return translate("EventSentence", "{who} tagged it {added} and took away {removed}").format(
            who=who, added=added, removed=removed
        )
    if removed:
        return translate("EventSentence", "{who} took away the tag {removed}").format(who=who, removed=removed)
    return translate("EventSentence", "{who} tagged it {added}").format(who=who, added=added)


def _merged(who: str, event: dict[str, Any], names: Names) -> str:
    came, went = names.tickets.get(str(event.get("from"))), names.tickets.get(str(event.get("to")))
    if came is not None:
        return translate("EventSentence", "{who} merged {ticket} into this ticket").format(who=who, ticket=came)
    if went is not None:
        return translate("EventSentence", "{who} merged it into {ticket}").format(who=who, ticket=went)
    return translate("EventSentence", "{who} merged it with another ticket").format(who=who)


def _link(who: str, event: dict[str, Any], names: Names) -> str:
    old, new = names.tickets.get(str(event.get("from"))), names.tickets.get(str(event.get("to")))
    if new is not None:
        return translate("EventSentence", "{who} linked it with {ticket}").format(who=who, ticket=new)
    if old is not None:
        return translate("EventSentence", "{who} took away the link with {ticket}").format(who=who, ticket=old)
    if event.get("to") is None:
        return translate("EventSentence", "{who} took away a link with another ticket").format(who=who)
    if event.get("to") in names.unseen:
        words = translate("EventSentence", "{who} linked it with a ticket in a category that is not yours")
        return words.format(who=who)
    return translate("EventSentence", "{who} linked it with another ticket").format(who=who)


def _listed(value: object) -> list[str]:
    if isinstance(value, dict):
        return [str(name) for name in value]
    if isinstance(value, list):
        return [str(name) for name in value]
    return [value] if isinstance(value, str) else []


def _erased(who: str, _event: dict[str, Any], _names: Names) -> str:
    return translate("EventSentence", "{who} erased what stood here, at the requester's wish").format(who=who)


def _letter(who: str, event: dict[str, Any], _names: Names) -> str:
    del who, event
    return translate("EventSentence", "An automatic mail to the requester came back: it was not delivered")


def _delivery(who: str, event: dict[str, Any], _names: Names) -> str:
    del who
    if event.get("to") == "bounced":
        return translate("EventSentence", "The reply came back: it was not delivered")
    return translate("EventSentence", "The reply could not be delivered")


def _auto_reply(_who: str, event: dict[str, Any], _names: Names) -> str:
    return translate("EventSentence", "Automatic reply of {sender}: {words}").format(**_mail(event))


def _delivery_report(_who: str, event: dict[str, Any], _names: Names) -> str:
    return translate("EventSentence", "Delivery report of {sender}: {words}").format(**_mail(event))


def _mail(event: dict[str, Any]) -> dict[str, str]:
    """Who wrote, and the words on one line."""
    words = " ".join(str(event.get("to") or "").split())[:_WORDS_MAX]
    return {"sender": str(event.get("from") or translate("EventSentence", "a mail server")), "words": words}


def _reminder(_who: str, event: dict[str, Any], _names: Names) -> str:
    count = event.get("to")
    if count == 1:
        return translate("EventSentence", "The requester reminds: they still wait")
    return translate("EventSentence", "The requester reminds: they still wait ({count} times)").format(count=count)


def _solved(_who: str, _event: dict[str, Any], _names: Names) -> str:
    return translate("EventSentence", "The requester says that it is solved")


def _rating(_who: str, event: dict[str, Any], _names: Names) -> str:
    good = event.get("to") == Rating.GOOD
    said = (
        translate("EventSentence", "The requester says that the answer was good")
        if good
        else translate("EventSentence", "The requester says that the answer was not good")
    )
    words = event.get("words")
    return f"{said}: {' '.join(words.split())}" if isinstance(words, str) and words else said


def _private_link(who: str, _event: dict[str, Any], _names: Names) -> str:
    return translate("EventSentence", "{who} renewed the private link: old ones are dead").format(who=who)


def _incident(who: str, event: dict[str, Any], _names: Names) -> str:
    if event.get("to") is None:
        return translate("EventSentence", "{who} took it out of an incident").format(who=who)
    return translate("EventSentence", "{who} put it to an incident").format(who=who)


def _incident_told(_who: str, event: dict[str, Any], _names: Names) -> str:
    words = " ".join(str(event.get("words") or "").split())[:_WORDS_MAX]
    if event.get("from") == "incidentFixed":
        return translate("EventSentence", "The requester was told that it is repaired: {title}").format(title=words)
    return translate("EventSentence", "The requester was told when the repair is expected: {title}").format(title=words)


_SENTENCES: Mapping[str, Callable[[str, dict[str, Any], Names], str]] = {
    "status": _status,
    "erased": _erased,
    "delivery": _delivery,
    "autoReply": _auto_reply,
    "deliveryReport": _delivery_report,
    "letter": _letter,
    "category": _category,
    "assignee": _assignee,
    "priority": _priority,
    "tags": _tags,
    "merged": _merged,
    "link": _link,
    "reminder": _reminder,
    "solved": _solved,
    "rating": _rating,
    "privateLink": _private_link,
    "incidentId": _incident,
    "incidentTold": _incident_told,
}
