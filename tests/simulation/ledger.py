"""What was written by whom, so that it can be looked for: every text is a word of its own."""

from dataclasses import dataclass, field


@dataclass
class Saved:
    """A text that an agent saved. `discarded` once they said so; `lost` by the server with its database.

    `file`: what came with it, once that was attached.
    """

    text: str
    station: str
    what: str
    discarded: bool = False
    lost: bool = False
    file: bytes | None = None


@dataclass
class Ledger:
    """All texts of one run."""

    count: int = 0
    saved: dict[str, Saved] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

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
        return text

    def of(self, station: str) -> set[str]:
        """An agent's own words."""
        return {one.text for one in self.saved.values() if one.station == station}
