"""The tracker in a browser: switching it on, what that shows, with and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.disclosure.cast import pinned

pytestmark = pytest.mark.usefixtures("demo_room")

PATH = "/feed/tracker/"
EVERYTHING = f"{PATH}?on=all&every=6&faults=everything"


def opened(page: Page, path: str = PATH) -> Page:
    page.goto(path)
    page.wait_for_function("window.htmx")
    return page


def be_jo(page: Page) -> None:
    page.goto(PATH)
    page.get_by_role("button", name=re.compile("^You are")).click()
    page.get_by_role("dialog", name="Whose eyes?").get_by_role("button", name="Jo Lind").click()
    expect(page.get_by_role("button", name="You are Jo")).to_be_visible()


def test_switch_it_on_change_it_go_back_and_switch_it_off(page: Page) -> None:
    be_jo(page)
    opened(page)
    report = page.get_by_role("region", name="Who unliked you")
    expect(report).to_have_count(0)
    page.get_by_label("Every hour").check()  # it is off, so nothing is asked for yet
    page.get_by_role("button", name="Switch it on").click()
    expect(report).to_be_in_viewport()
    expect(report).to_contain_text("caught")
    expect(page).to_have_url(re.compile(r"\?on=all&every=1&faults=honest$"))
    option = page.get_by_label("Scans break off")
    option.check()
    expect(page).to_have_url(re.compile("faults=interrupted$"))
    expect(option).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("On Instagram: ")
    expect(page.get_by_role("status")).to_contain_text("Your account was suspended.")
    expect(page.get_by_text("In this demo only")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Nothing")).to_be_checked()
    page.get_by_role("link", name="Switch it off").click()
    expect(report).to_have_count(0)
    expect(page).to_have_url(re.compile(f"{PATH}$"))


def test_another_platform_is_seen_with_the_same_settings(page: Page) -> None:
    be_jo(page)
    opened(page, f"{PATH}?on=all&every=1&faults=missing")
    page.get_by_label("Numbers are 1 to 5 % off").check()
    expect(page).to_have_url(re.compile("faults=off$"))
    page.get_by_role("button", name="X", exact=True).click()
    expect(page.get_by_text("In this demo only")).to_contain_text("The app lost its access")
    expect(page.get_by_label("Numbers are 1 to 5 % off")).to_be_checked()
    expect(page.get_by_label("Every hour")).to_be_checked()


def test_the_terms_open_with_their_evidence(page: Page) -> None:
    opened(page)
    page.get_by_role("button", name="Tracking likes by software").click()
    rule = page.get_by_role("dialog", name="Apps may track likes")
    expect(rule).to_contain_text("The terms forbid collecting data by automated means")
    expect(rule.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(rule).to_be_hidden()


def test_by_keyboard(page: Page) -> None:
    be_jo(page)
    opened(page)
    page.get_by_label("Watch").focus()
    for _ in range(3):  # how often, what goes wrong, where that is reported
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Switch it on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Who unliked you")).to_be_visible()
    page.get_by_label("Every 6 hours").focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("every=24"))
    expect(page.get_by_label("Once a day")).to_be_focused()


def test_without_script(page_without_js: Page) -> None:
    page = page_without_js
    be_jo(page)
    page.get_by_label("Watch").select_option("Calico cat, close up")
    page.get_by_label("Scans break off").check()
    page.get_by_role("button", name="Switch it on").click()
    expect(page).to_have_url(re.compile(r"\?on=\d+&every=6&faults=interrupted#report$"))
    expect(page.get_by_role("heading", name="What really happened")).to_be_visible()
    page.get_by_label("Once a day").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("every=24"))
    page.get_by_role("button", name="X", exact=True).click()
    expect(page).to_have_url(re.compile("every=24"))
    expect(page.get_by_label("Once a day")).to_be_checked()
    page.get_by_text("one by one").click()
    expect(page.get_by_role("region", name="Checks").get_by_role("row").nth(1)).to_be_visible()


def test_it_is_accessible_on_every_platform(
    page: Page, phone: Page, axe: Callable[[Page], None]
) -> None:
    be_jo(page)
    be_jo(phone)
    opened(page)
    axe(page)
    for each in (page, phone):
        opened(each, EVERYTHING)
        each.get_by_text("one by one").click()
        axe(each)
    for platform in pinned().values():
        page.get_by_role("button", name=platform.label, exact=True).click()
        expect(page.get_by_role("status")).to_contain_text(f"On {platform.name}: ")
        axe(page)


@pytest.mark.parametrize("path", [PATH, EVERYTHING])
def test_it_fits_a_phone(phone: Page, path: str) -> None:
    be_jo(phone)
    opened(phone, path)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
