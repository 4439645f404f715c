"""The port's calls, carried out by our own server."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import orjson

from sync.connectors.central.accounts import ALL_TYPES, TYPES, access_of
from sync.connectors.central.administration import CentralAdministration
from sync.connectors.central.alerting import CentralAlerting
from sync.connectors.central.api import Api
from sync.connectors.central.cursor import decode
from sync.connectors.central.deleting import delete_ticket
from sync.connectors.central.delta import Delta
from sync.connectors.central.faq_keeping import CentralFaqKeeping
from sync.connectors.central.first_copy import FirstCopy
from sync.connectors.central.incident_keeping import CentralIncidentKeeping
from sync.connectors.central.intake_keeping import CentralIntakeKeeping
from sync.connectors.central.sending import Sending
from sync.connectors.central.stream import Stream
from sync.connectors.central.together import TogetherCalls
from sync.connectors.faults import no_deskbell
from sync.connectors.port import Abilities, Access, Account, Hint, Outcome, Page, Poll, Routed, Taken
from sync.connectors.session import Session
from sync.domain.errors import Rejected
from sync.domain.presence import Doing
from sync.domain.protocol import PRESENCE, SESSION_PATH
from sync.domain.similar import Similar
from sync.jmap.client import MalformedError
from sync.jmap.service import Service, read_session

PING_S: Final = 15
MAX_ACTIONS: Final = 50
MAX_REQUEST_BYTES: Final = 1_000_000
MOST_OBJECTS: Final = 500
MOST_CALLS: Final = 16


class CentralConnector:
    """Speaks for one signed-in person. `listen` may run on another thread than the other calls."""

    abilities = Abilities(
        push=True,
        idempotency_keys=True,
        reports_removals=True,
        per_field_base=True,
        blobs=True,
        max_actions=MAX_ACTIONS,
        max_request_bytes=MAX_REQUEST_BYTES,
        presence=True,
        take_next=True,
    )

    def __init__(self, session: Session) -> None:
        self._session = session
        self._api = Api(session)
        self._stream = Stream(session)
        self._service: Service | None = None
        self._access: Access | None = None
        self._counts = 0

    def access(self) -> Access:
        """The Session, verified to be a Deskbell server's of our protocol."""
        try:
            octets = self._session.get(SESSION_PATH)
        except Rejected as error:
            if error.reason == "notFound":
                raise no_deskbell(self._session.host) from error
            raise
        try:
            service = read_session(octets)
        except MalformedError as error:
            raise no_deskbell(self._session.host) from error
        access = access_of(service, self._session.host)
        self._service, self._access, self._api.url = service, access, service.api_url
        return access

    def changes(self, account: Account, cursor: str | None) -> Page:
        """The next page of one account."""
        limits = self._known().limits
        copy = FirstCopy(self._api, limits.get("maxObjectsInGet", MOST_OBJECTS))
        at = decode(cursor, TYPES[account.kind])
        if at is None or at.copying:
            return copy.page(account, at)
        page = self._delta(limits).page(account, at)
        return copy.page(account, None) if page is None else page

    def poll(self, cursors: Sequence[tuple[Account, str | None]], counting: bool = False) -> Poll:
        """Which accounts moved on."""
        self._counts += counting
        return self._delta(self._known().limits).poll(cursors, self._counts if counting else None)

    def send(self, actions: Sequence[Routed]) -> list[Outcome]:
        """One outcome for each. Raises Offline where nothing is known of any."""
        return Sending(self._api, self._known(), self.access).send(actions) if actions else []

    def delete_ticket(self, account_id: str, ticket_id: str) -> None:
        """Delete a ticket for good, as an owner. Raises Rejected, Offline, Denied."""
        delete_ticket(self._api, account_id, ticket_id)

    def fetch_blob(self, account_id: str, blob_id: str, name: str) -> Iterator[bytes]:
        """The bytes of a file."""
        url = self._known_service().download_url(account_id, blob_id, name or "file", "application/octet-stream")
        return self._session.chunks(self._session.open(url))

    def store_blob(self, account_id: str, chunks: Iterator[bytes], size: int, media_type: str) -> str:
        """Upload; the server's blob id."""
        url = self._known_service().upload_url(account_id)
        octets = self._session.upload(url, chunks, size, media_type or "application/octet-stream")
        try:
            return str(orjson.loads(octets)["blobId"])
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise self._api.damaged() from error

    def listen(self) -> Iterator[Hint]:
        """Hints until the stream ends; may be called again."""
        yield from self._stream.listen(self._known_service().events_url(f"{ALL_TYPES},{PRESENCE}", ping=PING_S))

    def tell_presence(self, account_id: str | None, ticket_id: str | None, doing: Doing | None) -> None:
        """What this workstation looks at now."""
        TogetherCalls(self._api).tell_presence(account_id, ticket_id, doing)

    def take_next(self, client_key: str, category_ids: Sequence[str] | None) -> Taken | None:
        """The ticket most in need is this person's now."""
        return TogetherCalls(self._api).take_next(self._known(), client_key, category_ids)

    def similar(self, account_id: str, ticket_id: str) -> list[Similar]:
        """What belongs beside a ticket. Raises Offline, Rejected, Denied."""
        self._known()
        return TogetherCalls(self._api).similar(account_id, ticket_id)

    def alerting(self) -> CentralAlerting:
        """What became of alerts."""
        return CentralAlerting(self._api, self._known())

    def administration(self) -> CentralAdministration:
        """People and categories, for an owner."""
        return CentralAdministration(self._api, self._known())

    def intake(self) -> CentralIntakeKeeping:
        """The intake, for owners; private links for every agent."""
        return CentralIntakeKeeping(self._api, self._known())

    def faq(self) -> CentralFaqKeeping:
        """The FAQ, for every agent."""
        return CentralFaqKeeping(self._api, self._known())

    def incidents(self) -> CentralIncidentKeeping:
        """Incidents, for every agent."""
        return CentralIncidentKeeping(self._api, self._known())

    def hang_up(self) -> None:
        """End a running `listen`."""
        self._stream.hang_up()

    def forget_connections(self) -> None:
        """Begin with new connections, after a sleep."""
        self._session.forget_connections()

    def _known(self) -> Access:
        return self._access if self._access is not None else self.access()

    def _known_service(self) -> Service:
        self._known()
        if self._service is None:
            raise RuntimeError("access gave no Session")
        return self._service

    def _delta(self, limits: Mapping[str, int]) -> Delta:
        return Delta(
            self._api, limits.get("maxObjectsInGet", MOST_OBJECTS), limits.get("maxCallsInRequest", MOST_CALLS)
        )
