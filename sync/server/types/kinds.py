"""The kinds of value that several of our types share."""

import re
from typing import Final

from sync.domain.records import ArrivalKind, Channel, MessageKind, Priority, Rating, Status
from sync.jmap import kinds
from sync.jmap.kinds import Kind

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")

CLIENT_KEY: Final = Kind("client key", lambda value: isinstance(value, str) and _KEY.fullmatch(value) is not None)
STATUS: Final = kinds.one_of(*(one.value for one in Status))
PRIORITY: Final = kinds.one_of(*(one.value for one in Priority))
CHANNEL: Final = kinds.one_of(*(one.value for one in Channel))
MESSAGE_KIND: Final = kinds.one_of(*(one.value for one in MessageKind))
ARRIVAL_KIND: Final = kinds.one_of(*(one.value for one in ArrivalKind))
AWAITING: Final = kinds.nullable(kinds.one_of("team", "requester"))
RATING: Final = kinds.nullable(kinds.one_of(*(one.value for one in Rating)))
OPTIONAL_ID: Final = kinds.nullable(kinds.ID)
OPTIONAL_TEXT: Final = kinds.nullable(kinds.STRING)
OPTIONAL_DATE: Final = kinds.nullable(kinds.UTC_DATE)
TAGS: Final = kinds.map_of(kinds.TRUE)
LINKS: Final = kinds.map_of(kinds.TRUE)
FACTS: Final = kinds.list_of(
    kinds.record({"id": kinds.ID, "at": kinds.UTC_DATE, "kind": kinds.STRING, "text": kinds.STRING})
)
ATTACHMENTS: Final = kinds.list_of(
    kinds.record({"blobId": kinds.ID, "name": kinds.STRING, "type": kinds.STRING}, {"size": kinds.UNSIGNED_INT})
)
