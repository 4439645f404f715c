"""Events in words."""

import json
from typing import Any

import pytest

from desktop.models.event_sentence import Names, event_icon, event_sentence

NAMES = Names("g1", {"g1": "Marta K.", "g2": "Tom B."}, {"c1": "Installation", "c2": "Downloads"})


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"what": "category", "from": "c1", "to": "c2", "by": "g2"}, "Tom B. moved it from Installation to Downloads"),
        (
            {"what": "category", "from": "c9", "to": "c2", "by": "g2"},
            "Tom B. moved it from another category to Downloads",
        ),
        ({"what": "status", "from": "open", "to": "waiting", "by": "g2"}, "Tom B. set it to waiting for requester"),
        ({"what": "status", "from": "open", "to": "closed", "by": "g1"}, "Marta K. closed it"),
        ({"what": "status", "from": "closed", "to": "open", "by": "g1"}, "Marta K. opened it again"),
        ({"what": "assignee", "from": None, "to": "g2", "by": "g2"}, "Tom B. took it"),
        ({"what": "assignee", "from": None, "to": "g1", "by": "g2"}, "Tom B. gave it to Marta K."),
        ({"what": "assignee", "from": "g1", "to": None, "by": "g2"}, "Tom B. took it from Marta K."),
        (
            {"what": "priority", "from": "normal", "to": "high", "by": "g2"},
            "Tom B. changed the priority from normal to high",
        ),
        ({"what": "tags", "from": [], "to": ["mirror"], "by": "g2"}, "Tom B. tagged it mirror"),
        ({"what": "tags", "from": {"a": True}, "to": {}, "by": "g2"}, "Tom B. took away the tag a"),
        ({"what": "status", "from": "new", "to": "open"}, "Deskbell set it to open"),
        ({"what": "autoReply", "from": "a@b.example", "to": "I am\naway"}, "Automatic reply of a@b.example: I am away"),
        ({"what": "deliveryReport", "from": None, "to": "550 x"}, "Delivery report of a mail server: 550 x"),
        ({"what": "erased", "by": "g1"}, "Marta K. erased what stood here, at the requester's wish"),
        ({"what": "something new", "by": "g7"}, "Somebody changed something"),
    ],
)
def test_each_event_is_a_sentence(qapp: object, event: dict[str, Any], sentence: str) -> None:
    assert event_sentence(json.dumps(event), NAMES) == sentence
    assert event_icon(json.dumps(event))


@pytest.mark.parametrize("body", ["plain words", "[1, 2]", "{broken", ""])
def test_a_body_that_is_no_event_is_shown_as_it_stands(qapp: object, body: str) -> None:
    assert event_sentence(body, NAMES) == body
