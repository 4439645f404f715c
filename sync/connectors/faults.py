"""What went wrong on the way to the server, as errors with a sentence for a person."""

import email.utils
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson
import requests
import urllib3

from sync.domain.clock import Clock
from sync.domain.errors import Denied, DeskbellError, Incompatible, Offline, Rejected

TELL = "tell your administrator."
HTML = ("text/html", "application/xhtml+xml")


_ENDED: Final = {
    "revoked": "This computer was signed out. Sign in again; nothing is lost.",
    "passwordChanged": "Your password was changed. Sign in with the new one; nothing is lost.",
    "deactivated": "Your account was closed. Ask your administrator; what you wrote is kept here.",
    "expired": "This sign-in was not used for a long time. Sign in again; nothing is lost.",
}
_DETAIL_MAX: Final = 300
_NOT_ACCEPTED: Final = "The server does not accept this sign-in any more. Sign in again; nothing is lost."


@dataclass(frozen=True, slots=True)
class Problem:
    """What the server said of a refusal: a word and a sentence, each empty where there is none."""

    kind: str = ""
    detail: str = ""


def problem_of(octets: bytes) -> Problem | None:
    """The body of a refusal (RFC 7807, or `{type, detail}`); None where it is something else."""
    try:
        said = orjson.loads(octets)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict):
        return None
    kind, detail = said.get("title") or said.get("type"), said.get("detail")
    return Problem(kind if isinstance(kind, str) else "", detail if isinstance(detail, str) else "")


def unreachable(host: str, error: Exception) -> Offline:
    """The error of requests or urllib3 that kept an answer from coming."""
    if isinstance(error, requests.exceptions.SSLError | urllib3.exceptions.SSLError):
        return _unproven(host, error)
    if isinstance(error, requests.exceptions.ProxyError):
        return Offline("The proxy of this network did not let the connection through. Ask your administrator.")
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError):
        return Offline(f"{host} did not answer in time. Deskbell tries again by itself.")
    if isinstance(error, requests.exceptions.ContentDecodingError | urllib3.exceptions.DecodeError):
        return damaged(host)
    return Offline(f"{host} cannot be reached. Check the network; Deskbell tries again by itself.")


def _unproven(host: str, error: Exception) -> Offline:
    """Why that end of the connection could not prove to be the server (codes: OpenSSL's X509_V_ERR_...)."""
    found = _verification(error)
    if found is None:
        return Offline(f"{host} does not speak https as it should. Check the address; if it is right, {TELL}")
    match found.verify_code:
        case 9:
            why = f"is not valid yet, so nothing was sent to it. Set this computer's date right; if it is right, {TELL}"
        case 10:
            why = f"has expired, so nothing was sent to it. Check this computer's date; if it is right, {TELL}"
        case 62 | 64:
            why = f"is made out to another name, so nothing was sent to it. Check the address; if it is right, {TELL}"
        case _:
            why = (
                "is not one that this computer trusts, so nothing was sent to it. "
                "Your administrator can give you the certificates to trust, for Deskbell's option --ca-file."
            )
    return Offline(f"The certificate of {host} {why}")


def _verification(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The check of the certificate that an error of requests or urllib3 goes back to."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error


def foreign_page(host: str) -> Offline:
    """Something in between answered with a page: a sign-in page of the network, mostly."""
    return Offline(
        f"A web page answered instead of the Deskbell server at {host}. "
        "Check the address, or open a browser: this network may want you to sign in first."
    )


def damaged(host: str) -> Offline:
    """An answer that cannot be read: nothing is known about what the server did."""
    return Offline(f"The answer of {host} arrived damaged. Deskbell tries again by itself.")


def no_deskbell(host: str) -> Incompatible:
    """Something answers there, in its own words."""
    return Incompatible(f"What answers at {host} is no Deskbell server. Check the address.")


def of_status(
    host: str,
    status: int,
    headers: Mapping[str, str],
    media_type: str,
    clock: Clock,
    problem: Problem | None = None,
) -> DeskbellError:
    """The error that an HTTP status other than 2xx stands for; `problem` is what the answer's body says of it."""
    wait = retry_after(headers, clock)
    if status == 401:
        reason = problem.kind if problem is not None and problem.kind in _ENDED else ""
        return Denied(_ENDED.get(reason, _NOT_ACCEPTED), reason)
    if status == 422 and problem is not None and problem.detail:
        return Rejected(problem.detail[:_DETAIL_MAX], problem.kind or "rejected")
    if status == 403 and media_type not in HTML:
        return Denied("The server refuses this sign-in. Ask your administrator; nothing is lost.")
    if status == 413:
        return Rejected("This is larger than the server takes. Make it smaller.", "tooLarge")
    if status == 429:
        return Offline("The server asks to wait a little. Deskbell tries again by itself.", wait)
    if status >= 500:
        return Offline(f"The server at {host} is in trouble ({status}). Deskbell tries again by itself.", wait)
    if status in (407, 511):
        return Offline("This network wants you to sign in first. Open a browser to do so.")
    if 300 <= status < 400 or media_type in HTML:
        return foreign_page(host)
    if status == 404:
        return Rejected("The server does not have this any more.", "notFound")
    return Rejected(f"The server at {host} did not understand Deskbell ({status}). Tell your administrator.", "request")


def retry_after(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Seconds of a Retry-After header (RFC 9110 10.2.3), at most an hour; None where there is none that can be read."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isdigit():
        return float(min(int(value), 3600))
    try:
        at = email.utils.parsedate_to_datetime(value).timestamp()
    except ValueError:
        return None
    return min(max(at - clock.now_ms() / 1000.0, 0.0), 3600.0)
