"""All platforms compared: by pointer, by keyboard, without script, and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch

PAGES = ["/compare/", "/compare/history/", "/compare/twitter/x/"]


def platforms(page: Page) -> list[str]:
    return page.locator("tbody .matrix-first").all_inner_texts()


def expect_address(page: Page, address: str) -> None:
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


@pytest.mark.parametrize("address", PAGES)
def test_it_is_accessible_and_fits(
    page: Page, phone: Page, axe: Callable[[Page], None], address: str
) -> None:
    for each, width in ((page, 1440), (phone, 390)):
        each.goto(address)
        axe(each)
        assert each.evaluate("document.documentElement.scrollWidth") == width


def test_pressing_an_answer_filters_by_it_and_back_lifts_it(page: Page) -> None:
    page.goto("/compare/")
    everything = platforms(page)
    page.get_by_role("button", name="List of unlikes: sort or filter").click()
    menu = page.get_by_role("dialog", name="Who sees a list of who took it back?")
    menu.get_by_role("link", name=re.compile("^The poster")).click()
    expect_address(page, "/compare/?list=the-poster")
    expect(page.get_by_role("dialog")).to_have_count(0)
    kept = platforms(page)
    assert "Twitter, as told" in kept
    assert len(kept) < len(everything)
    expect(page.get_by_role("status")).to_have_text(
        re.compile(f"^0 of {len(everything) - 3} platforms of today, and {len(kept)} apart")
    )
    page.go_back()
    expect_address(page, "/compare/")
    assert platforms(page) == everything


def test_a_menu_opens_and_closes_by_keyboard_and_gives_focus_back(page: Page) -> None:
    page.goto("/compare/")
    button = page.get_by_role("button", name="Number of unlikes: sort or filter")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Do they get a number of unlikes?")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Sort by this")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_choosing_a_question_sorts_and_shows_it_alone_on_a_phone(phone: Page) -> None:
    phone.goto("/compare/")
    expect(phone.locator("thead th:visible")).to_have_count(4)
    phone.get_by_label("Question to sort by").select_option("Who can look up what I like?")
    expect_address(phone, "sort=profile")
    expect(phone.locator("thead th:visible")).to_have_count(2)
    expect(phone.get_by_role("button", name="Looks up my likes")).to_be_visible()


def test_without_script_links_and_form_do_it_all(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/compare/?list=nobody")
    page.locator("#only").select_option("Companies")
    page.get_by_role("button", name="Show", exact=True).click()
    expect_address(page, "/compare/?list=nobody&only=companies&sort=exposed")
    names = platforms(page)
    page.get_by_role("link", name="Platform", exact=True).click()
    expect_address(page, "/compare/?sort=name&only=companies&list=nobody")
    assert platforms(page) == [
        *sorted(set(names) - {"Twitter to 2024"}, key=str.casefold),
        "Twitter to 2024",
    ]


@pytest.mark.parametrize("address", ["/compare/history/", "/compare/twitter/x/"])
def test_a_history_is_made_step_by_step_and_focus_stays(page: Page, address: str) -> None:
    page.goto(f"{address}?did=")
    like = page.locator("#press")
    like.focus()
    page.keyboard.press("Enter")
    expect_address(page, "?did=like")
    expect(page.locator("#press")).to_have_text("Unlike")
    expect(page.locator("#press")).to_be_focused()
    page.locator("#undo").click()
    expect_address(page, "?did=")


def test_the_history_reaches_every_platform_at_once(page: Page) -> None:
    page.goto("/compare/history/?did=like-look-unlike")
    title = page.locator(".through-title")
    before = title.inner_text()
    page.get_by_role("link", name="Let Ben look").click()
    expect(title).not_to_have_text(before)
    expect(title).to_have_text(re.compile(r"^On \d+ of \d+ platforms Ben can tell"))
    expect(page.get_by_role("status")).to_have_text(title.inner_text())


def test_each_phone_opens_its_own_evidence(page: Page, watch: Watch) -> None:
    page.goto("/compare/twitter/x/")
    for name, phone in zip(("Twitter", "X"), page.locator(".both-one").all(), strict=True):
        phone.locator(".tally").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        shown = page.get_by_role("dialog")
        assert shown.get_attribute("id") == f"rule-{name.lower()}-count-audience"
        page.keyboard.press("Escape")
