"""The site that led to the form is kept, and only named sites may show the form in a frame."""

import re
from typing import Final

import pytest

from sync.domain.errors import Rejected
from sync.domain.faq import Status
from sync.domain.sites import frame_ancestors, known_sites
from sync.server.audit import ADMINISTRATOR
from sync.server.faq.entries import Draft
from tests.rigs.bureau import BASE
from tests.rigs.street import Street

ON_ONE = pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
"""What does not depend on the database."""
AT: Final = "?site=Lamp%20%26%20Shop"
LEADS: Final = re.compile(r'(?:href|action)="(/[^"]*)"')


def test_the_site_is_kept_on_the_ticket(street: Street) -> None:
    page = street.get("/", params={"site": " Shop\x07<b> "}).text

    assert 'name="site" value="Shop &lt;b&gt;"' in page
    street.asked(site="Shop <b>")
    assert street.rows("SELECT site FROM ticket") == [("Shop <b>",)]


def test_a_long_name_is_cut_and_none_is_none(street: Street) -> None:
    street.asked(site="x" * 200)
    street.asked(site="  ", text="Again")

    assert street.rows("SELECT site FROM ticket ORDER BY number") == [("x" * 80,), (None,)]


def test_where_sites_are_set_only_these_are_kept_and_their_brand_is_said(street: Street) -> None:
    street.house.parts.settings.put("form.sites", "shop=The Lamp Shop, blog")

    assert "The Lamp Shop" in street.get("/?site=SHOP").text
    assert 'name="site"' not in street.get("/?site=elsewhere").text
    street.asked(site="Shop")
    street.asked(site="elsewhere", text="Again")
    assert street.rows("SELECT site FROM ticket ORDER BY number") == [("shop",), (None,)]


def test_no_site_may_show_the_form_in_a_frame_until_it_is_named(street: Street) -> None:
    assert street.get("/").headers["x-frame-options"] == "DENY"
    street.house.parts.settings.put("form.frame_ancestors", "https://shop.example https://*.blog.example:8443")

    headers = street.get("/").headers

    policy = headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://shop.example https://*.blog.example:8443")
    assert "x-frame-options" not in headers
    assert street.get("/static/deskbell.css").headers["x-frame-options"] == "DENY"


@ON_ONE
def test_the_site_goes_along_wherever_the_visitor_goes_from_the_form_and_back(street: Street) -> None:
    draft = Draft("Where is my invoice?", "In the *mail*.", status=Status.PUBLISHED)
    street.house.parts.journal.write(lambda: street.house.faq.entries.add(draft, ADMINISTRATOR))
    street.asked(text="Before")
    pages = {
        "form": street.get("/", params={"site": "Lamp & Shop"}),
        "list": street.get(f"/faq{AT}"),
        "search": street.get("/faq", params={"q": "invoice", "site": "Lamp & Shop"}),
        "entry": street.get(f"/faq/where-is-my-invoice{AT}"),
        "nothing": street.get(f"/faq/nothing{AT}"),
        "answered": street.ask(site="Lamp & Shop", step="answered.where-is-my-invoice"),
        "links": street.get(f"/links{AT}"),
        "asked": street.post(f"/incidents/i0/follow{AT}", {"email": "zoe@mail.example"}),
        "unreadable": street.session.post(f"{BASE}/tickets{AT}", data=b"x", headers={"content-type": "text/plain"}),
    }
    for name, page in pages.items():
        leading = [one for one in LEADS.findall(page.text) if not one.startswith("/static")]
        assert leading, name
        lost = [one for one in leading if "site=Lamp%20%26%20Shop" not in one]
        assert lost == (["/faq"] if name in ("list", "search") else []), name  # its search has a field for it
    assert 'name="site" value="Lamp &amp; Shop"' in pages["list"].text
    thanks = street.post(f"/faq/where-is-my-invoice/answered{AT}", {}).headers["location"]
    assert thanks == f"/faq/where-is-my-invoice?thanks=1&{AT[1:]}"
    assert street.get(f"/tickets{AT}", allow_redirects=False).headers["location"] == f"/{AT}"
    assert '<a href="/">' in street.get("/faq").text


@ON_ONE
def test_whoever_was_led_by_a_cap_or_added_words_comes_back_to_the_form_of_the_site(street: Street) -> None:
    street.house.parts.journal.write(lambda: street.house.caps.add(None, 1, None, "", ADMINISTRATOR))
    street.asked(site="Lamp & Shop")

    own = street.get(street.asked(site="Lamp & Shop", email="other@mail.example")).text
    page = street.ask(text="More", site="Lamp & Shop").text

    assert f'href="/{AT}">Back to the form' in page
    assert f'href="/links{AT}"' in page
    assert f'<a href="/{AT}">' in own


@pytest.mark.parametrize("text", ["*", "'self'", "javascript:x", "https://a.example;script-src *", "shop.example"])
def test_only_addresses_of_sites_go_into_the_header(text: str) -> None:
    with pytest.raises(ValueError, match="no address of a site"):
        frame_ancestors(text)


def test_what_is_no_address_of_a_site_is_not_set(street: Street) -> None:
    with pytest.raises(Rejected, match=r"https://shop.example"):
        street.house.parts.settings.put("form.frame_ancestors", "shop.example")


def test_sites_as_they_are_set() -> None:
    assert {name: one.brand for name, one in known_sites("Shop = The Shop,, blog, =x").items()} == {
        "shop": "The Shop",
        "blog": "",
    }
