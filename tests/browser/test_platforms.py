"""The platforms' own pages in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

ADDRESSES = [
    "/platforms/",
    "/platforms/mastodon/",
    "/platforms/instagram/",
    "/platforms/data/",
    "/changes/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_they_are_accessible(
    page: Page, phone: Page, axe: Callable[[Page], None], address: str
) -> None:
    for each in (page, phone):
        each.goto(address)
        axe(each)


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_they_fit_every_window(visitor: Callable[..., Page], width: int) -> None:
    page = visitor(viewport={"width": width, "height": 800})
    for address in ADDRESSES:
        page.goto(address)
        assert page.evaluate(BEYOND, width) == [], address


BEYOND = """width => [...document.querySelectorAll("main *")].filter(
    e => !e.closest("pre") && e.getBoundingClientRect().right > width + 1
         && getComputedStyle(e).position != "absolute"
).map(e => e.tagName + "." + e.className)"""


def test_a_rule_opens_at_its_address_without_script(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/platforms/mastodon/#inbox-unlike")
    rule = page.locator("#inbox-unlike")
    expect(rule).to_be_in_viewport()
    expect(rule.get_by_role("heading")).to_have_text("Told when you unlike")
    plain = page.locator("#inbox-like").evaluate("e => getComputedStyle(e).boxShadow")
    assert plain == "none"
    assert rule.evaluate("e => getComputedStyle(e).boxShadow") != plain


def test_the_way_from_the_list_to_both_phones_needs_no_script(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/platforms/")
    page.get_by_role("link", name="Mastodon", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mastodon")
    page.get_by_role("button", name="“Ana unfavourited” is never sent").click()
    dialog = page.get_by_role("dialog", name="Told when you unlike")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    page.get_by_role("link", name="Try it on both phones").click()
    assert page.url.endswith("/?on=mastodon")


def test_a_whole_entry_leads_to_its_platform(page: Page) -> None:
    page.goto("/platforms/")
    page.locator("#mastodon .entry-note").click(force=True)  # the link lies over it
    page.wait_for_url("**/platforms/mastodon/")
