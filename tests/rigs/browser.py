"""A real browser without a window: Chromium, driven by the W3C's WebDriver protocol through Debian's chromedriver.

Own words for the few calls that the tests make: the libraries for it bring a second event loop of their own.
"""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

import requests

from stage.process import found

LONG: Final = 45.0
_TICK: Final = 0.02
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
_AXE: Final = Path(__file__).parent / "axe" / "axe.min.js"
_GONE: Final = "Node with given id does not belong to the document"
"""What Chromium says, as an unknown error, where the page goes in the middle of a look at it."""
_SWITCHES: Final = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
    "--disable-background-networking", "--no-first-run", "--hide-scrollbars", "--lang=en",
)  # fmt: skip
TAB, ENTER, SPACE, DOWN = "\ue004", "\ue007", " ", "\ue015"
EVERYTHING: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_SUBMIT: Final = """
const form = document.createElement("form");
form.method = "post";
form.enctype = "multipart/form-data";
form.action = arguments[0];
for (const [name, value] of Object.entries(arguments[1])) {
  const field = document.createElement("textarea");
  field.name = name;
  field.value = value;
  form.append(field);
}
document.body.append(form);
form.submit();
"""
_LOOK: Final = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: arguments[0], resultTypes: ["violations"]}).then(
  (found) => done(found.violations.map((one) => one.id + ": " + one.help + " at " + one.nodes.map((n) => n.target))),
  (error) => done(["axe failed: " + error]));
"""


class Stale(Exception):
    """What was found is not on the page any more: another one came."""


class Element:
    """One thing on the page."""

    def __init__(self, browser: "Browser", reference: str) -> None:
        self._browser = browser
        self.reference = reference

    @property
    def text(self) -> str:
        """As it is seen."""
        return str(self._browser.call("GET", f"element/{self.reference}/text"))

    def click(self) -> None:
        self._browser.call("POST", f"element/{self.reference}/click", {})

    def write(self, text: str, *, instead: bool = False) -> None:
        """Types (`instead` of what is there), or for a field of files: their paths."""
        if instead:
            self._browser.call("POST", f"element/{self.reference}/clear", {})
        self._browser.call("POST", f"element/{self.reference}/value", {"text": text})


class Browser:
    """One window. `emulate` is undone by `fresh`."""

    def __init__(self, driver: str, session: requests.Session, number: str) -> None:
        self._base = f"{driver}/session/{number}"
        self._session = session
        self._axe = _AXE.read_text(encoding="utf-8")
        self.scripts_allowed = True

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """A command of WebDriver; its value."""
        answer = self._session.request(method, f"{self._base}/{path}", json=body, timeout=4 * LONG)
        value = answer.json()["value"]
        if answer.status_code != 200 and _is_stale(value):
            raise Stale
        if answer.status_code != 200:
            raise AssertionError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value

    def open(self, address: str) -> None:
        """Until it is loaded."""
        self.call("POST", "url", {"url": address})

    def submit(self, address: str, fields: Mapping[str, str]) -> None:
        """A form, posted without writing it."""
        allowed = self.scripts_allowed
        self.open("about:blank")
        self.scripts(True)
        self.run(_SUBMIT, address, dict(fields))
        self.scripts(allowed)

    @property
    def address(self) -> str:
        return str(self.call("GET", "url"))

    def back(self) -> None:
        self.call("POST", "back", {})

    def all(self, selector: str) -> list[Element]:
        """What a CSS selector finds now."""
        given = {"using": "css selector", "value": selector}
        return [Element(self, one[_ELEMENT]) for one in self.call("POST", "elements", given)]

    def one(self, selector: str) -> Element:
        """The first that a CSS selector finds, once it is there."""
        found: list[Element] = []

        def look() -> bool:
            found[:] = self.all(selector)
            return bool(found)

        self.wait(look, selector)
        return found[0]

    def click(self, selector: str) -> None:
        """On the first that a CSS selector finds; again where the page was just being replaced."""
        self._until_it_stays(selector, lambda one: one.click())

    def _until_it_stays(self, selector: str, deed: Callable[[Element], None]) -> None:
        def done() -> bool:
            try:
                deed(self.one(selector))
            except Stale:
                return False
            return True

        self.wait(done, selector)

    def enter(self, selector: str) -> None:
        """Go into a frame; opening a page leaves it."""
        self.call("POST", "frame", {"id": {_ELEMENT: self.one(selector).reference}})

    def words(self) -> str:
        """Everything that is seen."""
        seen: list[str] = []
        self._until_it_stays("body", lambda one: seen.append(one.text))
        return seen[-1]

    def wait(self, condition: Callable[[], bool], what: str = "") -> None:
        """Until it holds; long enough for a busy machine."""
        end = monotonic() + LONG
        while not condition():
            if monotonic() > end:
                raise AssertionError(f"never: {what}\n{self.words()}")
            sleep(_TICK)

    def wait_words(self, words: str) -> None:
        """Until that is seen."""
        self.wait(lambda: words in self.words(), words)

    def run(self, script: str, *arguments: Any) -> Any:
        """JavaScript of ours in the page."""
        return self.call("POST", "execute/sync", {"script": script, "args": list(arguments)})

    def keys(self, *keys: str) -> None:
        """Pressed where the keyboard is."""
        for key in keys:
            strokes = [{"type": kind, "value": one} for one in key for kind in ("keyDown", "keyUp")]
            self.call("POST", "actions", {"actions": [{"type": "key", "id": "k", "actions": strokes}]})

    def focused(self) -> str:
        """The id or the words of what has the keyboard."""
        script = "const e = document.activeElement; return e.id || e.textContent.trim() || e.tagName;"
        return str(self.run(script))

    def devtools(self, command: str, **parameters: Any) -> Any:
        """A command of Chromium's own protocol."""
        return self.call("POST", "goog/cdp/execute", {"cmd": command, "params": parameters})

    def width(self, pixels: int, height: int = 900) -> None:
        """Of the page."""
        given = {"width": pixels, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.devtools("Emulation.setDeviceMetricsOverride", **given)

    def dark(self, on: bool) -> None:
        """The colours that the system prefers."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self.devtools("Emulation.setEmulatedMedia", features=[scheme])

    def scripts(self, on: bool) -> None:
        """Whether pages may run any, from the next page on."""
        self.scripts_allowed = on
        self.devtools("Emulation.setScriptExecutionDisabled", value=not on)

    def slow(self, bytes_a_second: int) -> None:
        """A line that is slow in both directions; 0: not at all."""
        rate = bytes_a_second or -1
        given = {"latency": 20 if bytes_a_second else 0, "downloadThroughput": rate, "uploadThroughput": rate}
        self.devtools("Network.enable")
        self.devtools("Network.emulateNetworkConditions", offline=False, **given)

    def faults(self, looked_for: Mapping[str, Any] = EVERYTHING) -> list[str]:
        """What axe-core finds wrong with the page for people with disabilities (WCAG 2.2 AA and good practice)."""
        allowed = self.scripts_allowed
        self.scripts(True)  # what the page did not run when it came it does not run now
        if not self.run("return 'axe' in window"):
            self.run(self._axe)
        found = list(self.call("POST", "execute/async", {"script": _LOOK, "args": [looked_for]}))
        self.scripts(allowed)
        return found

    def sideways(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.run("const e = document.documentElement; return e.scrollWidth - e.clientWidth;"))

    def fresh(self) -> None:
        """As at the beginning."""
        self.scripts(True)
        self.slow(0)
        self.dark(False)
        self.width(1000)
        self.open("about:blank")


def _is_stale(error: Mapping[str, str]) -> bool:
    return error["error"] == "stale element reference" or _GONE in error["message"]


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser of its own. Raises ProgramMissing."""
    chromium = found("chromium")
    driver = subprocess.Popen([found("chromedriver"), "--port=0"], stdout=subprocess.PIPE, text=True)
    try:
        assert driver.stdout is not None
        port = next(said[1] for line in driver.stdout if (said := re.search(r"successfully on port (\d+)", line)))
        base = f"http://127.0.0.1:{port}"
        wishes = {
            "browserName": "chrome",
            "unhandledPromptBehavior": "accept",
            "goog:chromeOptions": {"binary": chromium, "args": list(_SWITCHES)},
        }
        with requests.Session() as session:
            session.trust_env = False
            given = {"capabilities": {"alwaysMatch": wishes}}
            answer = session.post(f"{base}/session", json=given, timeout=4 * LONG).json()["value"]
            number = answer["sessionId"]
            try:
                yield Browser(base, session, number)
            finally:
                session.delete(f"{base}/session/{number}", timeout=4 * LONG)
    finally:
        driver.terminate()
        driver.communicate(timeout=LONG)
