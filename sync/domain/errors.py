"""The world's failures by whose fault they are; each ends in a sentence for a person."""


class DeskbellError(Exception):
    """Base of every expected failure; `str()` is a sentence that says what to do."""


class Offline(DeskbellError):
    """No valid answer came: no network, no server, a portal in between, a server in trouble. Try again."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Denied(DeskbellError):
    """The server does not know this sign-in, or no longer. Sign in again; nothing is deleted.

    `reason`: the wire's word for why, where the server tells: revoked, passwordChanged, deactivated or expired.
    """

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason


class Rejected(DeskbellError):
    """This one request cannot be carried out as it is; `reason` is the wire's word for why."""

    def __init__(self, sentence: str, reason: str = "rejected") -> None:
        super().__init__(sentence)
        self.reason = reason


class Incompatible(DeskbellError):
    """The other side is no Deskbell server, or speaks an older or newer protocol, or a file is from the future."""


class Corrupt(DeskbellError):
    """A file on this machine is damaged or its key does not fit."""


class StorageFull(DeskbellError):
    """The disk took no more; what was being saved is still with the caller."""


class WrongKey(Corrupt):
    """The key does not fit the file, which may be whole: nothing is set aside or deleted for it."""


class Interrupted(DeskbellError):
    """A newer question made this one needless; nobody is told."""


class SearchDamaged(DeskbellError):
    """Only the search index is damaged; the tickets are whole. It is begun anew."""
