"""Questions, claims and search as they are used."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

PAGES = [
    "/situations/",
    "/situations/notification-goes-away/",
    "/situations/leave-or-take-back/?on=youtube",
    "/situations/an-app-that-tells/",
    "/myths/",
    "/myths/not-told-means-not-known/",
    "/search/?q=notification",
    "/search/?q=instagramm",
]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_accessible_and_fits(
    page: Page, phone: Page, axe: Callable[[Page], None], address: str
) -> None:
    for each, width in ((page, 1440), (phone, 390)):
        each.goto(address)
        axe(each)
        assert each.evaluate("document.documentElement.scrollWidth") == width


def test_a_press_swaps_the_demo_alone(page: Page) -> None:
    page.goto("/situations/lock-screen/?on=x")
    answer = page.locator(".case-said").inner_text()
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    page.get_by_role("link", name="Look", exact=True).click()
    expect(page.locator("#try-demo .small-said")).to_have_text(
        "You can tell that Ana took a like back."
    )
    assert page.locator(".case-said").inner_text() == answer
    assert page.locator("h1").get_attribute("data-kept") == "yes"
    expect(page).to_have_url(re.compile(r"demo\.did=like-pause-unlike-look&demo\.seat=poster$"))
    page.go_back()
    expect(page.locator("#try-demo .small-said")).to_have_text(
        "Nothing that you have seen shows that anyone took a like back."
    )


def test_it_all_works_without_script(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/situations/")
    page.get_by_text("24 more platforms").click()
    page.get_by_role("link", name="GoToSocial").click()
    page.get_by_role("link", name="If I like it again, are they told twice?").click()
    expect(page.locator(".case-said")).to_have_text("No. Ben is told the first time only.")
    page.get_by_role("link", name="All questions").click()
    page.get_by_label("Words to look for").fill("app that tells")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".found-title").first).to_have_text(
        "Is there an app that tells me who unliked?"
    )


def test_the_evidence_opens(page: Page) -> None:
    page.goto("/situations/told-twice/?on=mastodon")
    page.locator(".case-rule").first.click()
    expect(page.get_by_role("dialog", name="A second like announced again")).to_be_visible()
