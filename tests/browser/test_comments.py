"""Comments under a chapter in a browser, and the page that says what is kept of them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from explainer.comments import PAGE
from explainer.models import Comment, State
from tests.explainer.test_comments import PATH, nobody_counted, stands, two_chapters

__all__ = ["nobody_counted", "two_chapters"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("two_chapters")]


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers of tests write faster than people."""
    monkeypatch.setattr("explainer.forms.QUICKEST", timedelta(0))


def opened(page: Page) -> Page:
    page.goto(PATH)
    return page


def text(page: Page) -> Locator:
    return page.get_by_label("Your comment", exact=True)


def send(page: Page, words: str) -> None:
    text(page).fill(words)
    page.get_by_role("button", name="Send").click()


def yours(page: Page) -> Locator:
    return page.get_by_role("list", name="Yours, which only you see").get_by_role("listitem")


@pytest.mark.usefixtures("unhurried")
def test_from_words_to_gone(page: Page) -> None:
    opened(page)
    page.get_by_label("Your name").fill("Ana")
    send(page, "One line\nand another")
    notice = page.locator(".talk-notice")
    expect(notice).to_contain_text("Thank you. Somebody reads it before others see it.")
    expect(notice).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(notice.locator("p").inner_text())
    expect(yours(page)).to_contain_text("Only you see this until somebody has read it.")
    assert yours(page).locator(".talk-said").inner_text() == "One line\nand another"
    expect(text(page)).to_have_value("")
    page.reload()
    expect(notice).to_have_count(0)
    expect(yours(page)).to_have_count(1)
    Comment.objects.update(state=State.APPROVED)
    page.reload()
    expect(page.get_by_role("heading", name="1 comment", exact=True)).to_be_visible()
    page.get_by_role("button", name="Delete your comment “One line and another”").click()
    expect(notice).to_have_text("Your comment is deleted. Nothing of it is kept.")
    assert Comment.objects.count() == 0


@pytest.mark.usefixtures("unhurried")
def test_the_keyboard_alone_writes_and_undoes(page: Page) -> None:
    opened(page)
    page.get_by_label("Your name").focus()
    page.keyboard.type("Ana")
    page.keyboard.press("Tab")
    page.keyboard.type("Words")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".talk-notice")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".talk-notice")).to_contain_text("Your comment is deleted.")
    assert Comment.objects.count() == 0


def test_too_quick_is_told_and_can_be_sent_again(page: Page) -> None:
    opened(page)
    send(page, "Quick words")
    alert = page.locator("#comment-wrong")
    expect(alert).to_contain_text("That was quicker than people write")
    expect(page.get_by_role("status")).to_contain_text("That was quicker than people write")
    expect(text(page)).to_be_focused()
    expect(text(page)).to_have_value("Quick words")
    assert Comment.objects.count() == 0
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Send").click()
    expect(yours(page)).to_contain_text("Quick words")


@pytest.mark.usefixtures("unhurried")
def test_it_works_without_script(page_without_js: Page) -> None:
    page = opened(page_without_js)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("There is nothing in it yet. Write a word or two.")).to_be_visible()
    expect(text(page)).to_be_focused()
    send(page, "Words")
    expect(yours(page)).to_contain_text("Words")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".talk-notice")).to_contain_text("Your comment is deleted.")
    assert Comment.objects.count() == 0


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("script", [True, False])
def test_pressed_twice_it_is_there_once(visitor: Callable[..., Page], script: bool) -> None:
    page = opened(visitor(java_script_enabled=script))
    text(page).fill("Words")
    page.get_by_role("button", name="Send").dblclick()
    expect(yours(page)).to_have_count(1)
    assert Comment.objects.count() == 1


def test_nobody_finds_the_trap(page: Page) -> None:
    opened(page)
    expect(page.locator("#comment-website")).to_be_hidden()
    expect(page.get_by_role("textbox")).to_have_count(2)


def test_later_comments_come_and_go_in_place(page: Page) -> None:
    for n in range(PAGE + 2):
        stands(f"Comment {n}", State.APPROVED)
    opened(page)
    said = page.locator(".talk-said")
    expect(said).to_have_count(PAGE)
    page.get_by_role("link", name="Later comments").click()
    expect(said).to_have_text([f"Comment {PAGE}", f"Comment {PAGE + 1}"])
    page.get_by_role("link", name="From the first one").click()
    expect(said).to_have_count(PAGE)


@pytest.mark.usefixtures("unhurried")
def test_it_is_accessible_and_fits_in_every_state(
    page: Page, phone: Page, axe: Callable[[Page], None]
) -> None:
    stands("x" * 300, State.APPROVED, name="n" * 60)
    for each in (page, phone):
        opened(each)
        width = each.evaluate("innerWidth")
        axe(each)
        send(each, "")
        expect(each.locator("#comment-text_error")).to_be_visible()
        axe(each)
        send(each, f"Words in {width} pixels https://example.org/{'y' * 200}")
        expect(yours(each)).to_have_count(1)
        Comment.objects.filter(text__startswith=f"Words in {width}").update(state=State.REFUSED)
        axe(each)
        each.reload()
        expect(yours(each)).to_contain_text("Somebody has read this and does not show it.")
        axe(each)
        assert each.evaluate("document.documentElement.scrollWidth") == width


def test_what_is_kept_is_accessible_and_fits(
    page: Page, phone: Page, axe: Callable[[Page], None]
) -> None:
    for each in (page, phone):
        each.goto("/privacy/")
        axe(each)
        opened_fields = each.evaluate(
            "[...document.querySelectorAll('details')].map(one => one.open = true).length"
        )
        assert opened_fields > 10
        axe(each)
        width = each.evaluate("innerWidth")
        assert each.evaluate("document.documentElement.scrollWidth") == width


def test_what_is_kept_of_a_comment_is_a_link_away(page: Page) -> None:
    opened(page).get_by_role("link", name="What is kept").click()
    expect(
        page.get_by_role("heading", name="If you write a comment under a chapter")
    ).to_be_in_viewport()
    page.get_by_text("8 fields of Comments under chapters").click()
    expect(page.get_by_text("a hash of the random key in your browser")).to_be_visible()


@pytest.mark.usefixtures("unhurried")
def test_a_chapter_gets_them_when_it_is_scrolled_to(page: Page) -> None:
    stands("Words", State.APPROVED)
    page.set_viewport_size({"width": 390, "height": 160})
    page.goto("/guide/counts/")
    page.wait_for_function("window.htmx")
    to_comments = page.get_by_role("link", name="1 comment", exact=True)
    expect(to_comments).to_have_attribute("href", PATH)
    page.wait_for_timeout(300)
    expect(page.locator(".talk-said")).to_have_count(0)
    to_comments.scroll_into_view_if_needed()
    expect(page.locator(".talk-said")).to_have_text("Words")
    expect(to_comments).to_have_count(0)
    send(page, "Mine")
    expect(yours(page)).to_contain_text("Mine")
    expect(page).to_have_url(re.compile("/guide/counts/$"))


@pytest.mark.parametrize(
    ("there", "link", "heading"),
    [(0, "Write the first comment", "Write a comment"), (2, "2 comments", "2 comments")],
)
def test_the_focus_goes_on_where_the_link_was(
    page: Page, there: int, link: str, heading: str
) -> None:
    """It is lost else: the link goes as soon as the Tab key brings it into view."""
    for n in range(there):
        stands(f"Words {n}", State.APPROVED)
    page.set_viewport_size({"width": 390, "height": 160})
    page.goto("/guide/counts/")
    page.wait_for_function("window.htmx")
    page.get_by_role("link", name=link, exact=True).focus()
    title = page.get_by_role("heading", name=heading, exact=True)
    expect(title).to_be_focused()
    expect(title).to_be_in_viewport()


def test_the_focus_stays_where_it_is_when_they_come_by_themselves(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 160})
    page.goto("/guide/counts/")
    page.wait_for_function("window.htmx")
    page.get_by_role("main").focus()
    page.evaluate("document.getElementById('comments').scrollIntoView()")
    expect(page.get_by_role("button", name="Send")).to_be_attached()
    expect(page.get_by_role("main")).to_be_focused()
