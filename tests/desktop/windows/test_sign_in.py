"""Signing in: what works, and a sentence for whatever does not."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from pytestqt.qtbot import QtBot
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.exceptions import ConnectionError as Unreachable
from urllib3 import HTTPResponse

from desktop.lanes import InlineLane
from desktop.signing_in import SignedIn
from desktop.windows.sign_in import SignInWindow
from sync.connectors.session import Session
from tests.rigs.world import World

Answering = Callable[[PreparedRequest], Response]


class Scripted(BaseAdapter):
    """A network whose other end is a function."""

    def __init__(self, answer: Answering) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: PreparedRequest, *_args: object, **_kwargs: object) -> Response:
        return self._answer(request)

    def close(self) -> None:
        """Nothing is open."""


def response(request: PreparedRequest, status: int, body: bytes, media_type: str) -> Response:
    answer = Response()
    answer.status_code, answer.request = status, request
    answer.raw = HTTPResponse(BytesIO(body), preload_content=False)
    answer.headers["Content-Type"] = media_type
    answer.url = request.url or ""
    return answer


def refuse(request: PreparedRequest) -> Response:
    return response(request, 401, json.dumps({"type": "denied"}).encode(), "application/json")


def web_page(request: PreparedRequest) -> Response:
    return response(request, 200, b"<html>Welcome</html>", "text/html")


def nobody(request: PreparedRequest) -> Response:
    raise Unreachable(request=request)


@pytest.fixture
def window(world: World, qtbot: QtBot) -> SignInWindow:
    """Filled in; `window.answer` is what the network says."""

    def make_session(address: str, token: str | None) -> Session:
        transport = Scripted(answers[-1])
        return Session(address, token, world.clock, world.ids.client_key, None, transport)

    answers: list[Answering] = [refuse]
    window = SignInWindow(world.desk.appearance, world.desk.settings, InlineLane(), make_session)
    qtbot.addWidget(window)
    window.setProperty("answers", None)
    window.answers = answers  # type: ignore[attr-defined]  # the test's own handle
    window.put("https://helpdesk.example", "Marta")
    window.ask()
    window._password.setText("secret")
    return window


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (refuse, "Name or password is not right"),
        (web_page, "A web page answered instead"),
        (nobody, "cannot be reached"),
    ],
)
def test_each_failure_has_its_sentence(window: SignInWindow, answer: Answering, part: str) -> None:
    window.answers.append(answer)  # type: ignore[attr-defined]  # the test's own handle
    window._button.click()
    assert part in window.sentence
    assert window._button.isEnabled()


@pytest.mark.parametrize(
    ("address", "part"),
    [("http://helpdesk.example", "https"), ("not an address", "is no server address")],
)
def test_an_address_that_cannot_be_used_is_said(window: SignInWindow, address: str, part: str) -> None:
    window._server.setText(address)
    window._button.click()
    assert part in window.sentence


def test_empty_fields_are_asked_for(window: SignInWindow) -> None:
    window._password.clear()
    window._button.click()
    assert window.sentence == "Fill in server, name and password."


def test_why_one_must_sign_in_again_is_said(window: SignInWindow) -> None:
    window.ask("Your sign-in has ended. Sign in again; nothing is lost.")
    assert window._why.isVisible()
    assert window._password.text() == ""


def test_nobody_signs_in_unnoticed(window: SignInWindow) -> None:
    came: list[SignedIn] = []
    window.signed_in.connect(came.append)
    window._button.click()
    assert came == []
