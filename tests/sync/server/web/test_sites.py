"""The site that led to the form is kept, and only named sites may show the form in a frame."""

import pytest

from sync.domain.errors import Rejected
from sync.domain.sites import frame_ancestors, known_sites
from tests.rigs.street import Street


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
