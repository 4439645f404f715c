"""The three levels of failure in JMAP: request, method call, single object (RFC 8620 3.6 and 5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

JSON = Any
"""Any JSON value. Objects are `dict[str, JSON]`, arrays `list[JSON]`."""

PROBLEM = "urn:ietf:params:jmap:error:"


class RequestError(Exception):
    """The whole request is refused: an HTTP status and an RFC 7807 problem document (section 3.6.1).

    `limit` names the exceeded limit; `retry_after`: seconds, sent with status 429 and 503.
    """

    def __init__(
        self, kind: str, detail: str, *, status: int = 400, limit: str | None = None, retry_after: int = 1
    ) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self.status = status
        self.limit = limit
        self.retry_after = retry_after

    def problem(self) -> dict[str, JSON]:
        """The document as sent with content type `application/problem+json`."""
        of_jmap = self.kind in ("unknownCapability", "notJSON", "notRequest", "limit")
        document: dict[str, JSON] = {
            "type": PROBLEM + self.kind if of_jmap else "about:blank",
            "status": self.status,
            "detail": self.detail,
        }
        if not of_jmap:
            document["title"] = self.kind
        if self.limit is not None:
            document["limit"] = self.limit
        return document


class MethodError(Exception):
    """One method call is refused and has changed nothing (section 3.6.2).

    `more` are further properties of the error object. Raised by stores too, e.g. `MethodError("forbidden")`.
    """

    def __init__(self, kind: str, description: str | None = None, **more: JSON) -> None:
        super().__init__(kind if description is None else f"{kind}: {description}")
        self.kind = kind
        self.description = description
        self.more = more

    @classmethod
    def from_json(cls, value: Mapping[str, JSON]) -> MethodError:
        """The error that a server sent. A type that is missing or no string counts as `serverFail`."""
        kind, description, more = _parts(value)
        found = MethodError(kind or "serverFail", description)
        found.more = more
        return found

    def arguments(self) -> dict[str, JSON]:
        """The arguments of the `error` response."""
        return _error_object(self.kind, self.description, self.more)


class CannotCalculateChangesError(MethodError):
    """The server no longer knows what changed since that state (sections 5.2 and 5.6)."""

    def __init__(self, description: str | None = None) -> None:
        super().__init__("cannotCalculateChanges", description)


class SetError(Exception):
    """One object of a /set is not created, updated or destroyed; the others go on (section 5.3).

    `properties` names the offending properties of `invalidProperties`; `more` are further properties of the
    error object, e.g. `SetError("alreadyExists", existingId=...)`.
    """

    def __init__(
        self,
        kind: str,
        description: str | None = None,
        *,
        properties: Sequence[str] | None = None,
        **more: JSON,
    ) -> None:
        super().__init__(kind if description is None else f"{kind}: {description}")
        self.kind = kind
        self.description = description
        self.properties = None if properties is None else tuple(properties)
        self.more = more

    @classmethod
    def from_json(cls, value: Mapping[str, JSON]) -> SetError:
        """The error that a server sent. A type that is missing or no string counts as `serverFail`."""
        kind, description, more = _parts(value)
        names = more.pop("properties", None)
        of_text = isinstance(names, list) and all(isinstance(one, str) for one in names)
        found = SetError(kind or "serverFail", description, properties=names if of_text else None)
        found.more = more
        return found

    def as_json(self) -> dict[str, JSON]:
        """The SetError object as sent."""
        found = _error_object(self.kind, self.description, self.more)
        if self.properties is not None:
            found["properties"] = list(self.properties)
        return found


def _parts(value: Mapping[str, JSON]) -> tuple[str | None, str | None, dict[str, JSON]]:
    kind, description = value.get("type"), value.get("description")
    more = {name: one for name, one in value.items() if name not in ("type", "description")}
    return (
        kind if isinstance(kind, str) else None,
        description if isinstance(description, str) else None,
        more,
    )


def _error_object(kind: str, description: str | None, more: Mapping[str, JSON]) -> dict[str, JSON]:
    found: dict[str, JSON] = {"type": kind, **more}
    if description is not None:
        found["description"] = description
    return found
