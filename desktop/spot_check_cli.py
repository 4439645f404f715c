"""`deskbell spot-check`: the owner's check on a terminal, by the running program or straight from the cache."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from desktop.alerts.check_run import run_check
from desktop.instance import Message, ask_running
from desktop.models.moments import Moments, length
from sync.cache.cache import Cache
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError
from sync.domain.limits import in_sight
from sync.domain.spot_check import Finding, Report

NOBODY, SOMEONE, UNKNOWN = 0, 1, 2
_WAIT_MS = 10_000


def run(data: Path, open_cache: Callable[[], Cache], clock: Clock, moments: Moments) -> int:
    """Print the check and give the exit code: 0 nobody waits too long, 1 somebody does, 2 it cannot be told.

    `open_cache` is called only where no program runs on `data`; the sentence of a DeskbellError from it is printed.
    """
    answer = ask_running(data, {"do": "spotCheck"}, _WAIT_MS)
    if answer is None:
        try:
            answer = _from_cache(open_cache(), clock)
        except DeskbellError as error:
            answer = {"ok": False, "sentence": str(error)}
    if not answer.get("ok"):
        click.echo(answer.get("sentence") or "The check could not be made. Start Deskbell, then try again.", err=True)
        return UNKNOWN
    for line in lines_of(answer, moments):
        click.echo(in_sight(line))
    return SOMEONE if answer["tooLong"] else NOBODY


def answer_of(report: Report, online: bool) -> Message:
    """What the running program answers to {"do": "spotCheck"}."""
    return {
        "ok": True,
        "at": report.at,
        "asOf": report.as_of,
        "online": online,
        "awaiting": report.awaiting,
        "new": report.new,
        "tooLong": [_wire(finding) for finding in report.too_long],
        "soon": [_wire(finding) for finding in report.soon],
    }


def lines_of(answer: Mapping[str, Any], moments: Moments) -> list[str]:
    """The report in plain lines."""
    late, soon = answer["tooLong"], answer["soon"]
    lines = [f"{answer['new']} new, {answer['awaiting']} awaiting, {len(late)} too long{_age(answer, moments)}"]
    if late:
        lines += ["", "Beyond their limit, the longest waiting first:", *(_line(one) for one in late)]
    if soon:
        lines += ["", "Soon, within 45 minutes:", *(_line(one) for one in soon)]
    return lines


def _from_cache(cache: Cache, clock: Clock) -> Message:
    try:
        reader = cache.reader()
        try:
            if cache.access() is None:
                return {"ok": False, "sentence": "Nobody is signed in on this computer. Start Deskbell and sign in."}
            if cache.confirmation().is_over:
                return {"ok": False, "sentence": "The tickets here are locked. Start Deskbell online first."}
            return answer_of(run_check(reader, clock.now_ms(), None), online=False)
        finally:
            reader.close()
    finally:
        cache.close()


def _age(answer: Mapping[str, Any], moments: Moments) -> str:
    if answer["online"]:
        return f" (live, {moments.clock(answer['at'])})"
    if answer["asOf"] is None:
        return " (offline, never in touch with the server)"
    return f" (offline, as of {moments.short(answer['asOf'], answer['at'])})"


def _line(one: Mapping[str, Any]) -> str:
    left = one["leftMs"]
    beyond = f"{length(-left)} over" if left <= 0 else f"in {length(left)}"
    number = f"#{one['number']}" if one["number"] is not None else "new"
    who = one["responsible"] or "nobody"
    return f"  {beyond:<16} {number:<8} {one['requester']}: {one['subject']} [{one['category']}] responsible: {who}"


def _wire(finding: Finding) -> Message:
    ticket = finding.ticket
    return {
        "ticketId": ticket.ticket_id,
        "number": ticket.number,
        "subject": ticket.subject,
        "requester": ticket.requester,
        "category": ticket.category,
        "responsible": ticket.responsible,
        "waitedMs": finding.waited_ms,
        "leftMs": finding.left_ms,
    }
