"""Links that last, in a browser: copied, cited, embedded on somebody else's page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Watch

STORY = "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell it was you."
CLIPBOARD = ["clipboard-read", "clipboard-write"]
EMBED = "/embed/?on=instagram"
CITED = "/cite/?to=/%3Fon%3Dx&kind=phones"


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


# Copying


def test_copying_a_link_says_so_and_the_link_brings_back_the_same(
    visitor: Callable[..., Page],
) -> None:
    page = visitor(permissions=CLIPBOARD)
    page.goto("/?on=instagram&did=look-like-look")
    expect(page.locator("#demo-link")).to_be_hidden()
    page.locator("#press").click()
    page.wait_for_url("**did=look-like-look-unlike")
    page.locator("#look").click()
    expect(page.locator(".finding-said")).to_have_text(STORY)
    button = page.locator("#demo-copy")
    expect(page.locator("#demo-link")).to_be_hidden()
    button.click()
    expect(page.locator("#status")).to_have_text("Link copied")
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    expect(button).to_have_text("Copy link")
    link = clipboard(page)
    assert link.endswith("/?on=instagram&v=1")
    page.goto(link)
    expect(page.locator(".finding-said")).to_have_text(STORY)


def test_a_link_of_a_small_demo_leads_to_that_demo(visitor: Callable[..., Page]) -> None:
    page = visitor(permissions=CLIPBOARD)
    page.goto("/guide/instagram/")
    demo = page.locator(".small").first
    spot = demo.get_attribute("id") or ""
    demo.get_by_role("button", name="Copy link").click()
    expect(page.locator("#status")).to_have_text("Link copied")
    link = clipboard(page)
    assert re.search(rf"/guide/instagram/\?.*&v=1#{spot}$", link)
    page.goto(link)
    expect(page.locator(f"#{spot}")).to_be_in_viewport()


def test_without_a_clipboard_the_link_is_in_the_address_bar(page: Page) -> None:
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto("/?on=x")
    page.locator("#demo-copy").click()
    expect(page).to_have_url(re.compile(r"/\?on=x&v=1$"))


def test_without_script_the_link_is_a_link(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/?on=x")
    expect(page.locator("#demo-copy")).to_be_hidden()
    page.locator("#demo-link").click()
    expect(page).to_have_url(re.compile(r"/\?on=x&v=1$"))
    page.locator("#demo-cite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cite this")
    expect(page.locator("#cite-text")).to_contain_text(f"On X: “{STORY}”")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_a_citation_is_copied_as_it_is_written(visitor: Callable[..., Page]) -> None:
    page = visitor(permissions=CLIPBOARD)
    page.goto(CITED)
    for name, spot in (("as BibTeX", "bibtex"), ("as CSL-JSON", "csl"), ("the HTML", "embed")):
        page.get_by_role("button", name=re.compile(f"Cop.* {name}")).click()
        expect(page.locator("#status")).to_have_text("Copied")
        assert clipboard(page) == page.locator(f"#cite-{spot}").text_content()


# In a frame


@pytest.fixture
def elsewhere(live_server: LiveServer, watch: Watch) -> Iterator[Callable[[str], str]]:
    """Another site: gives the address of a page there with an address of this one in a frame.

    A server of its own, since Chromium lets no page that was made up ask this computer.
    """

    class Frame(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            address = escape(f"{live_server.url}{unquote(self.path)}")
            frame = f'<iframe src="{address}" width="600" height="900" title="Demo"></iframe>'
            self.wfile.write(f"<!doctype html><title>Elsewhere</title>{frame}".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Frame)
    Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    watch.allow(origin)
    yield lambda address: origin + address
    server.shutdown()
    server.server_close()


def test_an_embed_works_in_the_frame_of_another_site(
    page: Page, elsewhere: Callable[[str], str]
) -> None:
    page.goto(elsewhere(f"{EMBED}&did=look-like-look"))
    frame = page.frame_locator("iframe")
    frame.locator("#demo-press").click()
    frame.get_by_role("link", name="Let Ben look").click()
    expect(frame.locator(".small-said")).to_have_text(STORY)
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="The whole page").click()
    expect(opened.value.locator("h1")).to_have_text("Can they tell?")
    assert page.context.cookies() == []


def test_an_embed_works_without_script(
    page_without_js: Page, elsewhere: Callable[[str], str]
) -> None:
    page_without_js.goto(elsewhere(f"{EMBED}&did=look-like-look"))
    frame = page_without_js.frame_locator("iframe")
    frame.locator("#demo-press").click()
    frame.get_by_role("link", name="Let Ben look").click()
    expect(frame.locator(".small-said")).to_have_text(STORY)


def test_nothing_else_is_shown_in_a_frame(
    page: Page, elsewhere: Callable[[str], str], watch: Watch
) -> None:
    watch.allow("frame-ancestors")
    watch.allow("chrome-error:")
    page.goto(elsewhere("/?on=instagram"))
    expect(page.frame_locator("iframe").get_by_text(STORY)).to_have_count(0)
    assert any("frame-ancestors" in fault for fault in watch.faults)


@pytest.mark.parametrize("kind", ["phones", "count", "tracker"])
def test_an_embed_fits_a_narrow_frame(visitor: Callable[..., Page], kind: str) -> None:
    page = visitor(viewport={"width": 320, "height": 720})
    page.goto(f"{EMBED}&kind={kind}")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


# As it is


@pytest.mark.parametrize("address", [CITED, EMBED, f"{EMBED}&kind=tracker", f"{EMBED}&v=9"])
def test_it_is_accessible(
    page: Page, phone: Page, axe: Callable[[Page], None], address: str
) -> None:
    for each in (page, phone):
        each.goto(address)
        axe(each)


def test_questions_for_search_engines_need_no_exception_from_the_policy(page: Page) -> None:
    page.goto("/guide/questions/")
    data = page.locator("script[type='application/ld+json']")
    expect(data).to_have_count(1)
    assert '"FAQPage"' in (data.text_content() or "")
