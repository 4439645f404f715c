"""The limits that a server announces and enforces (RFC 8620 section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sync.jmap.errors import JSON

CORE = "urn:ietf:params:jmap:core"


@dataclass(frozen=True)
class Limits:
    """Sizes in octets, the others in pieces. The concurrency limits are per principal.

    `ping_min` and `ping_max` are the event stream's bounds in seconds (section 7.3); how many streams one principal
    may hold open (`max_concurrent_streams`) is not announced.
    """

    max_size_upload: int = 50_000_000
    max_concurrent_upload: int = 4
    max_size_request: int = 10_000_000
    max_concurrent_requests: int = 8
    max_calls_in_request: int = 128
    max_objects_in_get: int = 1000
    max_objects_in_set: int = 500
    max_changes: int = 1000
    max_concurrent_streams: int = 32
    ping_min: int = 5
    ping_max: int = 300
    collation_algorithms: Sequence[str] = ("i;ascii-casemap", "i;unicode-casemap")

    def __post_init__(self) -> None:
        if self.ping_min > 30 or self.ping_max < 300:
            raise ValueError("RFC 8620 7.3: the minimum ping may be 30 s at most, the maximum 300 s at least.")

    def as_json(self) -> dict[str, JSON]:
        """The value of the core capability in the Session."""
        return {
            "maxSizeUpload": self.max_size_upload,
            "maxConcurrentUpload": self.max_concurrent_upload,
            "maxSizeRequest": self.max_size_request,
            "maxConcurrentRequests": self.max_concurrent_requests,
            "maxCallsInRequest": self.max_calls_in_request,
            "maxObjectsInGet": self.max_objects_in_get,
            "maxObjectsInSet": self.max_objects_in_set,
            "collationAlgorithms": list(self.collation_algorithms),
        }
