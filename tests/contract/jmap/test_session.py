"""RFC 8620 section 2: the Session resource."""

from tests.contract.jmap.rig import CORE, Rig, TypeCase
from tests.contract.jmap.toy import TOYS, ToyHost

LIMITS = {
    "maxSizeUpload",
    "maxConcurrentUpload",
    "maxSizeRequest",
    "maxConcurrentRequests",
    "maxCallsInRequest",
    "maxObjectsInGet",
    "maxObjectsInSet",
}


def test_the_core_capability_is_there_with_all_limits(rig: Rig) -> None:
    """2 "The capabilities object MUST include a property called urn:ietf:params:jmap:core ... MUST contain"."""
    core = rig.document()["capabilities"][CORE]
    assert core.keys() >= {*LIMITS, "collationAlgorithms"}
    assert all(isinstance(core[name], int) and core[name] > 0 for name in LIMITS)
    assert all(isinstance(one, str) for one in core["collationAlgorithms"])


def test_vendor_capabilities_are_urls(rig: Rig) -> None:
    """2 "an identifier for a vendor-specific extension MUST be a URL with a domain owned by the vendor"."""
    for uri in rig.document()["capabilities"]:
        assert uri.startswith(("https://", "urn:ietf:params:jmap:"))


def test_accounts_are_complete(rig: Rig) -> None:
    """2 An Account object has name, isPersonal, isReadOnly and accountCapabilities."""
    document = rig.document()
    assert rig.accounts["invisible"] not in document["accounts"]
    for account in document["accounts"].values():
        assert isinstance(account["name"], str)
        assert isinstance(account["isPersonal"], bool)
        assert isinstance(account["isReadOnly"], bool)
        assert account["accountCapabilities"].keys() <= document["capabilities"].keys()


def test_an_account_lists_the_capability_of_what_it_holds(rig: Rig, case: TypeCase) -> None:
    """2 "the server MUST include it in the accountCapabilities object if the user may use those methods"."""
    account = rig.document()["accounts"][case.account_id(rig)]
    assert set(account["accountCapabilities"]) & (set(rig.using) - {CORE})


def test_primary_accounts_are_among_the_accounts(rig: Rig) -> None:
    """2 "urn:ietf:params:jmap:core SHOULD NOT be present." in primaryAccounts."""
    document = rig.document()
    assert CORE not in document["primaryAccounts"]
    assert set(document["primaryAccounts"].values()) <= document["accounts"].keys()


def test_the_templates_hold_their_variables(rig: Rig) -> None:
    """2 "The URL MUST contain variables called ..."."""
    document = rig.document()
    assert document["apiUrl"].startswith(rig.base)
    for name in ("accountId", "blobId", "type", "name"):
        assert "{" + name + "}" in document["downloadUrl"]
    assert "{accountId}" in document["uploadUrl"]
    for name in ("types", "closeafter", "ping"):
        assert "{" + name + "}" in document["eventSourceUrl"]


def test_the_username_is_told(rig: Rig) -> None:
    """2 "The username associated with the given credentials"."""
    assert rig.document()["username"]


def test_the_state_is_that_of_every_response(rig: Rig) -> None:
    """3.4 sessionState: "The current value of the state string on the Session object"."""
    state = rig.document()["state"]
    assert rig.document()["state"] == state
    assert rig.calls(["Core/echo", {}, "c"])["sessionState"] == state


def test_the_session_is_not_cached(rig: Rig) -> None:
    """2 "Cache-Control: no-cache, no-store, must-revalidate"."""
    answer = rig.session.get(f"{rig.base}/.well-known/jmap")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-cache, no-store, must-revalidate"


def test_every_address_asks_for_sign_in(rig: Rig) -> None:
    """1.7 "All HTTP requests MUST be authenticated."."""
    account = rig.accounts["main"]
    answers = [
        rig.stranger.get(f"{rig.base}/.well-known/jmap"),
        rig.stranger.post(f"{rig.base}/jmap/api", json={"using": [], "methodCalls": []}),
        rig.stranger.post(f"{rig.base}/jmap/upload/{account}/", data=b"x"),
        rig.stranger.get(f"{rig.base}/jmap/download/{account}/B1/name?accept=text/plain"),
        rig.stranger.get(f"{rig.base}/jmap/events?types=*&closeafter=no&ping=0"),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_state_follows_every_property_but_the_clock(toy_rig: Rig, toys: ToyHost) -> None:
    """2 "If the value of any other property on the Session object changes, this string will change."."""
    before = toy_rig.document()
    again = toy_rig.document()
    assert before["capabilities"][TOYS]["now"] != again["capabilities"][TOYS]["now"]
    assert before["state"] == again["state"]
    del toys.accounts["ann"]["A3"]
    assert toy_rig.document()["state"] != before["state"]
    assert toy_rig.calls(["Core/echo", {}, "c"])["sessionState"] == toy_rig.document()["state"]


def test_a_revoked_account_is_closed_at_the_next_call(toy_rig: Rig, toys: ToyHost) -> None:
    """Access is asked once per method call: no call of the same request slips through."""
    arguments = {"accountId": "A1", "ids": None}
    asked = 0
    accounts = toys.accounts["ann"]

    class Revoking(dict[str, dict[str, object]]):
        def __getitem__(self, name: str) -> dict[str, object]:
            nonlocal asked
            asked += 1
            return {**accounts} if asked == 1 else {"A2": accounts["A2"]}

    toys.accounts = Revoking()  # type: ignore[assignment]  # revokes between the first look-up and the second
    found = toy_rig.calls(["Todo/get", arguments, "0"], ["Todo/get", arguments, "1"])["methodResponses"]
    assert [one[0] for one in found] == ["Todo/get", "error"]
    assert found[1][1] == {"type": "accountNotFound"}


def test_a_slowed_sign_in_says_when_to_come_again(toy_rig: Rig) -> None:
    """3.6.1: rate limiting is told with an HTTP status and a problem document."""
    answer = toy_rig.stranger.get(f"{toy_rig.base}/.well-known/jmap", headers={"Authorization": "Bearer slow"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert answer.json()["detail"] == "Too many attempts; wait a minute."
