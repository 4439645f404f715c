"""The public pages in a real browser, as people with different means meet them (WCAG 2.2 AA)."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sync.domain.closings import Closing
from sync.domain.times import DAY_MS
from tests.rigs.browser import COLOURS, ENTER, TAB, Browser
from tests.rigs.shop_front import ShopFront, shop_front

pytestmark = pytest.mark.xdist_group("browser")

NARROW = 320
SLOW = 40_000
QUESTION = "Why was my invoice charged twice?"
ANSWER = "The second amount is a **reservation**. It goes back by itself.\n\n1. Wait three days.\n2. [Ask](/faq)."
TEXT = "Invoice 1143 was charged twice to my card, please pay one of them back to me."


@pytest.fixture
def front(tmp_path: Path) -> Iterator[ShopFront]:
    with shop_front(tmp_path) as opened:
        yield opened


def fill(browser: Browser, subject: str = "Charged twice", text: str = TEXT, email: str = "o@mail.example") -> None:
    """The form as somebody writes it, not yet sent."""
    browser.one("#subject").write(subject)
    browser.one("#text").write(text)
    browser.click("#category option:nth-child(2)")
    browser.one("#name").write("Oskar N.")
    browser.one("#email").write(email)


def send(browser: Browser) -> None:
    browser.click("form.ask > .send button")


def post(browser: Browser, front: ShopFront, **more: str) -> None:
    """The form sent without writing it: quicker, where only what comes of it is looked at."""
    fields = {"category": "Billing", "name": "Oskar N.", "email": "o@mail.example"}
    browser.submit(f"{front.address}/tickets", {**fields, "subject": "Charged twice", "text": TEXT, **more})


def form(browser: Browser, front: ShopFront) -> None:
    browser.open(front.address)


def problems(browser: Browser, front: ShopFront) -> None:
    post(browser, front, subject=" ", email="o@mail", step="offer")
    browser.wait_words("Nothing was sent yet")


def step(browser: Browser, front: ShopFront) -> None:
    front.publish(QUESTION, ANSWER)
    front.file("Billing", TEXT, "o@mail.example")
    post(browser, front, step="offer")
    browser.wait_words("Before you send")
    assert "You asked this on" in browser.words()


def thanks(browser: Browser, front: ShopFront) -> None:
    step(browser, front)
    browser.click("button[value^=answered]")
    browser.wait_words("Good that it helped")


def added(browser: Browser, front: ShopFront) -> None:
    step(browser, front)
    browser.click("button[value=add]")
    browser.wait_words("Your words are with ticket #1")


def thread(browser: Browser, front: ShopFront) -> None:
    post(browser, front)
    browser.one(".thread")


def closed_house(browser: Browser, front: ShopFront) -> None:
    now = front.house.parts.clock.now_ms()
    front.house.closings.add(Closing("", "Stock-taking", now - 1, now + DAY_MS, notice="The phone works."))
    thread(browser, front)
    browser.wait_words("We answer by")
    front.reply("We have paid one of them back.")
    browser.open(browser.address)
    browser.click("input[value=good]")
    browser.click(".rating button")
    browser.wait_words("Thank you: you have rated it.")


def links(browser: Browser, front: ShopFront) -> None:
    mail = {"mail.smtp": "smtp://127.0.0.1:9", "mail.from": "a@b.example", "public_url": front.address}
    for name, value in mail.items():
        front.house.parts.settings.put(name, value)
    browser.open(f"{front.address}/links")
    browser.one("#email").write("nobody@mail.example")
    browser.click(".ask button")
    browser.wait_words("If there are open or recent questions")


def known_fault(browser: Browser, front: ShopFront) -> None:
    """The banner on the form, with a field of its own."""
    front.tell_of_fault()
    browser.open(front.address)
    browser.wait_words("We expect to repair it by")


def fault_followed(browser: Browser, front: ShopFront) -> None:
    known_fault(browser, front)
    browser.one(".follow input[type=email]").write("nobody@mail.example")
    browser.click(".follow button")
    browser.wait_words("Please look into your mail")


def fault_wrong(browser: Browser, front: ShopFront) -> None:
    browser.submit(f"{front.address}/incidents/{front.tell_of_fault()}/follow", {"email": "nobody"})
    browser.wait_words("Nothing was sent yet")


def fault_to_confirm(browser: Browser, front: ShopFront) -> None:
    """By the link of the mail that asks."""
    front.house.faults.followers.ask(front.tell_of_fault(), f"{time.monotonic_ns()}@mail.example")
    database = front.house.parts.database
    said = "SELECT body_text FROM letter WHERE kind = 'notice' ORDER BY id DESC LIMIT 1"
    [(words,)] = database.read(lambda: database.select(said))
    browser.open(next(one for one in str(words).split() if "/incidents/confirm/" in one))
    browser.wait_words("Yes, tell me")


def fault_confirmed(browser: Browser, front: ShopFront) -> None:
    fault_to_confirm(browser, front)
    browser.click(".ask button")
    browser.wait_words("We write to you once it is repaired")


def too_often(browser: Browser, front: ShopFront) -> None:
    front.house.parts.settings.put("form.per_hour", "1")
    for number in range(2):
        post(browser, front, text=f"{TEXT} {number}")
    browser.wait_words("in an hour")


def fault_of_ticket(browser: Browser, front: ShopFront) -> None:
    front.tell_of_fault()
    thread(browser, front)
    browser.click(".follow button")
    browser.wait_words("We tell you when it is repaired.")


def repaired(browser: Browser, front: ShopFront) -> None:
    incident_id = front.tell_of_fault()
    thread(browser, front)
    front.gather_and_repair(incident_id)
    browser.open(browser.address)
    browser.wait_words("Does it work again?")


def nowhere(browser: Browser, front: ShopFront) -> None:
    browser.open(f"{front.address}/t/nothing")


def answers(browser: Browser, front: ShopFront) -> None:
    front.publish(QUESTION, ANSWER)
    browser.open(f"{front.address}/faq")


def one_answer(browser: Browser, front: ShopFront) -> None:
    browser.open(f"{front.address}/faq/{front.publish(QUESTION, ANSWER)}")


def sought(browser: Browser, front: ShopFront) -> None:
    front.publish(QUESTION, ANSWER)
    browser.open(f"{front.address}/faq?q=invoice")


# Every public page has its line here: how one gets to it.
PAGES: list[Callable[[Browser, ShopFront], None]] = [
    form, problems, step, thanks, added, thread, nowhere, closed_house, links,
    answers, one_answer, sought, known_fault, fault_followed, fault_wrong, fault_to_confirm, fault_confirmed,
    fault_of_ticket, repaired, too_often,
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, front: ShopFront, page: Callable[[Browser, ShopFront], None]
) -> None:
    browser.width(NARROW)
    page(browser, front)

    found = {"light": browser.faults()}
    assert browser.sideways() == 0
    browser.dark(True)
    found["dark"] = browser.faults(COLOURS)
    if browser.run("return document.scripts.length"):
        browser.scripts(False)
        page(browser, front)
        found["plain"] = browser.faults()
    assert not any(found.values()), found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_question_is_asked_with_the_keyboard_alone(browser: Browser, front: ShopFront, scripts: bool) -> None:
    browser.scripts(scripts)
    browser.open(front.address)
    typed = {"subject": "Charged twice", "text": TEXT, "category": "Bil", "name": "Oskar", "email": "o@mail.example"}
    met = []
    for _ in range(20):
        browser.keys(TAB)
        met.append(browser.focused())
        if met[-1] in typed:
            browser.keys(typed[met[-1]])
        if met[-1] == "Send question":
            break
    assert [one for one in met if one in typed] == list(typed)
    assert met[0] == "Skip to the content"
    browser.keys(ENTER)
    browser.wait(lambda: "/t/" in browser.address, "the private page")
    assert "#1" in browser.words()
    assert front.count("ticket") == 1


def test_answers_appear_while_one_writes_and_avoid_the_ticket(browser: Browser, front: ShopFront) -> None:
    front.publish(QUESTION, ANSWER)
    browser.open(f"{front.address}/?site=Lamp%20%26%20Shop")

    browser.one("#subject").write("Charged twice")
    browser.one("#text").write("My invoice was")

    browser.wait_words("This answer may help")
    link = str(browser.run("return document.querySelector('#offers a').getAttribute('href')"))
    assert link.endswith("?site=Lamp%20%26%20Shop")
    assert browser.focused() == "text"
    assert browser.faults() == []
    browser.click("#offers button")
    browser.wait_words("Good that it helped")
    browser.click("button[value=back]")
    browser.wait_words("How can we help?")
    assert browser.run("return document.getElementById('text').value") == "My invoice was"
    assert front.count("ticket") == 0


def test_long_words_in_any_script_are_looked_for_by_an_address_that_proxies_take(
    browser: Browser, front: ShopFront
) -> None:
    front.publish("Почему программа не запускается после обновления?", ANSWER)
    browser.open(front.address)

    browser.one("#text").write("Программа не запускается после обновления. " * 40)

    browser.wait_words("This answer may help")
    loaded = browser.run("return performance.getEntriesByType('resource').map((one) => one.name)")
    asked = [one for one in loaded if "/faq/offers?" in one]
    assert [one for one in asked if len(one) > 8_000] == []
    assert max(len(one) for one in asked) > 4_000


def test_what_was_seen_while_writing_is_not_asked_again(browser: Browser, front: ShopFront) -> None:
    front.publish(QUESTION, ANSWER)
    browser.open(front.address)
    fill(browser)
    browser.wait_words("This answer may help")

    send(browser)

    browser.wait(lambda: "/t/" in browser.address, "the private page")


def test_a_category_is_explained_and_proposed(browser: Browser, front: ShopFront) -> None:
    for number in range(12):
        place, words = ("Lamps", "lamp bulb flickers light") if number % 2 else ("Billing", "invoice refund money card")
        front.file(place, f"{words} {number}")
    front.house.hints.learn()
    browser.open(front.address)

    browser.one("#text").write("The bulb of my lamp flickers, and the light too")

    browser.wait_words("Your words look like Lamps")
    browser.click("#said button")
    assert browser.run("return document.getElementById('category').selectedOptions[0].text") == "Lamps"
    browser.click("#category option:nth-child(2)")
    browser.wait_words("Invoices, refunds and everything about money.")


def test_words_and_files_survive_the_way_back(browser: Browser, front: ShopFront, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("small")
    browser.open(front.address)
    fill(browser)
    browser.one("#files").write(str(note))
    browser.wait_words("note.txt is here.")
    browser.open(f"{front.address}/faq")

    browser.back()

    browser.wait(lambda: browser.run("return document.getElementById('text')?.value") == TEXT, "the words")
    assert browser.run("return document.getElementById('email').value") == "o@mail.example"
    browser.wait_words("note.txt")
    send(browser)
    browser.wait_words("Your question has arrived")
    assert "note.txt" in browser.words()


def test_files_go_ahead_with_progress_on_a_slow_line(browser: Browser, front: ShopFront, tmp_path: Path) -> None:
    photo, note = tmp_path / "photo.png", tmp_path / "note.txt"
    photo.write_bytes(bytes(120_000))
    note.write_text("small")
    browser.open(front.address)
    browser.slow(SLOW)
    browser.one("#files").write(str(photo))
    browser.wait(lambda: bool(browser.all("#uploads progress")), "progress")
    browser.wait(lambda: browser.run("return document.querySelector('progress')?.value ?? 1") > 0, "some progress")
    browser.slow(0)
    browser.wait_words("photo.png is here.")
    browser.one("#files").write(str(note))
    browser.wait_words("note.txt is here.")
    assert browser.faults() == []
    fill(browser)
    browser.click("#kept input[name=drop1]")
    send(browser)

    browser.wait(lambda: "/t/" in browser.address, "the private page")

    assert "photo.png" in browser.words()
    assert "note.txt" not in browser.words()


def test_an_upload_can_be_cancelled_and_one_that_is_too_big_does_not_begin(
    browser: Browser, front: ShopFront, tmp_path: Path
) -> None:
    front.house.parts.settings.put("form.file_bytes", "2000000")
    big, fits = tmp_path / "big.bin", tmp_path / "fits.bin"
    big.write_bytes(bytes(2_100_000))
    fits.write_bytes(bytes(1_900_000))
    browser.open(front.address)

    browser.one("#files").write(str(big))
    browser.wait_words("the limit is 2 MB in all")
    browser.slow(SLOW)
    browser.one("#files").write(str(fits))
    browser.click("#uploads button")

    browser.wait_words("Cancelled")
    assert front.count("blob") == 0


def test_a_question_waits_for_its_files(browser: Browser, front: ShopFront, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(bytes(200_000))
    browser.open(front.address)
    fill(browser)
    browser.slow(SLOW)
    browser.one("#files").write(str(photo))

    send(browser)

    browser.wait_words("Your files are on their way")
    browser.slow(0)
    browser.wait(lambda: "/t/" in browser.address, "the private page")
    assert "photo.png" in browser.words()


def test_the_form_works_on_a_slow_line_without_scripts(browser: Browser, front: ShopFront, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("small")
    front.publish(QUESTION, ANSWER)
    browser.scripts(False)
    browser.width(NARROW)
    browser.slow(SLOW)
    browser.open(front.address)
    fill(browser, email="o@mail")
    browser.one("#files").write(str(note))
    send(browser)
    browser.wait_words("write the whole address")
    assert "note.txt" in browser.words()
    browser.one("#email").write("o@mail.example", instead=True)
    send(browser)
    browser.wait_words("Does one of these help?")
    assert "reservation" in browser.words()

    browser.click("button[value=send]")

    browser.wait(lambda: "/t/" in browser.address, "the private page")
    assert "note.txt" in browser.words()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """Another site, with the pages of a folder."""
    (tmp_path / "site").mkdir()
    handler = partial(QuietHandler, directory=str(tmp_path / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    """Says nothing of what it serves."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the base names it
        pass


def test_a_named_site_shows_the_form_in_a_frame_and_no_other(
    browser: Browser, front: ShopFront, elsewhere: str, tmp_path: Path
) -> None:
    frame = f'<iframe src="{front.address}/?site=shop" title="Ask us" width="300" height="900"></iframe>'
    (tmp_path / "site" / "page.html").write_text(f"<!doctype html><title>A shop</title>{frame}")
    browser.open(f"{elsewhere}/page.html")
    browser.enter("iframe")
    assert not browser.all("form.ask")

    front.house.parts.settings.put("form.frame_ancestors", elsewhere)
    browser.open(f"{elsewhere}/page.html")
    browser.enter("iframe")
    fill(browser)
    send(browser)

    browser.wait_words("Your question has arrived")
    assert front.house.parts.database.read(lambda: front.house.parts.database.select("SELECT site FROM ticket")) == [
        ("shop",)
    ]
