"""FaqEntry/trend: how often answers were shown, opened and found to help, week by week, for owners (PRODUCT G1)."""

from collections.abc import Mapping
from typing import Final

from sync.domain.protocol import CAPABILITY, FAQ_TREND, SPOT_CHECK
from sync.domain.times import to_utc_date
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.errors import JSON
from sync.jmap.gate import Gate
from sync.jmap.kinds import UNSIGNED_INT
from sync.jmap.methods import Answer, Context
from sync.server.faq.faq import Faq
from sync.server.parts import Parts

USUAL_WEEKS: Final = 26
_MOST_WEEKS: Final = 520
_SIGNATURE: Final[Signature] = {**ACCOUNT, "weeks": Argument(UNSIGNED_INT, USUAL_WEEKS)}


class FaqTrend:
    """In the oversight account. Weeks begin on Monday 00:00 UTC; one in which nothing was counted is left out."""

    name = FAQ_TREND
    capability = CAPABILITY

    def __init__(self, parts: Parts, gate: Gate, faq: Faq) -> None:
        self._parts = parts
        self._gate = gate
        self._faq = faq

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)

        def work() -> list[JSON]:
            self._gate.enter(context.principal, given["accountId"], SPOT_CHECK)
            return [
                {"from": to_utc_date(week), "shown": shown, "opened": opened, "answered": answered}
                for week, shown, opened, answered in self._faq.counts.weeks(min(int(given["weeks"]), _MOST_WEEKS))
            ]

        return Answer({"accountId": given["accountId"], "weeks": self._parts.journal.read(work)})
