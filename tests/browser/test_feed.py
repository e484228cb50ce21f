"""The feed in a browser: presses, eyes, platforms and turned cards, with and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from feed.models import Photo
from feed.modes import platforms
from feed.views.pages import PAGE
from tests.browser.conftest import DESKTOP, PHONE, Watch
from tests.disclosure.cast import PINNED

pytestmark = pytest.mark.usefixtures("demo_room")

HARBOUR = "Harbour skyline at dusk"


@pytest.fixture
def harbour() -> int:
    """The number of Ben's newest photo, which Ana has not liked; the first in her feed."""
    return Photo.objects.get(title=HARBOUR, room__key="harbour").number


def opened(page: Page, path: str = "/feed/") -> Page:
    page.goto(path)
    page.wait_for_function("window.htmx")
    return page


def heart(page: Page | Locator, press: str) -> Locator:
    return page.get_by_role("button", name=f"{press} “{HARBOUR}”", exact=True)


def shows(card: Locator, text: str) -> None:
    """As it is to be seen: the number that the next press would bring is there and hidden."""
    expect(card).to_contain_text(text, use_inner_text=True)


def be(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("^You are")).click()
    page.get_by_role("dialog", name="Whose eyes?").get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=f"You are {name.split()[0]}")).to_be_visible()


def test_like_and_unlike_by_pointer(page: Page, harbour: int) -> None:
    card = opened(page).locator(f"#photo-{harbour}")
    shows(card, "7 likes")
    heart(card, "Like").click()
    expect(heart(card, "Unlike")).to_be_focused()
    shows(card, "8 likes")
    expect(card).to_contain_text("Liked by you, leila and others")
    page.reload()
    shows(card, "8 likes")
    heart(card, "Unlike").click()
    shows(card, "7 likes")
    expect(card).to_contain_text("Liked by leila, arjan and others")
    assert page.url.endswith("/feed/")


def test_like_and_unlike_by_keyboard(page: Page, harbour: int) -> None:
    opened(page)
    heart(page, "Like").focus()
    page.keyboard.press("Enter")
    expect(heart(page, "Unlike")).to_be_focused()
    page.keyboard.press("Space")
    expect(heart(page, "Like")).to_be_focused()
    shows(page.locator(f"#photo-{harbour}"), "7 likes")


def test_the_heart_answers_before_the_server_does_and_takes_it_back_if_it_fails(
    page: Page, harbour: int, watch: Watch
) -> None:
    watch.allow("htmx:")
    watch.allow("Failed to load resource")
    number = opened(page).locator(f"#photo-{harbour} .photo-count")
    pending: list[Route] = []
    page.route("**/like/", lambda route: pending.extend([route]))
    heart(page, "Like").click()
    expect(number).to_have_text("8 likes", use_inner_text=True)
    pending[0].abort()
    expect(number).to_have_text("7 likes", use_inner_text=True)
    expect(page.get_by_role("alert")).to_contain_text("The site cannot be reached.")
    expect(heart(page, "Like")).to_be_focused()


def test_a_double_press_likes_once(page: Page, harbour: int, watch: Watch) -> None:
    watch.allow("htmx:")
    opened(page)
    heart(page, "Like").dblclick()
    expect(heart(page, "Unlike")).to_be_visible()
    shows(page.locator(f"#photo-{harbour}"), "8 likes")
    page.reload()
    shows(page.locator(f"#photo-{harbour}"), "8 likes")


def test_two_visitors_do_not_see_each_others_presses(visitor: Callable[..., Page]) -> None:
    one, other = opened(visitor()), opened(visitor())
    heart(one, "Like").click()
    expect(heart(one, "Unlike")).to_be_visible()
    other.reload()
    expect(heart(other, "Like")).to_be_visible()
    heart(other, "Like").click()
    expect(heart(other, "Unlike")).to_be_visible()
    heart(other, "Unlike").click()
    expect(heart(other, "Like")).to_be_visible()
    one.reload()
    expect(heart(one, "Unlike")).to_be_visible()


def test_from_like_to_being_found_out(page: Page, harbour: int) -> None:
    """The main job, on the photo's page: both sides beside each other."""
    opened(page, f"/feed/photo/{harbour}/")
    finding = page.get_by_role("region", name="What follows")
    theirs = page.locator(".photo-back")
    heart(page, "Like").click()
    expect(theirs).to_contain_text("Ana liked your photo")
    for press, told in (
        ("Let Ben look", "Ben knows that you like it."),
        (f"Unlike “{HARBOUR}”", "Ben was not told. When he last looked, you liked it."),
        ("Let Ben look", "so he can tell it was you."),
    ):
        button = page.get_by_role("button", name=press)
        button.click()
        expect(finding).to_contain_text(told)
        expect(page.get_by_role("status")).to_contain_text(told)
    expect(button).to_be_focused()
    expect(theirs).to_contain_text("“Ana liked your photo” was withdrawn")
    expect(theirs).to_contain_text("Someone took one back.")
    page.get_by_role("button", name="Twitter, as told").click()
    expect(finding).to_contain_text("Ben is told outright")
    expect(page.get_by_role("button", name="Twitter, as told")).to_be_focused()


def test_a_hidden_row_opens_the_rule_that_hides_it(page: Page) -> None:
    opened(page)
    page.get_by_role("button", name="X", exact=True).click()
    page.get_by_role("button", name="Names hidden").first.click()
    rule = page.get_by_role("dialog", name="Who sees the names of who likes it")
    expect(rule).to_contain_text("Only the poster sees that you like their post")
    page.keyboard.press("Escape")
    expect(rule).to_be_hidden()


def test_eyes_are_one_press_away_and_remembered(page: Page, harbour: int) -> None:
    opened(page, f"/feed/photo/{harbour}/")
    be(page, "Ben Okafor")
    expect(page.locator(".photo-back")).to_contain_text("Your side")
    expect(page).to_have_url(re.compile(rf"/feed/photo/{harbour}/$"))
    page.get_by_role("link", name="Feed", exact=True).first.click()
    expect(page.get_by_role("button", name="You are Ben")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(rf"/feed/photo/{harbour}/$"))
    expect(page.get_by_role("button", name="You are Ben")).to_be_visible()


def test_back_after_a_press_shows_it(page: Page, harbour: int) -> None:
    opened(page)
    page.locator(f"#photo-{harbour} time").click()
    heart(page, "Like").click()
    expect(heart(page, "Unlike")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/feed/$"))
    expect(heart(page, "Unlike")).to_be_visible()


def test_back_after_a_mode_shows_the_mode(page: Page, harbour: int) -> None:
    opened(page)
    page.locator(f"#photo-{harbour} time").click()
    page.get_by_role("button", name="Facebook").click()
    facebook = page.get_by_role("button", name="Facebook", pressed=True)
    expect(facebook).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/feed/$"))
    expect(facebook).to_be_visible()


def test_a_card_turns_and_back_turns_it_back(page: Page, harbour: int) -> None:
    opened(page)
    card, turn = page.locator(f"#photo-{harbour}"), page.locator(f"#turn-{harbour}")
    turn.focus()
    page.keyboard.press("Enter")
    expect(card.get_by_role("heading", name="Ben’s side")).to_be_visible()
    expect(turn).to_be_focused()
    expect(page).to_have_url(re.compile(rf"/feed/\?turned={harbour}$"))
    heart(page, "Like").click()
    expect(card).to_contain_text("Ana liked your photo")
    page.go_back()
    shows(card, "8 likes")
    expect(card.get_by_role("heading", name="Ben’s side")).to_be_hidden()
    page.go_forward()
    expect(card.get_by_role("heading", name="Ben’s side")).to_be_visible()
    turn.click()
    expect(heart(card, "Unlike")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/feed/$"))


def test_older_photos_are_added_below(page: Page) -> None:
    opened(page)
    photos = page.locator(".photo")
    expect(photos).to_have_count(PAGE)
    page.get_by_role("link", name="More photos").click()
    expect(photos.nth(PAGE)).to_be_focused()
    all_of_them = photos.count()
    added = photos.nth(PAGE).get_by_role("button", name=re.compile("^(Like|Unlike) "))
    was = added.inner_text()
    added.click()
    expect(added).not_to_have_text(was)
    expect(photos).to_have_count(all_of_them)


def test_everything_works_without_script(page_without_js: Page, harbour: int) -> None:
    page = page_without_js
    page.goto("/feed/")
    heart(page, "Like").click()
    expect(page).to_have_url(re.compile(rf"/feed/#photo-{harbour}$"))
    expect(heart(page, "Unlike")).to_be_visible()
    page.get_by_role("link", name="See Ben’s side").first.click()
    page.get_by_role("button", name="Let Ben look").click()
    expect(page.locator(".finding-said")).to_have_text("Ben knows that you like it.")
    heart(page, "Unlike").click()
    page.get_by_role("button", name="Let Ben look").click()
    expect(page.locator(".finding-said")).to_contain_text("so he can tell it was you")
    page.get_by_role("button", name="Twitter, as told").click()
    expect(page.locator(".finding-said")).to_contain_text("Ben is told outright")
    page.get_by_role("link", name="Back to the photo").click()
    be(page, "Mika Tanaka")
    page.get_by_role("link", name="More photos").click()
    expect(page.get_by_role("link", name="To the first photos")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="To the first photos")).to_be_hidden()


def test_a_page_outdated_by_another_tab_says_so(page: Page) -> None:
    opened(page)
    be(opened(page.context.new_page()), "Jo Lindqvist")
    heart(page, "Like").click()
    expect(page.get_by_text("You are Jo Lindqvist since another tab")).to_be_visible()
    expect(page.get_by_role("button", name="You are Jo")).to_be_visible()


def test_quick_presses_lose_nothing(page: Page, harbour: int, watch: Watch) -> None:
    """Each is made while the answer to the one before is still on its way."""
    watch.allow("htmx:")
    opened(page, f"/feed/photo/{harbour}/")
    held: list[Route] = []
    page.route(f"**/feed/photo/{harbour}/like/", lambda route: held.extend([route]))
    heart(page, "Like").click()
    page.get_by_role("button", name="Facebook").click()
    expect(page.get_by_role("button", name="Facebook", pressed=True)).to_be_visible()
    held[0].continue_()
    expect(heart(page, "Unlike")).to_be_visible()
    heart(page, "Unlike").click()
    page.get_by_role("button", name="Let Ben look").click()
    expect(heart(page, "Like")).to_be_visible()
    expect(page.locator(".finding-looked")).to_contain_text(re.compile(r"Last look: \d\d:\d\d$"))


@pytest.mark.parametrize("slug", PINNED)
def test_it_is_accessible_in_every_mode(
    page: Page, axe: Callable[[Page], None], harbour: int, slug: str
) -> None:
    """With everything that can be there: a like taken back between two looks."""
    label = platforms()[slug].label
    opened(page, f"/feed/photo/{harbour}/")
    with page.expect_response(re.compile(rf"/feed/photo/{harbour}/$")):
        page.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_role("button", name=label, exact=True, pressed=True)).to_be_focused()
    heart(page, "Like").click()
    expect(heart(page, "Unlike")).to_be_visible()
    page.get_by_role("button", name="Let Ben look").click()
    expect(page.locator(".finding-said")).to_have_text("Ben knows that you like it.")
    heart(page, "Unlike").click()
    expect(heart(page, "Like")).to_be_visible()
    page.get_by_role("button", name="Let Ben look").click()
    expect(page.locator(".finding-said")).to_contain_text("it was you")
    turned = f"/feed/?turned={harbour}"
    for path in (f"/feed/photo/{harbour}/", turned, "/feed/", "/feed/people/ben.okafor/"):
        opened(page, path)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
            axe(page)


def test_its_other_pages_are_accessible(
    phone: Page, axe: Callable[[Page], None], watch: Watch
) -> None:
    watch.allow("Failed to load resource")
    for path in ("/feed/photo/4711/", "/feed/?before=1"):
        axe(opened(phone, path))
    opened(phone)
    phone.get_by_role("button", name=re.compile("^You are")).click()
    axe(phone)
    phone.keyboard.press("Escape")
    phone.get_by_text("What Instagram tells").click()
    phone.get_by_role("button", name="Told when you unlike").click()
    axe(phone)
