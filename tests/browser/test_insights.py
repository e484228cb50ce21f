"""The poster's figures in a browser: ranges, plots, tables and rules, with and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from feed.models import Photo
from feed.modes import platforms
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_feed import HARBOUR, be, opened
from tests.disclosure.cast import PINNED

pytestmark = pytest.mark.usefixtures("demo_room")

INSIGHTS = "/feed/insights/"


@pytest.fixture
def harbour() -> int:
    """The number of Ben's newest photo."""
    return Photo.objects.get(title=HARBOUR, room__key="harbour").number


def panel(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def test_a_range_is_one_press_and_in_the_address(page: Page) -> None:
    be(opened(page, INSIGHTS), "Ben Okafor")
    week = page.get_by_role("link", name="7 days")
    week.focus()
    page.keyboard.press("Enter")
    expect(week).to_have_attribute("aria-current", "true")
    expect(week).to_be_focused()
    expect(page).to_have_url(re.compile(r"/feed/insights/\?days=7$"))
    expect(panel(page, "Likes")).to_contain_text("than 7 days ago")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/feed/insights/$"))
    expect(page.get_by_role("link", name="28 days")).to_have_attribute("aria-current", "true")
    expect(panel(page, "Likes")).not_to_contain_text("than 7 days ago")


def test_a_plot_is_told_to_those_who_do_not_see_it(page: Page) -> None:
    be(opened(page, f"{INSIGHTS}?days=7"), "Ben Okafor")
    likes = panel(page, "Likes")
    number = likes.locator(".panel-number b").inner_text()
    plot = likes.get_by_role("img", name=re.compile(r"^Likes, \d+ \w+ to \d+ \w+"))
    expect(plot).to_be_visible()
    table = likes.get_by_role("table", name="Likes, the latest first")
    expect(table).to_be_hidden()
    likes.get_by_text("As a table").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    expect(table.get_by_role("row")).to_have_count(8)
    expect(table.get_by_role("row").nth(1).get_by_role("cell").first).to_have_text(number)


def test_what_is_withheld_opens_its_rule(page: Page) -> None:
    opened(page, INSIGHTS)
    unlikes = panel(page, "Unlikes")
    expect(unlikes).to_contain_text("Not given")
    unlikes.get_by_role("button", name="The rule").click()
    rule = page.get_by_role("dialog", name="A number of unlikes is given")
    expect(rule).to_contain_text("The poster’s figures have no number of unlikes")
    page.keyboard.press("Escape")
    expect(rule).to_be_hidden()
    page.get_by_role("button", name="X", exact=True).click()
    expect(unlikes).to_contain_text("How many likes were taken back, without names.")
    expect(unlikes).not_to_contain_text("Not given")


def test_it_works_without_script(page_without_js: Page, harbour: int) -> None:
    page = page_without_js
    page.goto(f"/feed/photo/{harbour}/insights/")
    page.get_by_role("button", name="Be Ben").click()
    expect(page.get_by_role("heading", name=HARBOUR)).to_be_visible()
    page.get_by_role("link", name="All photos").click()
    page.get_by_role("link", name="Since the beginning").click()
    expect(page).to_have_url(re.compile(r"/feed/insights/\?days=all$"))
    panel(page, "Views").get_by_text("As a table").click()
    expect(panel(page, "Views").get_by_role("table")).to_be_visible()
    page.get_by_role("button", name="Facebook").click()
    expect(page).to_have_url(re.compile(r"/feed/insights/\?days=all$"))
    expect(page.get_by_text("Not given", exact=True)).to_have_count(6)
    page.get_by_role("link", name=HARBOUR).click()
    expect(page).to_have_url(re.compile(rf"/feed/photo/{harbour}/insights/$"))


@pytest.mark.parametrize("slug", PINNED)
def test_it_is_accessible_and_fits_in_every_mode(
    page: Page, axe: Callable[[Page], None], harbour: int, slug: str
) -> None:
    label = platforms()[slug].label
    be(opened(page, INSIGHTS), "Ben Okafor")
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_role("button", name=label, exact=True, pressed=True)).to_be_visible()
    for path in (f"{INSIGHTS}?days=all", f"/feed/photo/{harbour}/insights/"):
        opened(page, path)
        for table in page.get_by_text("As a table").all():
            table.click()
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
            for plot in page.locator(".plot-drawing").all():
                drawn, around = plot.bounding_box(), plot.locator("xpath=../..").bounding_box()
                assert drawn is not None
                assert around is not None
                assert drawn["width"] > 90
                assert drawn["x"] >= around["x"]
                assert drawn["x"] + drawn["width"] <= around["x"] + around["width"]
            axe(page)


def test_its_other_states_are_accessible(
    phone: Page, axe: Callable[[Page], None], harbour: int
) -> None:
    axe(opened(phone, f"/feed/photo/{harbour}/insights/"))
    phone.get_by_role("button", name="The rule").click()
    axe(phone)
