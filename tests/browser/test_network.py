"""What one expects of a photo network, in a browser: by pointer, by keyboard and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from feed.models import Event, Photo
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_feed import HARBOUR, be, heart, opened

pytestmark = pytest.mark.usefixtures("demo_room")


@pytest.fixture
def harbour() -> int:
    return Photo.objects.get(title=HARBOUR, room__key="harbour").number


def comments(page: Page) -> Locator:
    return page.locator(".comment")


def test_a_photo_pressed_twice_is_liked_and_stays_so(page: Page, harbour: int) -> None:
    picture = opened(page).locator(f"#photo-{harbour} .photo-image")
    picture.dblclick()
    expect(heart(page, "Unlike")).to_be_visible()
    picture.dblclick()
    page.reload()
    expect(heart(page, "Unlike")).to_be_visible()


def test_keys_walk_like_turn_and_tell(page: Page, harbour: int) -> None:
    photos = opened(page).locator(".cards .photo")
    page.keyboard.press("j")
    expect(photos.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(photos.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(photos.nth(0)).to_be_focused()
    page.keyboard.press("l")
    expect(heart(page, "Unlike")).to_be_visible()
    page.keyboard.press("l")
    expect(heart(page, "Like")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator(f"#photo-{harbour} .photo-back")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_keys_are_letters_where_one_writes(page: Page, harbour: int) -> None:
    opened(page, f"/feed/photo/{harbour}/")
    page.get_by_label("Write a comment as Ana").press_sequentially("jolly tilt?")
    expect(page.get_by_label("Write a comment as Ana")).to_have_value("jolly tilt?")
    expect(heart(page, "Like")).to_be_visible()


def write_and_delete(page: Page, harbour: int) -> None:
    page.goto(f"/feed/photo/{harbour}/")
    expect(comments(page)).to_have_count(1)
    page.get_by_label("Write a comment as Ana").fill("Which ferry <b>was</b> it?")
    page.get_by_role("button", name="Send").click()
    expect(comments(page)).to_have_count(2)
    expect(comments(page).last).to_contain_text("ana Which ferry <b>was</b> it?")
    expect(page.get_by_role("button", name="Delete your comment")).to_have_count(1)
    page.get_by_role("button", name="Delete your comment").click()
    expect(comments(page)).to_have_count(1)


def test_a_comment_is_written_and_deleted(page: Page, harbour: int) -> None:
    write_and_delete(page, harbour)


def test_a_comment_is_written_and_deleted_without_script(
    page_without_js: Page, harbour: int
) -> None:
    write_and_delete(page_without_js, harbour)


def test_following_is_one_press_and_so_is_its_end(page: Page) -> None:
    opened(page, "/feed/people/quinn/")
    button = page.locator("#follow")
    expect(button).to_have_text("Follow Quinn")
    button.click()
    expect(button).to_contain_text("Following")
    expect(button).to_be_focused()
    button.click()
    expect(button).to_have_text("Follow Quinn")


def test_a_share_reaches_ones_followers(page: Page) -> None:
    """Ana does not follow Quinn; Jo does, and Ana follows Jo."""
    quinns = Photo.objects.filter(poster__handle="quinn").latest("posted_at")
    quinns.shares.all().delete()
    share = page.locator(f"#share-{quinns.number}")
    opened(page)
    be(page, "Jo Lindqvist")
    page.goto(f"/feed/photo/{quinns.number}/")
    share.click()
    expect(share).to_have_attribute("aria-pressed", "true")
    be(page, "Ana Duarte")
    page.goto("/feed/?order=time")
    card = page.locator(f"#photo-{quinns.number}")
    expect(card).to_contain_text("Jo shared this")


def test_a_block_hides_both_and_can_be_undone(page: Page) -> None:
    opened(page, "/feed/people/ben.okafor/")
    expect(page.locator(".tile")).to_have_count(3)
    page.get_by_role("button", name="Block").click()
    expect(page.get_by_text("You have blocked Ben.")).to_be_visible()
    page.goto("/feed/explore/")
    expect(page.get_by_alt_text(re.compile("City towers at dusk"))).to_have_count(0)
    page.goto("/feed/people/ben.okafor/")
    page.get_by_role("button", name="Unblock Ben").click()
    expect(page.locator(".tile")).to_have_count(3)


def test_search_finds_while_one_writes_and_without_script(
    page: Page, page_without_js: Page
) -> None:
    opened(page, "/feed/search/")
    page.get_by_label("Search people and photos").press_sequentially("kitten")
    expect(page.locator(".tile")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=kitten$"))
    page_without_js.goto("/feed/explore/")
    page_without_js.get_by_label("Search people and photos").fill("lindqvist")
    page_without_js.get_by_role("button", name="Search").click()
    page_without_js.get_by_role("link", name="Jo Lindqvist").click()
    expect(page_without_js.get_by_role("heading", name="Jo Lindqvist")).to_be_visible()


def replayed(page: Page, number: int) -> None:
    page.goto(f"/feed/photo/{number}/?then=0")
    expect(page.locator(".then")).to_contain_text("Jo posted it.")
    expect(page.locator(".photo-count")).to_have_text("0 likes")
    page.get_by_role("link", name="After").click()
    expect(page.locator(".then")).not_to_contain_text("Jo posted it.")
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator(".then")).to_have_count(0)


def test_the_past_can_be_seen_by_link_and_by_slider(page: Page, page_without_js: Page) -> None:
    kitten = Photo.objects.get(title="Kitten on a bench", room__key="harbour").number
    replayed(page_without_js, kitten)
    replayed(page, kitten)
    opened(page, f"/feed/photo/{kitten}/")
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(page.locator(".then")).to_contain_text("Jo posted it.")
    expect(page).to_have_url(re.compile(r"then=0$"))
    expect(page.get_by_role("slider")).to_be_focused()
    page.go_back()
    expect(page.locator(".then")).to_have_count(0)


def test_the_log_tells_all_and_leads_into_the_past(page: Page) -> None:
    kitten = Photo.objects.get(title="Kitten on a bench", room__key="harbour").number
    opened(page, f"/feed/photo/{kitten}/log/")
    row = page.locator(".log-row").filter(has_text="Ana unliked it")
    row.get_by_role("link").click()
    expect(page.locator(".then")).to_contain_text("Ana unliked it.")


def test_leaving_asks_first_and_makes_one_somebody_else(page: Page) -> None:
    opened(page, "/feed/people/ana/")
    page.get_by_role("link", name="Leave").click()
    page.get_by_role("link", name="Stay").click()
    page.get_by_role("link", name="Leave").click()
    page.get_by_role("button", name="Leave as Ana").click()
    expect(page.get_by_text("Ana Duarte has left. You are somebody else now.")).to_be_visible()
    expect(page.get_by_role("button", name="You are Ben")).to_be_visible()


def test_time_on_the_screen_is_kept_once_the_room_is_ones_own(page: Page, harbour: int) -> None:
    views = Event.objects.filter(action="view", room__original__isnull=False, person__handle="ana")
    opened(page)
    heart(page, "Like").click()
    expect(heart(page, "Unlike")).to_be_visible()
    seeded = views.count()
    opened(page)
    page.wait_for_timeout(1100)
    page.goto("/feed/explore/")
    page.wait_for_timeout(500)
    newest = views.order_by("-at").first()
    assert views.count() > seeded
    assert newest is not None
    assert newest.photo is not None
    assert 1 <= (newest.seconds or 0) <= 10


def test_its_pages_are_accessible(page: Page, axe: Callable[[Page], None], harbour: int) -> None:
    for path in (
        "explore/",
        "search/?q=mika",
        "search/?q=nothing+of+this+kind",
        "people/ana/",
        "people/ben.okafor/likes/",
        "people/ben.okafor/followers/",
        "people/ben.okafor/following/",
        f"photo/{harbour}/?then=3",
        f"photo/{harbour}/log/",
        "leave/",
    ):
        opened(page, f"/feed/{path}")
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
            axe(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "path", ["", "?order=time", "explore/", "photo/30/", "people/ana/", "order/", "insights/"]
)
def test_nothing_moves_while_it_loads(
    visitor: Callable[..., Page], path: str, size: dict[str, int]
) -> None:
    page = visitor(viewport=size)
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver(list => {
            window.shifts.push(...list.getEntries().map(entry => entry.value));
        }).observe({type: "layout-shift", buffered: true});"""
    )
    page.goto(f"/feed/{path}", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    assert round(sum(page.evaluate("window.shifts")), 3) == 0
