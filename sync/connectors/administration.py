"""What an owner may ask of a server that keeps people and categories itself: online only, never in an outbox."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sync.domain.people import AgentAccess, PersonEdit


class Administration(Protocol):
    """Optional beside `Connector`. Blocking calls; each raises Offline, Denied, Incompatible, or Rejected with the
    server's sentence. After Offline it is not known whether it was done: what is shown next tells.
    """

    def change_people(self, edits: Sequence[PersonEdit], base: Mapping[str, AgentAccess]) -> Mapping[str, str]:
        """Carry out what still stands on its base; agent id to the sentence of what was not done.

        `base` is each concerned agent as the plan was made on: ticks that somebody else set meanwhile are a conflict.
        """
        ...

    def add_person(self, name: str, password: str, is_owner: bool) -> str:
        """The new agent's id."""
        ...

    def place_grant(self, agent_id: str, category_id: str, second_line: bool) -> None:
        """Into the second line of a category that they have, or back into the first."""
        ...

    def rename_person(self, agent_id: str, name: str) -> None: ...

    def give_password(self, agent_id: str, password: str) -> None:
        """A new password; all devices of the agent are signed out."""
        ...

    def sign_out_device(self, agent_id: str, token_id: str) -> None:
        """One that is signed out already is fine."""
        ...

    def remove_person(self, agent_id: str, heir_id: str | None) -> None:
        """Devices signed out, grants gone, open tickets to `heir_id` or nobody."""
        ...

    def bring_back(self, agent_id: str) -> None:
        """Somebody who left comes back, without grants."""
        ...

    def add_category(self, name: str) -> str:
        """The new category's id."""
        ...

    def rename_category(self, category_id: str, name: str) -> None: ...

    def category_description(self, category_id: str) -> str:
        """What belongs into it, in a sentence for those who ask; empty: nothing is said."""
        ...

    def describe_category(self, category_id: str, description: str) -> None: ...
