"""Alert/report: what a workstation says of the alerts that it was offered, and until when it is quiet (PRODUCT A9)."""

from collections.abc import Mapping
from typing import Final

from sync.domain.protocol import ALERT_REPORT, CAPABILITY, CATEGORY_GRANT
from sync.domain.times import from_utc_date
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID, UTC_DATE, list_of, nullable, record
from sync.jmap.methods import Answer, Context
from sync.server.alert_book import STAGES, AlertBook, Report, Stages
from sync.server.parts import Parts
from sync.server.store import colleague

MOST_REPORTS: Final = 500
_STAGES: Final = record({"arrivalId": ID}, dict.fromkeys(STAGES, UTC_DATE))
_SIGNATURE: Final[Signature] = {
    **ACCOUNT,
    "now": Argument(UTC_DATE),
    "quietUntil": Argument(nullable(UTC_DATE), None),
    "follows": Argument(nullable(list_of(ID)), None),
    "reports": Argument(list_of(_STAGES)),
}


class AlertReport:
    """Called on the personal account. Arrivals that are not the caller's to see are passed over without a word."""

    name = ALERT_REPORT
    capability = CAPABILITY

    def __init__(self, parts: Parts, gate: Gate, book: AlertBook) -> None:
        self._parts = parts
        self._gate = gate
        self._book = book

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)
        if len(given["reports"]) > MOST_REPORTS or len(given["follows"] or ()) > MOST_REPORTS:
            raise MethodError("requestTooLarge", f"At most {MOST_REPORTS} at a time.")
        quiet = given["quietUntil"]
        report = Report(
            from_utc_date(given["now"]),
            None if quiet is None else from_utc_date(quiet),
            given["follows"],
            [_stages(one) for one in given["reports"]],
        )

        def work() -> None:
            self._gate.enter(context.principal, given["accountId"], CATEGORY_GRANT, writes=True)
            self._book.report(colleague(context.principal), report)

        self._parts.journal.write(work)
        return Answer({"accountId": given["accountId"]})


def _stages(said: Mapping[str, JSON]) -> Stages:
    return Stages(said["arrivalId"], {name: from_utc_date(said[name]) for name in STAGES if name in said})
