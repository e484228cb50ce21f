"""Why this order, in a browser: switches with and without script, sums by keyboard, rules."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.usefixtures("demo_room")

ORDER = "/feed/order/"


def opened(page: Page, path: str = ORDER) -> Page:
    page.goto(path)
    page.wait_for_function("window.htmx")
    return page


def titles(page: Page) -> list[str]:
    return page.locator(".order-row .order-what b").all_text_contents()


def test_a_switch_answers_at_once_and_keeps_its_state_in_the_address(page: Page) -> None:
    usual = titles(opened(page))
    switch = page.get_by_role("checkbox", name="Its age")
    switch.focus()
    page.keyboard.press("Space")
    expect(page.locator(".order-changed")).to_contain_text("come at another place")
    expect(switch).to_be_focused()
    expect(page).to_have_url(re.compile(r"/feed/order/\?off=age$"))
    expect(page.get_by_role("status")).to_contain_text("come at another place")
    ageless = titles(page)
    assert ageless != usual
    page.get_by_role("checkbox", name="Your unlikes").check()
    expect(page).to_have_url(re.compile(r"\?off=unlikes&off=age$"))
    page.reload()
    expect(switch).to_be_checked()
    page.get_by_role("link", name="Count all again").click()
    expect(page.locator(".order-changed")).to_have_count(0)
    expect(switch).not_to_be_checked()
    assert titles(page) == usual
    page.go_back()
    expect(switch).to_be_checked()


def test_without_script_a_button_shows_that_order(page_without_js: Page) -> None:
    page = page_without_js
    page.goto(ORDER)
    usual = titles(page)
    page.get_by_role("checkbox", name="Its age").check()
    page.get_by_role("button", name="Show that order").click()
    expect(page).to_have_url(re.compile(r"\?off=age$"))
    expect(page.get_by_role("checkbox", name="Its age")).to_be_checked()
    assert titles(page) != usual
    page.locator(".order-sum summary").first.click()
    expect(page.get_by_role("table").first).to_contain_text("assumed")


def test_a_sum_and_its_rules_open_by_keyboard(page: Page) -> None:
    first = opened(page).locator(".order-row").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(first.get_by_role("row", name=re.compile("^Sum"))).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    rule = page.get_by_role("dialog", name="Points for each like of yours")
    expect(rule).to_contain_text("nobody documents by how much")
    page.keyboard.press("Escape")
    expect(rule).to_be_hidden()


def test_on_x_the_unlike_switch_changes_nothing(page: Page) -> None:
    opened(page).get_by_role("button", name="X", exact=True).click()
    expect(page.get_by_text("An unlike of yours counts 0 on X")).to_be_visible()
    page.get_by_role("checkbox", name="Your unlikes").check()
    expect(page.locator(".order-changed")).to_contain_text("That changes nothing")


def test_it_is_accessible_and_fits_a_phone(
    page: Page, phone: Page, axe: Callable[[Page], None]
) -> None:
    for each in (page, phone):
        opened(each, f"{ORDER}?off=unlikes")
        expect(each.locator(".order-kept").first).to_be_attached()
        each.locator(".order-sum summary").first.click()
        axe(each)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
