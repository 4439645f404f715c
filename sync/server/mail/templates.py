"""The words of automatic letters and the frame of replies: ours, or the administrator's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sync.domain.errors import Rejected
from sync.domain.limits import SUBJECT_MAX, clean_line, clean_text
from sync.server.mail.outgoing_tables import TemplateRow
from sync.server.parts import Parts

_FOLDER: Final = files("resources") / "mail"
_LONGEST: Final = 100_000
EVENT: Final = "event"
OF_EVENT: Final = "event."
_OF_EVENT: Final = re.compile(r"event\.[A-Za-z0-9_]{1,60}")
_ENVIRONMENT: Final = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
)
_TICKET: Final = {
    "site_name": "Help desk",
    "name": "Oskar N.",
    "number": 1024,
    "subject": "Charged twice",
    "link": "https://help.example.com/t/SECRET",
}
_EVENT: Final = {
    "site_name": "Help desk",
    "name": "Oskar N.",
    "type": "payment",
    "occurred": "22 November 2026, 10:15 UTC",
    "data": {"amount": "49.00", "currency": "EUR", "reference": "2026-1143", "item": "Membership"},
    "number": None,
    "link": None,
}
_INCIDENT: Final = {
    **_TICKET,
    "tickets": [{**_TICKET, "number": 1023, "link": "https://help.example.com/t/ANOTHER"}, _TICKET],
    "title": "Downloads fail",
    "notice": "Large files stop half-way. Small ones work.",
    "since": "Sunday, 22 November 2026, 09:10 CET",
    "eta": "Sunday, 22 November 2026, 15:00 CET",
}
SAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "reply": {**_TICKET, "text": "It is on its way back.", "agent": "Ann", "quoted": "Invoice 1143 was taken twice."},
    "confirmation": {
        **_TICKET,
        "text": "Invoice 1143 was taken twice.",
        "expected": "by tomorrow at noon",
        "notices": [],
    },
    "links": {"site_name": "Help desk", "name": "Oskar N.", "tickets": [_TICKET]},
    "incidentEta": _INCIDENT,
    "incidentFixed": _INCIDENT,
    "incidentFollow": {**_INCIDENT, "link": "https://help.example.com/incidents/confirm/SECRET"},
    "payment": _EVENT,
    "cashOut": _EVENT,
    "upgrade": _EVENT,
    "reward": _EVENT,
    EVENT: _EVENT,
}
"""Every template by name, with values as it is given; `link`, `expected`, `number`, `eta` may always be None."""


class Templates:
    """Call inside a transaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def render(self, name: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and text. An own template that fails with these values is passed over for ours."""
        own = self.own(name)
        if own is not None:
            try:
                return _rendered(own, values)
            except (TemplateError, Rejected, ArithmeticError, TypeError, ValueError, LookupError, AttributeError):
                return _rendered(shipped(name), values)
        return _rendered(shipped(name), values)

    def own(self, name: str) -> str | None:
        """What the administrator wrote."""
        row = self._parts.database.whole_row(TemplateRow, "WHERE t.name = ?", (name,))
        return None if row is None else str(row["text"])

    def changed(self) -> list[str]:
        """The names of those that the administrator has changed."""
        return [str(one["name"]) for one in self._parts.database.rows(TemplateRow.select().order_by(TemplateRow.name))]

    def put(self, name: str, text: str) -> None:
        """Take the administrator's own, once it is proved. Raises Rejected with what is wrong."""
        check(name, text)
        self.reset(name)
        row = {"name": name, "text": clean_text(text), "at": self._parts.clock.now_ms()}
        self._parts.database.insert(TemplateRow, [row])

    def reset(self, name: str) -> None:
        """Back to ours."""
        known(name)
        self._parts.database.run(TemplateRow.delete().where(TemplateRow.name == name))


def shipped(name: str) -> str:
    """Ours."""
    file = EVENT if known(name).startswith(OF_EVENT) else name
    return (_FOLDER / f"{file}.txt").read_text(encoding="utf-8")


def known(name: str) -> str:
    """The name, if there is or may be such a template. Raises Rejected."""
    if name not in SAMPLES and not _OF_EVENT.fullmatch(name):
        raise Rejected(
            f"There is no template {name}. Known are: {', '.join(SAMPLES)}; {OF_EVENT}TYPE for any event.",
            "notFound",
        )
    return name


def of_event(event_type: str) -> str:
    """The template of a type of event."""
    return event_type if event_type in SAMPLES and SAMPLES[event_type] is _EVENT else OF_EVENT + event_type


def check(name: str, text: str) -> tuple[str, str]:
    """How it looks with sample values, also where the optional ones are missing. Raises Rejected."""
    sample = SAMPLES.get(known(name), _EVENT)
    if len(text) > _LONGEST:
        raise Rejected(f"The template is longer than {_LONGEST} characters. Shorten it.", "tooLarge")
    try:
        bare = {**sample, **{one: None for one in ("link", "expected", "number", "eta") if one in sample}}
        _rendered(text, bare)
        return _rendered(text, sample)
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
        said = clean_line(str(error)) or type(error).__name__
        raise Rejected(f"The template cannot be used: {said}. Known names: {', '.join(sorted(sample))}.") from error


@lru_cache(maxsize=64)
def _compiled(text: str) -> Template:
    return _ENVIRONMENT.from_string(text)


def _rendered(text: str, values: Mapping[str, Any]) -> tuple[str, str]:
    first, _, rest = _compiled(text).render(**values).partition("\n")
    label, colon, subject = first.partition(":")
    subject = clean_line(subject)
    if label.strip().lower() != "subject" or not colon or not subject:
        raise Rejected("The first line must be `Subject: ...`.")
    if not rest.strip():
        raise Rejected("There must be a text below the subject.")
    return subject[:SUBJECT_MAX], clean_text(rest).strip() + "\n"
