"""What was written by whom, so that it can be looked for: every text is a word of its own."""

from dataclasses import dataclass, field


@dataclass
class Saved:
    """A text that an agent saved. `discarded` once they said so; `lost` by the server with its database.

    `unsure`: the power went off while it was being saved. `withdrawn`: taken back before it was sent.
    `again`: sent once more from Undelivered, and so out of turn. `file`: what came with it, once attached.
    `base_seq`: what its author had seen of the thread. `not_before`: the true time, in ms, until which it is held
    back; None: it need not wait. `held`: it was to wait, and notes may pass it. `ticket_id`: what it was written
    on, by the name that the workstation had for it then.
    """

    text: str
    station: str
    what: str
    discarded: bool = False
    lost: bool = False
    unsure: bool = False
    withdrawn: bool = False
    again: bool = False
    file: bytes | None = None
    not_before: int | None = None
    held: bool = False
    base_seq: int = 0
    ticket_id: str | None = None


@dataclass
class Ledger:
    """All texts of one run. `refused`: those of which the agent was told that they could not be saved."""

    count: int = 0
    saved: dict[str, Saved] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    _own: dict[str, set[str]] = field(default_factory=dict)

    def word(self) -> str:
        """A new word that occurs nowhere else."""
        self.count += 1
        return f"canary{self.count:05d}x"

    def by_requester(self) -> str:
        """What a requester writes."""
        text = self.word()
        self.asked.append(text)
        return text

    def by_agent(self, station: str, what: str) -> str:
        """What an agent is about to save."""
        text = self.word()
        self.saved[text] = Saved(text, station, what)
        self._own.setdefault(station, set()).add(text)
        return text

    def not_saved(self, text: str) -> None:
        """The agent was told so; it is still in front of them."""
        del self.saved[text]
        self.refused.add(text)

    def of(self, station: str) -> set[str]:
        """An agent's own words, those included that were not saved."""
        return self._own.setdefault(station, set())
