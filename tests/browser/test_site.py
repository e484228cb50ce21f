"""What every page has around it, seen on the plainest page there is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch

PLAIN = "/nothing-here/"


@pytest.fixture(autouse=True)
def plain(watch: Watch) -> None:
    """The page is answered with 404, which Chromium logs."""
    watch.allow("Failed to load resource")


def ask(page: Page, path: str) -> None:
    """Let htmx ask for a path, as a control on the page would."""
    page.wait_for_function("window.htmx")
    page.evaluate(
        "path => { htmx.ajax('GET', path, {target: 'h1', swap: 'outerHTML'}).catch(() => {}) }",
        path,
    )


def test_it_is_accessible(page: Page, phone: Page, axe: Callable[[Page], None]) -> None:
    for each in (page, phone):
        each.goto(PLAIN)
        expect(each.get_by_role("heading", level=1)).to_have_text("There is nothing here")
        axe(each)


def test_the_first_key_press_offers_to_skip_to_the_content(page: Page) -> None:
    page.goto(PLAIN)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_it_fits_a_phone(phone: Page) -> None:
    phone.goto(PLAIN)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_its_fonts_are_its_own(page: Page) -> None:
    page.goto(PLAIN)
    page.evaluate("document.fonts.ready")
    loaded = "[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)"
    assert set(page.evaluate(loaded)) == {"Bricolage Grotesque", "Figtree"}


def test_a_refused_press_says_what_to_do(page: Page, watch: Watch) -> None:
    watch.allow("Response Status Error Code 404")
    page.goto(PLAIN)
    alert = page.get_by_role("alert")
    expect(alert).to_be_hidden()
    ask(page, "/nothing-here-either/")
    expect(alert).to_contain_text("That is no longer there. Reload the page to see what is.")
    alert.get_by_role("link", name="Reload").click()
    expect(alert).to_be_hidden()
    expect(page).to_have_url(f"{page.url.removesuffix(PLAIN)}{PLAIN}")


def test_a_lost_connection_is_told_until_it_is_back(page: Page, watch: Watch) -> None:
    watch.allow("htmx:")
    page.goto(PLAIN)
    page.route("**/part/", lambda route: route.abort())
    ask(page, "/part/")
    expect(page.get_by_role("alert")).to_contain_text("The site cannot be reached.")
    page.unroute("**/part/")
    page.route("**/part/", lambda route: route.fulfill(body="<h1>Part</h1>"))
    ask(page, "/part/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Part")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_news_in_a_part_that_arrives_is_announced(page: Page) -> None:
    page.route(
        "**/part/",
        lambda route: route.fulfill(
            body="<div><h1>Part</h1><p class='visually-hidden' data-announce>8 likes</p></div>"
        ),
    )
    page.goto(PLAIN)
    expect(page.get_by_role("status")).to_have_text("")
    ask(page, "/part/")
    expect(page.get_by_role("status")).to_have_text("8 likes")


def test_nothing_runs_from_strings(page: Page, watch: Watch) -> None:
    """The policy holds in the browser too: neither inline script nor inline style is applied."""
    watch.allow("Content Security Policy")
    page.goto(PLAIN)
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            document.querySelector("h1").setAttribute("style", "color: rgb(1, 2, 3)");
        }"""
    )
    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(1, 2, 3)"


EDGES = """() => {
    const edge = element => {
        const style = getComputedStyle(element);
        return element.getBoundingClientRect().left + parseFloat(style.paddingLeft);
    };
    return [".logo", ".site-footer", "main h1"]
        .map(selector => Math.round(edge(document.querySelector(selector))));
}"""


@pytest.mark.parametrize(
    "path",
    [
        PLAIN,
        "/changes/",
        "/compare/",
        "/compare/history/",
        "/compare/instagram/x/",
        "/credits/",
        "/guide/",
        "/guide/questions/",
        "/myths/",
        "/myths/quick-enough/",
        "/platforms/data/",
        "/privacy/",
        "/search/",
        "/sign-in/",
        "/situations/",
        "/situations/told-of-the-unlike/",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_header_page_and_footer_begin_at_one_edge(page: Page, path: str) -> None:
    page.goto(path)
    for width in (390, 1366, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert len(set(page.evaluate(EDGES))) == 1
