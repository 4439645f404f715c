"""What may be asked of a server that keeps a FAQ: online only; unsent words stay a draft of the workstation."""

from collections.abc import Sequence
from typing import Protocol

from sync.domain.faq import FaqWeek, FaqWords


class FaqKeeping(Protocol):
    """Optional beside `Connector`. Blocking calls; each raises Offline, Denied, Incompatible, or Rejected with the
    server's sentence."""

    def add_entry(self, client_key: str, words: FaqWords) -> str:
        """A new entry; its id. The same key gets the same one, whatever words it holds by now."""
        ...

    def change_entry(self, entry_id: str, base: FaqWords, words: FaqWords) -> None:
        """Other words or another status; Rejected (`stateMismatch`) if somebody changed it since it was `base`."""
        ...

    def delete_entry(self, entry_id: str) -> None:
        """Gone for good; one that is gone already is fine."""
        ...

    def faq_weeks(self) -> Sequence[FaqWeek]:
        """For owners: what was counted, week by week, the oldest first; empty for others."""
        ...
