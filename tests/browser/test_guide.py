"""A chapter read with a pointer, by keyboard, on a phone, without script, and printed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from explainer.chapters import chapters

PATH = "/guide/instagram/"


@pytest.fixture(autouse=True)
def database(transactional_db: None) -> None:
    """A chapter counts its comments."""


def opened(page: Page, path: str = PATH) -> Page:
    page.goto(path)
    page.wait_for_function("window.htmx")
    return page


def spots(page: Page) -> list[str]:
    return page.locator(".small").evaluate_all("all => all.map(each => each.id)")


@pytest.mark.parametrize("slug", ["", *chapters()])
def test_it_is_accessible_and_fits(
    page: Page, phone: Page, axe: Callable[[Page], None], slug: str
) -> None:
    path = f"/guide/{slug}/" if slug else "/guide/"
    for each in (page, phone):
        opened(each, path)
        axe(each)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_a_press_changes_its_demo_alone_and_back_undoes_it(page: Page) -> None:
    first, second, *_ = spots(opened(page))
    demo, other = page.locator(f"#{first}"), page.locator(f"#{second}")
    before, unchanged = demo.inner_text(), other.inner_text()
    demo.locator(f"#{first}-press").click()
    expect(demo).not_to_have_text(before)
    expect(demo.locator(f"#{first}-press")).to_be_focused()
    assert other.inner_text() == unchanged
    expect(page).to_have_url(re.compile(f"{first.removeprefix('try-')}.did="))
    page.go_back()
    expect(page.locator(f"#{first}")).to_have_text(re.compile(re.escape(before.split("\n")[0])))
    assert page.locator(f"#{first}").inner_text() == before


def test_two_demos_keep_their_states_side_by_side(page: Page) -> None:
    first, second, *_ = spots(opened(page))
    for spot in (first, second, first):
        before = page.locator(f"#{spot}-press").inner_text()
        page.locator(f"#{spot}-press").click()
        expect(page.locator(f"#{spot}-press")).not_to_have_text(before)
    told = {spot: page.locator(f"#{spot} .small-beats").inner_text() for spot in (first, second)}
    page.reload()
    for spot, text in told.items():
        assert page.locator(f"#{spot} .small-beats").inner_text() == text


def test_presses_on_two_demos_in_a_row_are_both_taken(page: Page) -> None:
    first, second, *_ = spots(opened(page))
    for spot in (first, second):
        page.locator(f"#{spot}-press").click(no_wait_after=True)
    for spot in (first, second):
        expect(page).to_have_url(re.compile(f"{spot.removeprefix('try-')}.did="))


def test_by_keyboard(page: Page) -> None:
    first, *_ = spots(opened(page))
    press = page.locator(f"#{first}-press")
    press.focus()
    before = press.inner_text()
    page.keyboard.press("Enter")
    expect(press).not_to_have_text(before)
    expect(press).to_be_focused()
    expect(page.get_by_role("status")).not_to_be_empty()


def test_without_script_the_same_links_lead_to_the_same_states(page_without_js: Page) -> None:
    page = page_without_js
    page.goto(PATH)
    first = spots(page)[0]
    before = page.locator(f"#{first}-press").inner_text()
    page.locator(f"#{first}-press").click()
    assert page.url.endswith(f"#{first}")
    assert page.locator(f"#{first}-press").inner_text() != before


def test_the_evidence_opens_beside_the_words(page: Page) -> None:
    opened(page)
    rule = page.locator(".place-rule").first
    rule.click()
    dialog = page.locator(f"#{rule.get_attribute('popovertarget')}")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_text_and_demo_stand_side_by_side_and_one_above_the_other(page: Page, phone: Page) -> None:
    for each, beside in ((page, True), (phone, False)):
        opened(each)
        place = each.locator(".place:has(.place-demo)").first
        text, demo = (place.locator(css).bounding_box() for css in (".place-text", ".place-demo"))
        assert text
        assert demo
        assert (demo["x"] >= text["x"] + text["width"]) is beside
        assert (demo["y"] >= text["y"] + text["height"]) is not beside


def test_printed_it_is_text_alone(page: Page) -> None:
    opened(page)
    page.emulate_media(media="print")
    expect(page.locator(".place-text").first).to_be_visible()
    expect(page.locator(".small").first).to_be_hidden()


def test_nothing_moves_while_it_loads(page: Page) -> None:
    page.goto(PATH, wait_until="networkidle")
    shift = page.evaluate(
        """() => new Promise(resolve => {
            new PerformanceObserver(list => resolve(
                list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
            )).observe({type: 'layout-shift', buffered: true});
            setTimeout(() => resolve(0), 300);
        })"""
    )
    assert shift == 0
