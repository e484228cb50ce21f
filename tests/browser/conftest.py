"""A real Chromium, watched: a page that asks other sites or logs an error fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # it does not start as root otherwise
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# Playwright's loop runs in the thread of the test, and Django takes the test for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

expect.set_options(timeout=10_000)


def chromium() -> str | None:
    """Where Chromium is; None leaves it to Playwright's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """Notes what pages did that they must not do."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.faults: list[str] = []
        self.allowed: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))

    def allow(self, text: str) -> None:
        """A console error that holds this text is what the test is about."""
        self.allowed.append(text)

    def found(self) -> list[str]:
        return [fault for fault in self.faults if not any(text in fault for text in self.allowed)]

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url.removeprefix("blob:"))  # what the page itself made
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.faults.append(f"asked another site: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")


@pytest.fixture(autouse=True)
def watch(live_server: LiveServer) -> Iterator[Watch]:
    watch = Watch(live_server.url)
    yield watch
    assert watch.found() == []


@pytest.fixture
def visitor(
    browser: Browser, live_server: LiveServer, watch: Watch
) -> Iterator[Callable[..., Page]]:
    """Opens pages, each for another visitor; takes the options of ``Browser.new_context``."""
    contexts: list[BrowserContext] = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(
            **{"base_url": live_server.url, "viewport": DESKTOP, "locale": "en", **options}
        )
        contexts.append(context)
        watch.follow(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    return visitor()


@pytest.fixture
def phone(visitor: Callable[..., Page]) -> Page:
    return visitor(viewport=PHONE, device_scale_factor=2, has_touch=True, is_mobile=True)


@pytest.fixture
def page_without_js(visitor: Callable[..., Page]) -> Page:
    return visitor(java_script_enabled=False)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Asserts that axe-core finds nothing on a page that is not accessible."""

    def assert_accessible(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return assert_accessible
