"""Posting in a browser: by pointer and keyboard, with and without script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from feed.models import Photo
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_feed import opened
from tests.feed.test_pictures import picture, talkative

pytestmark = pytest.mark.usefixtures("demo_room")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(talkative())
    return path


def post(page: Page, file: Path) -> None:
    page.get_by_label("Photo", exact=True).set_input_files(file)
    page.get_by_label("Title").fill("Four colours")
    page.get_by_label("What is on it").fill("Red, green, blue and white")
    page.get_by_role("button", name="Post as Ana").click()


def test_from_file_to_photo_to_gone(page: Page, file: Path) -> None:
    opened(page, "/feed/post/")
    page.get_by_label("Photo", exact=True).set_input_files(file)
    expect(page.get_by_alt_text("The photo that you chose")).to_be_visible()
    page.get_by_role("button", name="Post as Ana").click()
    expect(page.get_by_label("Title")).to_be_focused()
    expect(page.get_by_text("Give it a title, of a word or two.")).to_be_visible()
    post(page, file)
    expect(page.get_by_role("heading", name="Four colours", level=1)).to_be_visible()
    shown = page.get_by_alt_text("Red, green, blue and white").first
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Title").fill("Colours")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Colours", level=1)).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("“Colours” is gone")).to_be_visible()


def test_it_works_without_script(page_without_js: Page, file: Path) -> None:
    page = page_without_js
    page.goto("/feed/post/")
    page.get_by_role("button", name="Post as Ana").click()
    expect(page.get_by_text("Choose a photo.")).to_be_visible()
    post(page, file)
    expect(page.get_by_role("heading", name="Four colours", level=1)).to_be_visible()


def test_pressed_twice_it_is_posted_once(page: Page, file: Path) -> None:
    opened(page, "/feed/post/")
    page.get_by_label("Photo", exact=True).set_input_files(file)
    page.get_by_label("Title").fill("Four colours")
    page.get_by_label("What is on it").fill("Red, green, blue and white")
    page.get_by_role("button", name="Post as Ana").dblclick()
    expect(page.get_by_role("heading", name="Four colours", level=1)).to_be_visible()
    assert Photo.objects.filter(title="Four colours").count() == 1


def test_what_is_too_large_is_said_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(16 * 2**20))
    opened(page, "/feed/post/")
    chooser = page.get_by_label("Photo", exact=True)
    chooser.set_input_files(large)
    assert chooser.evaluate("input => input.validationMessage") == (
        "Choose a photo of at most 15 MB."
    )


def test_its_pages_are_accessible(page: Page, axe: Callable[[Page], None], tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    picture().save(file)
    opened(page, "/feed/post/")
    post(page, file)
    expect(page.get_by_role("heading", name="Four colours", level=1)).to_be_visible()
    number = Photo.objects.get(title="Four colours").number
    for path in ("post/", f"photo/{number}/", f"photo/{number}/edit/", f"photo/{number}/remove/"):
        opened(page, f"/feed/{path}")
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
            axe(page)
    opened(page, "/feed/post/")
    page.get_by_role("button", name="Post as Ana").click()
    expect(page.get_by_text("Choose a photo.")).to_be_visible()
    axe(page)
