"""What comes back from a network is believed only when it is the server's."""

from typing import Any

import pytest

from sync.connectors.session import Session
from sync.domain.clock import SystemClock
from sync.domain.errors import Denied, DeskbellError, Offline, Rejected

HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
PROBLEM = {"Content-Type": "application/problem+json"}


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"status": 200, "body": b"<html>Welcome to the hotel", "headers": HTML}, Offline, "web page"),
        ({"status": 200, "body": b"", "headers": {}}, Offline, "web page"),
        ({"status": 302, "body": b"", "headers": {"Location": "https://portal.example/"}}, Offline, "web page"),
        ({"status": 401, "body": b"{}", "headers": JSON}, Denied, "Sign in again"),
        ({"status": 403, "body": b"<html>blocked", "headers": HTML}, Offline, "web page"),
        ({"status": 403, "body": b"{}", "headers": JSON}, Denied, "nothing is lost"),
        ({"status": 404, "body": b"{}", "headers": JSON}, Rejected, "any more"),
        ({"status": 404, "body": b"<html>", "headers": HTML}, Offline, "web page"),
        ({"status": 407, "body": b"", "headers": HTML}, Offline, "network"),
        ({"status": 413, "body": b"{}", "headers": PROBLEM}, Rejected, "larger"),
        ({"status": 429, "body": b"{}", "headers": PROBLEM}, Offline, "wait"),
        ({"status": 500, "body": b"{}", "headers": JSON}, Offline, "trouble"),
        ({"status": 502, "body": b"<html>Bad gateway", "headers": HTML}, Offline, "trouble"),
        ({"status": 200, "body": b"{" + b" " * 9000, "headers": JSON, "cut": 100}, Offline, "tries again"),
        ({"status": 200, "body": b"no gzip", "headers": {**JSON, "Content-Encoding": "gzip"}}, Offline, "damaged"),
    ],
    ids=lambda value: str(value.get("status")) if isinstance(value, dict) else None,
)
def test_every_wrong_answer_has_its_error_and_a_sentence(
    stub: Any, answer: dict[str, Any], error: type[DeskbellError], words: str
) -> None:
    stub.answer = type(stub.answer)(**answer)
    with pytest.raises(DeskbellError) as caught:
        stub.session().get("/.well-known/jmap")
    assert type(caught.value) is error
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("status", [429, 503])
def test_the_server_says_how_long_to_wait(stub: Any, status: int) -> None:
    stub.answer.status = status
    stub.answer.headers["Retry-After"] = "17"
    with pytest.raises(Offline) as caught:
        stub.session().post("/jmap/api", b"{}")
    assert caught.value.retry_after == 17.0


def test_a_date_to_wait_for_is_understood_and_nonsense_is_not(stub: Any) -> None:
    stub.answer.status = 503
    stub.answer.headers["Retry-After"] = "Fri, 31 Dec 2100 23:59:59 GMT"
    with pytest.raises(Offline) as caught:
        stub.session().get("/")
    assert caught.value.retry_after == 3600.0
    stub.answer.headers["Retry-After"] = "soon"
    with pytest.raises(Offline) as caught:
        stub.session().get("/")
    assert caught.value.retry_after is None


def test_nobody_there(free_address: str) -> None:
    with pytest.raises(Offline, match="cannot be reached"):
        Session(free_address, None, SystemClock(), lambda: "r").get("/")


def test_the_token_is_sent_and_a_netrc_file_does_not_replace_it(
    stub: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password wrong\n")
    monkeypatch.setenv("NETRC", str(netrc))
    stub.session().get("/")
    headers = stub.asked[0][2]
    assert headers["Authorization"] == "Bearer secret"
    assert headers["X-Request-Id"] == "request-1"


def test_the_token_goes_to_no_other_host(stub: Any) -> None:
    stub.session().get("https://elsewhere.example/jmap/api?x=1")
    assert stub.asked[0][1] == "/jmap/api?x=1"


def test_a_post_is_sent_once_only(stub: Any) -> None:
    stub.answer.status = 503
    with pytest.raises(Offline):
        stub.session().post("/jmap/api", b"{}")
    assert len(stub.asked) == 1


def test_an_upload_is_streamed_with_its_length(stub: Any) -> None:
    stub.session().upload("/up", iter([b"abc", b"", b"de"]), 5, "text/plain")
    method, path, headers, body = stub.asked[0]
    assert (method, path, body) == ("POST", "/up", b"abcde")
    assert headers["Content-Length"] == "5"
    assert headers["Content-Type"] == "text/plain"


def test_an_endless_answer_is_cut(stub: Any) -> None:
    stub.answer.body = b"x" * 10_000
    session = stub.session()
    with pytest.raises(Offline, match="no end"):
        b"".join(session.chunks(session.open("/blob"), limit=5_000))


@pytest.mark.parametrize("word", ["revoked", "passwordChanged", "deactivated", "expired"])
def test_a_sign_in_that_ended_is_told_with_its_reason(stub: Any, word: str) -> None:
    stub.answer = type(stub.answer)(401, b'{"title": "%s", "detail": "x"}' % word.encode(), PROBLEM)
    with pytest.raises(Denied) as caught:
        stub.session().get("/.well-known/jmap")
    assert caught.value.reason == word
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("body", [b'{"title": "ownWords"}', b"[]", b"{", b'{"title": 7}', b"x" * 20_000])
def test_a_401_of_whatever_else_has_no_reason(stub: Any, body: bytes) -> None:
    stub.answer = type(stub.answer)(401, body, PROBLEM)
    with pytest.raises(Denied) as caught:
        stub.session().get("/.well-known/jmap")
    assert caught.value.reason == ""


def test_a_refusal_with_a_sentence_is_passed_on(stub: Any) -> None:
    stub.answer = type(stub.answer)(422, b'{"type": "wrongPassword", "detail": "Not right."}', JSON)
    with pytest.raises(Rejected, match=r"Not right\.") as caught:
        stub.session().post("/auth/password", b"{}")
    assert caught.value.reason == "wrongPassword"
