"""What every page has around it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch


def test_a_page_that_is_not_there_is_accessible(
    page: Page, axe: Callable[[Page], None], watch: Watch
) -> None:
    watch.allow("404")
    page.goto("/nothing-here/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    axe(page)
