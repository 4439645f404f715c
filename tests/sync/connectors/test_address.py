"""Addresses as people type them."""

import pytest

from sync.connectors.address import normal_address
from sync.domain.errors import Rejected


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("helpdesk.example.com", "https://helpdesk.example.com"),
        (" https://helpdesk.example.com/ ", "https://helpdesk.example.com"),
        ("helpdesk.example.com:8443", "https://helpdesk.example.com:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_what_can_be_used(typed: str, address: str) -> None:
    assert normal_address(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "http://helpdesk.example.com", "ftp://x", "https://", "https://a:b@c", "two words", "https://x:99999"]
)
def test_what_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Rejected) as caught:
        normal_address(typed)
    assert caught.value.reason == "address"
    assert str(caught.value).endswith(".")
