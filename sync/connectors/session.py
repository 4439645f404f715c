"""HTTP as the connectors use it: time limits, who is asking, and no belief in answers that are not the server's."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.auth import AuthBase

from sync.connectors.address import is_loopback
from sync.connectors.faults import foreign_page, of_status, problem_of, unreachable
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError, Offline, Rejected

CONNECT_S: Final = 10.0
READ_S: Final = 30.0
ANSWER_MAX_BYTES: Final = 100_000_000
CHUNK: Final = 65_536
_EXPLAINED: Final = (401, 422)
_PROBLEM_MAX_BYTES: Final = 16_384
USER_AGENT: Final = "Deskbell/0.1"


class Bearer(AuthBase):
    """The token of a signed-in person. As `auth`, so that a .netrc file does not take its place."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class PatientAdapter(HTTPAdapter):
    """Connections that notice within a minute when the other end has gone."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, socket_options=socket_options(), **kwargs)


def socket_options() -> list[tuple[int, int, int]]:
    """Keep-alive as far as this system has it: first probe after 30 s, gone after about 60 s."""
    options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    wanted = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60_000}
    for name, value in wanted.items():
        number = getattr(socket, name, None)
        if number is not None:
            options.append((socket.IPPROTO_TCP, number, value))
    return options


class Session:
    """Requests to one server. Every failure is Offline, Denied, Rejected or Incompatible with a sentence.

    `address` is one of `normal_address`; nothing is ever sent to another host. `transport` replaces the network
    in tests, and its surroundings (proxies, .netrc). `ca_file` is a file of certificates to trust instead of the
    usual ones, whatever the surroundings name.
    """

    def __init__(
        self,
        address: str,
        token: str | None,
        clock: Clock,
        request_ids: Callable[[], str],
        ca_file: str | None = None,
        transport: BaseAdapter | None = None,
    ) -> None:
        self.address = address
        self.host = urlsplit(address).netloc
        self._clock = clock
        self._request_ids = request_ids
        self._session = requests.Session()
        self._session.auth = Bearer(token)
        self._session.headers["User-Agent"] = USER_AGENT
        self._ca_file = ca_file
        self._trusts = False
        parts = urlsplit(address)
        self._is_safe = parts.scheme == "https" or is_loopback(parts.hostname or "")
        self._session.trust_env = transport is None
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, transport if transport is not None else PatientAdapter(max_retries=0))

    def get(self, url: str) -> bytes:
        """The JSON at that address of the server."""
        return self._json(self._send("GET", url, READ_S))

    def post(self, url: str, body: bytes, read_s: float = READ_S) -> bytes:
        """The JSON that answers this JSON."""
        return self._json(self._send("POST", url, read_s, body, {"Content-Type": "application/json"}))

    def post_nothing(self, url: str, body: bytes, read_s: float = READ_S) -> None:
        """POST of JSON for its effect."""
        self._send("POST", url, read_s, body, {"Content-Type": "application/json"}).close()

    def upload(self, url: str, chunks: Iterator[bytes], size: int, media_type: str) -> bytes:
        """The JSON that answers an upload of exactly `size` bytes."""
        return self._json(self._send("POST", url, READ_S, _Sized(chunks, size), {"Content-Type": media_type}))

    def delete(self, url: str) -> None:
        """DELETE, for its effect."""
        self._send("DELETE", url, READ_S).close()

    def open(self, url: str, read_s: float = READ_S, headers: Mapping[str, str] | None = None) -> requests.Response:
        """A 200 answer whose body is still to be read."""
        return self._send("GET", url, read_s, None, headers)

    def chunks(self, response: requests.Response, limit: int = ANSWER_MAX_BYTES) -> Iterator[bytes]:
        """The body piece by piece; more than `limit` bytes, or a body cut short, is Offline."""
        got = 0
        try:
            for chunk in response.iter_content(CHUNK):
                got += len(chunk)
                if got > limit:
                    raise Offline(f"The answer of {self.host} has no end. Deskbell tries again by itself.")
                yield chunk
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(self.host, error) from error
        finally:
            response.close()

    def forget_connections(self) -> None:
        """Close the pooled connections, which are stale after a sleep."""
        for adapter in self._session.adapters.values():
            adapter.close()

    def full_url(self, url: str) -> str:
        """Path and query of `url` on this server's own address: the token goes to no other host."""
        parts = urlsplit(url)
        return self.address + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def _send(
        self, method: str, url: str, read_s: float, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        self._check()
        try:
            response = self._session.request(
                method,
                self.full_url(url),
                data=body,
                headers={"X-Request-Id": self._request_ids(), **(headers or {})},
                timeout=(CONNECT_S, read_s),
                allow_redirects=False,
                verify=self._ca_file,
                stream=True,
            )
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(self.host, error) from error
        if not 200 <= response.status_code < 300:
            try:
                raise self._refusal(response)
            finally:
                response.close()
        return response

    def _refusal(self, response: requests.Response) -> DeskbellError:
        status, kind, problem = response.status_code, media_type_of(response), None
        if status in _EXPLAINED and kind in ("application/json", "application/problem+json"):
            with suppress(Offline):
                problem = problem_of(b"".join(self.chunks(response, _PROBLEM_MAX_BYTES)))
        return of_status(self.host, status, response.headers, kind, self._clock, problem)

    def _check(self) -> None:
        """Raises Rejected where nothing may be sent: without https, or on the strength of an unusable file."""
        if not self._is_safe:
            raise Rejected(f"{self.host} can only be reached with https. Sign in again with that address.", "address")
        if self._ca_file is None or self._trusts:
            return
        try:
            ssl.create_default_context(cafile=self._ca_file)
        except OSError as error:
            raise Rejected(
                f"The file {self._ca_file} holds no certificates that can be read. Give another one with --ca-file.",
                "caFile",
            ) from error
        self._trusts = True

    def _json(self, response: requests.Response) -> bytes:
        if media_type_of(response) != "application/json":
            response.close()
            raise foreign_page(self.host)
        return b"".join(self.chunks(response))


def media_type_of(response: requests.Response) -> str:
    """The media type of an answer without its parameters, in small letters."""
    return str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


class _Sized:
    """An iterator of bytes with a known length, so that it is sent with Content-Length and never held whole."""

    def __init__(self, chunks: Iterator[bytes], size: int) -> None:
        self._chunks = chunks
        self._size = size
        self._rest = b""

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def read(self, amount: int = -1) -> bytes:
        """Some bytes; none at the end."""
        parts = [self._rest]
        have = len(self._rest)
        while amount < 0 or have < amount:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            parts.append(chunk)
            have += len(chunk)
        whole = b"".join(parts)
        cut = len(whole) if amount < 0 else amount
        self._rest = whole[cut:]
        return whole[:cut]
