"""The fields of a change that was left out, each with what I wanted, what it is now and what it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.models.event_sentence import Names, priority_name, status_name
from desktop.translation import translate
from sync.cache.rows import FieldConflict
from sync.domain.actions import LINK_PREFIX, SET_PREFIXES, TAG_PREFIX

FieldValue = str | bool | None


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field in words."""

    name: str
    mine: str
    theirs: str
    base: str


def field_lines(conflicts: Sequence[FieldConflict], names: Names) -> list[FieldLine]:
    """In the order of the change."""
    return [
        FieldLine(_name(one.name), *(_value(one.name, value, names) for value in (one.mine, one.theirs, one.base)))
        for one in conflicts
    ]


def _name(name: str) -> str:
    if name.startswith(TAG_PREFIX):
        return translate("FieldWords", "Tag {tag}").format(tag=name.removeprefix(TAG_PREFIX))
    if name.startswith(LINK_PREFIX):
        return translate("FieldWords", "Link")
    return {
        "status": translate("FieldWords", "Status"),
        "assigneeId": translate("FieldWords", "Assignee"),
        "categoryId": translate("FieldWords", "Category"),
        "priority": translate("FieldWords", "Priority"),
        "incidentId": translate("FieldWords", "Incident"),
    }.get(name, name)


def _value(name: str, value: FieldValue, names: Names) -> str:
    if name.startswith(SET_PREFIXES):
        return translate("FieldWords", "on") if value else translate("FieldWords", "off")
    text = "" if value is None else str(value)
    if name == "assigneeId":
        return names.agent(text) if text else translate("FieldWords", "nobody")
    if name == "incidentId":
        return translate("FieldWords", "an incident") if text else translate("FieldWords", "none")
    if name == "categoryId":
        return names.category(text)
    return status_name(text) if name == "status" else priority_name(text)
