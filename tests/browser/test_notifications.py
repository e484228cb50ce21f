"""The inbox and the lock screen in a browser, with and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from feed.models import Photo
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.usefixtures("demo_room")

PATH = "/feed/notifications/"
HARBOUR = "Harbour skyline at dusk"


def be(page: Page, name: str, *, path: str = PATH) -> None:
    """Is somebody else, on this page, and waits until it is there."""
    page.goto(path)
    page.get_by_role("button", name=re.compile("^You are")).click()
    page.get_by_role("dialog", name="Whose eyes?").get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=f"You are {name.split()[0]}")).to_be_visible()


def press_heart(page: Page, press: str) -> None:
    number = Photo.objects.get(title=HARBOUR, room__key="harbour").number
    page.goto(f"/feed/photo/{number}/")
    page.get_by_role("button", name=f"{press} “{HARBOUR}”").first.click()
    other = {"Like": "Unlike", "Unlike": "Like"}[press]
    expect(page.get_by_role("button", name=f"{other} “{HARBOUR}”").first).to_be_visible()


def harbours_likes(page: Page) -> Locator:
    """The line that tells of likes of one photo."""
    return page.locator(".told", has_text=HARBOUR).filter(has_text="liked your photo")


@pytest.mark.parametrize("script", ["with script", "without script"])
def test_a_like_arrives_and_its_unlike_takes_it_along(
    page: Page, page_without_js: Page, script: str
) -> None:
    page = page if script == "with script" else page_without_js
    be(page, "Ben Okafor")
    expect(harbours_likes(page)).to_have_text(re.compile("Leila and 6 others liked your photo"))
    be(page, "Ana Duarte")
    press_heart(page, "Like")
    be(page, "Ben Okafor")
    expect(harbours_likes(page)).to_have_text(re.compile("Ana and 7 others liked your photo"))
    be(page, "Ana Duarte")
    press_heart(page, "Unlike")
    be(page, "Ben Okafor")
    expect(harbours_likes(page)).to_have_text(re.compile("Leila and 6 others liked your photo"))
    expect(page.locator(".parcel").first).to_contain_text("Ana liked your photo")


@pytest.mark.parametrize("script", ["with script", "without script"])
def test_all_is_marked_as_read_and_not_read_after_all(
    page: Page, page_without_js: Page, script: str
) -> None:
    page = page if script == "with script" else page_without_js
    be(page, "Ben Okafor")
    new = page.locator(".told-new")
    expect(new).to_have_count(17)
    page.get_by_role("button", name="Mark all as read").click()
    undo = page.get_by_role("button", name="Not read after all")
    expect(undo).to_be_visible()
    expect(new).to_have_count(0)
    expect(page.get_by_text("Nothing is new.")).to_be_visible()
    if script == "with script":
        expect(undo).to_be_focused()
        expect(page.locator("#status")).to_have_text("All of it is marked as read.")
    page.reload()
    expect(new).to_have_count(0)
    undo.click()
    expect(page.get_by_role("button", name="Mark all as read")).to_be_visible()
    expect(new).to_have_count(17)


def test_the_phone_is_put_to_sleep_by_keyboard(phone: Page) -> None:
    be(phone, "Ben Okafor")
    screen = phone.get_by_text("It takes in a push as soon as one is sent.")
    expect(screen).to_be_hidden()
    phone.locator("#lock > summary").focus()
    phone.keyboard.press("Enter")
    expect(screen).to_be_visible()
    asleep = phone.get_by_role("link", name="Asleep")
    asleep.focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("It takes in pushes only when you look at the app.")).to_be_visible()
    expect(asleep).to_be_focused()
    expect(asleep).to_have_attribute("aria-current", "true")
    assert phone.url.endswith("?phone=asleep")
    phone.get_by_role("button", name="How long a push waits").press("Enter")
    expect(phone.get_by_role("dialog", name="How long a push waits for a phone")).to_be_visible()


def test_a_push_waits_for_a_phone_that_sleeps(page_without_js: Page) -> None:
    page = page_without_js
    be(page, "Ana Duarte")
    press_heart(page, "Like")
    be(page, "Ben Okafor")
    for link, state in (("Asleep", "On its way"), ("On", "Delivered")):
        page.get_by_role("link", name=link, exact=True).click()
        latest = page.locator(".parcel").first
        expect(latest).to_contain_text("Ana liked your photo")
        expect(latest).to_contain_text(state)
    page.get_by_role("link", name="Pushes off").click()
    expect(page.get_by_text("No push is sent to it.")).to_be_visible()
    expect(page.locator(".parcel")).to_have_count(0)


def test_a_push_and_what_is_never_announced_open_their_rules(page: Page) -> None:
    be(page, "Ben Okafor")
    page.locator(".parcel").first.click()
    rule = page.get_by_role("dialog", name="Push when you like")
    expect(rule).to_be_visible()
    rule.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="A like that is taken back is never announced here").click()
    expect(page.get_by_role("dialog", name="Told when you unlike")).to_be_visible()


def test_each_line_leads_to_what_it_tells_of(page: Page) -> None:
    be(page, "Ben Okafor")
    harbours_likes(page).click()
    expect(page).to_have_title(re.compile(f"^{HARBOUR}"))
    page.go_back()
    page.get_by_role("link", name="Nadia follows you").click()
    expect(page).to_have_title(re.compile("^Nadia"))


@pytest.mark.parametrize("platform", ["Instagram", "Facebook", "X"])
def test_the_platform_is_switched_in_place(page: Page, platform: str) -> None:
    be(page, "Ben Okafor")
    page.get_by_role("button", name=platform, exact=True).click()
    expect(page.get_by_text(f"What {platform} tells Ben now.")).to_be_visible()
    likes = {"Instagram": 1}.get(platform, 7)
    noun = {"X": "post"}.get(platform, "photo")
    found = page.locator(".told", has_text=HARBOUR).filter(has_text=f"liked your {noun}")
    expect(found).to_have_count(likes)


def nothing_sticks_out(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


@pytest.mark.parametrize("width", [360, 1000, 1440])
@pytest.mark.parametrize("name", ["Ben Okafor", "Ana Duarte"])
def test_it_is_accessible_and_fits_each_window(
    page: Page, axe: Callable[[Page], None], width: int, name: str
) -> None:
    be(page, name, path="/feed/")
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    for path in (PATH, f"{PATH}?phone=asleep", f"{PATH}?phone=silent&was=never"):
        page.goto(path)
        nothing_sticks_out(page)
        axe(page)
    page.goto(f"{PATH}?before=2020-01-01T00:00:00Z,like,1,a")
    expect(page.get_by_role("heading", name="There is nothing older")).to_be_visible()
    nothing_sticks_out(page)
    axe(page)
