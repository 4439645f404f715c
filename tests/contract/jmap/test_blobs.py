"""RFC 8620 section 6: binary data."""

import threading
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests

from tests.contract.jmap.rig import CORE, JSON, Rig
from tests.contract.jmap.toy import ToyHost


def upload(rig: Rig, octets: bytes, content_type: str = "text/plain", account: str = "main") -> requests.Response:
    """An upload, by the Session's template."""
    address = rig.document()["uploadUrl"].replace("{accountId}", rig.accounts[account])
    return rig.session.post(address, data=octets, headers={"Content-Type": content_type})


def download(
    rig: Rig, blob_id: str, name: str = "a.txt", media_type: str = "text/plain", account: str = "main"
) -> requests.Response:
    """A download, by the Session's template."""
    address: str = rig.document()["downloadUrl"]
    values = {"accountId": rig.accounts[account], "blobId": blob_id, "name": name, "type": media_type}
    for key, value in values.items():
        address = address.replace("{" + key + "}", quote(value, safe=""))
    return rig.session.get(address)


def test_an_upload_tells_what_was_stored(rig: Rig) -> None:
    """6.1 "A successful request MUST return a single JSON object with the following properties"."""
    answer = upload(rig, b"some words", "text/plain; charset=utf-8")
    assert answer.status_code in (200, 201)
    found = answer.json()
    assert found.keys() == {"accountId", "blobId", "type", "size"}
    assert found["accountId"] == rig.accounts["main"]
    assert found["type"] == "text/plain"
    assert found["size"] == 10


@pytest.mark.parametrize("octets", [b"", b"x", bytes(range(256)) * 40])
def test_what_was_uploaded_is_downloaded(rig: Rig, octets: bytes) -> None:
    """6.2: the same octets, with the type that was asked for."""
    blob_id = upload(rig, octets).json()["blobId"]
    answer = download(rig, blob_id, media_type="image/png")
    assert answer.status_code == 200
    assert answer.content == octets
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == str(len(octets))


def test_a_blob_may_be_kept_by_the_client(rig: Rig) -> None:
    """6.2 "Cache-Control: private, immutable, max-age=31536000"."""
    blob_id = upload(rig, b"x").json()["blobId"]
    assert download(rig, blob_id).headers["cache-control"] == "private, immutable, max-age=31536000"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf"),
        ("K\u00fcche 5%.txt", "attachment; filename=\"K_che 5_.txt\"; filename*=UTF-8''K%C3%BCche%205%25.txt"),
        ("../../etc/passwd", "attachment; filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd"),
        ('a"; b=c.txt', "attachment; filename=\"a_; b=c.txt\"; filename*=UTF-8''a%22%3B%20b%3Dc.txt"),
        ("gpj.\u202eexe", "attachment; filename=\"gpj.exe\"; filename*=UTF-8''gpj.exe"),
    ],
)
def test_the_name_is_returned_and_harmless(rig: Rig, name: str, header: str) -> None:
    """6.2 "the server MUST return this as the filename if it sets a Content-Disposition header"."""
    blob_id = upload(rig, b"x").json()["blobId"]
    answer = download(rig, blob_id, name)
    assert answer.headers["content-disposition"] == header
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("claimed", ["text/html", "image/svg+xml", "nonsense", "text/html\r\nX-Evil: 1", "", "a/b/c"])
def test_no_browser_runs_a_download(rig: Rig, claimed: str) -> None:
    """What a stranger sent is never shown as a page of ours."""
    blob_id = upload(rig, b"<script>alert(1)</script>", "text/html").json()["blobId"]
    answer = download(rig, blob_id, "x.html", claimed)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "x-evil" not in answer.headers


def test_missing_and_invisible_blobs_look_alike(rig: Rig) -> None:
    """6.2: 404 for a blob that is not there, for an account that is closed, for one that does not exist."""
    blob_id = upload(rig, b"x").json()["blobId"]
    answers = [
        download(rig, "missing"),
        download(rig, "no id!"),
        download(rig, blob_id, account="invisible"),
        download(rig, "missing", account="invisible"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].headers["content-type"] == "application/problem+json"


def test_an_upload_into_a_closed_account_is_refused(rig: Rig) -> None:
    """6.1: an account that is closed to the user is not there."""
    assert upload(rig, b"x", account="invisible").status_code == 404


def test_an_upload_into_a_read_only_account_is_refused(rig: Rig) -> None:
    """2 isReadOnly: "true if the entire account is read-only"."""
    if "readOnly" in rig.accounts:
        assert upload(rig, b"x", account="readOnly").status_code == 403


def test_an_upload_too_large_is_refused(rig: Rig) -> None:
    """2 maxSizeUpload, with and without an announced length."""
    most = rig.limit("maxSizeUpload")
    assert upload(rig, b"x" * most).status_code in (200, 201)
    address = rig.document()["uploadUrl"].replace("{accountId}", rig.accounts["main"])

    def pieces() -> Iterator[bytes]:
        yield b"x" * most
        yield b"x"

    for answer in (upload(rig, b"x" * (most + 1)), rig.session.post(address, data=pieces())):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["limit"] == "maxSizeUpload"


def copy(rig: Rig, **arguments: JSON) -> dict[str, JSON]:
    """What Blob/copy answers."""
    accounts = {"fromAccountId": rig.accounts["main"], "accountId": rig.accounts["other"]}
    return rig.call("Blob/copy", {**accounts, **arguments}, using=[CORE])


def test_blobs_are_copied_between_accounts(rig: Rig) -> None:
    """6.3 Blob/copy: "copied: A map of the blobId in the fromAccount to the id for the blob in the account"."""
    blob_id = upload(rig, b"words").json()["blobId"]
    found = copy(rig, blobIds=[blob_id, "missing"])
    assert found["copied"].keys() == {blob_id}
    assert found["notCopied"] == {"missing": {"type": "notFound"}}
    assert (found["fromAccountId"], found["accountId"]) == (rig.accounts["main"], rig.accounts["other"])
    assert download(rig, found["copied"][blob_id], account="other").content == b"words"


def test_nothing_copied_is_null(rig: Rig) -> None:
    """6.3 "or null if none were successfully copied"."""
    found = copy(rig, blobIds=[])
    assert found["copied"] is None
    assert found["notCopied"] is None


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"fromAccountId": "nowhere"}, "fromAccountNotFound"),
        ({"accountId": "nowhere"}, "accountNotFound"),
        ({"blobIds": None}, "invalidArguments"),
        ({"blobIds": ["no id!"]}, "invalidArguments"),
        ({"more": 1}, "invalidArguments"),
    ],
    ids=str,
)
def test_wrong_copies_are_refused(rig: Rig, arguments: dict[str, JSON], error: str) -> None:
    """6.3 "fromAccountNotFound"; 3.6.2."""
    accounts = {"fromAccountId": rig.accounts["main"], "accountId": rig.accounts["other"]}
    whole = {**accounts, "blobIds": ["x"], **arguments}
    assert rig.error("Blob/copy", whole, using=[CORE]) == error


def test_a_copy_into_a_read_only_account_is_refused(rig: Rig) -> None:
    """3.6.2 "accountReadOnly"."""
    if "readOnly" in rig.accounts:
        accounts = {"fromAccountId": rig.accounts["main"], "accountId": rig.accounts["readOnly"]}
        assert rig.error("Blob/copy", {**accounts, "blobIds": ["x"]}, using=[CORE]) == "accountReadOnly"


def test_the_store_may_refuse_with_a_reason(toy_rig: Rig) -> None:
    """6.1 "When an HTTP error response is returned ... SHOULD return a JSON problem details object"."""
    answer = upload(toy_rig, b"full")
    assert answer.status_code == 507
    assert answer.json()["detail"] == "The server's disk is full; try again later."


def test_too_many_uploads_at_once_are_refused(toy_rig: Rig, toys: ToyHost) -> None:
    """2 maxConcurrentUpload, counted per user."""
    entered, go_on = threading.Semaphore(0), threading.Event()
    read = toys.memory.read
    address = toy_rig.document()["uploadUrl"].replace("{accountId}", "A1")

    def held(work: object) -> object:
        entered.release()
        assert go_on.wait(10)
        return read(work)  # type: ignore[arg-type]  # handed through as it came

    toys.memory.read = held  # type: ignore[assignment,method-assign]  # a slow database
    most = toys.host.limits.max_concurrent_upload
    threads = [threading.Thread(target=lambda: toy_rig.session.post(address, data=b"x")) for _ in range(most)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert entered.acquire(timeout=30)
    answer = toy_rig.session.post(address, data=b"x")
    assert answer.status_code == 429
    assert answer.json()["limit"] == "maxConcurrentUpload"
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert toy_rig.session.post(address, data=b"x").status_code == 201
