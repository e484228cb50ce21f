"""Another room than the demo, opened by its address and left again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from feed import accounts
from feed.models import Room
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/feed/rooms/class-7b/"


@pytest.fixture
def room(demo_room: None) -> Room:
    """Olga follows Piet, who posts."""
    room = RoomFactory.create(key="class-7b", name="Class 7b")
    piet = PersonFactory.create(room=room, handle="piet", name="Piet", pronouns="he")
    PersonFactory.create(room=room, handle="olga", name="Olga", follows=[piet])
    PhotoFactory.create(poster=piet, number=1)
    return room


def as_olga(page: Page) -> None:
    page.locator("#eyes").click()
    page.locator("#eyes-menu").get_by_role("button", name="Olga").click()
    expect(page.locator("#eyes")).to_contain_text("Olga")


def test_a_press_makes_the_copy_and_the_bar_says_so(page: Page, room: Room) -> None:
    page.goto(ADDRESS)
    page.get_by_role("button", name="Open this room").click()
    bar = page.get_by_role("region", name="Your room")
    expect(bar).to_contain_text("Class 7b, as it is now")
    as_olga(page)
    page.locator("#heart-1").click()
    expect(bar).to_contain_text("A copy of Class 7b, as of")
    expect(page.locator("#heart-1")).to_contain_text("Unlike")
    assert [copy.photos.get().like_count for copy in room.copies.all()] == [1]
    assert room.photos.get().like_count == 0
    bar.get_by_role("button", name="Back to the demo").click()
    expect(page.locator("#eyes")).to_be_visible()
    expect(bar).to_have_count(0)
    page.goto(ADDRESS)
    page.get_by_role("button", name="Go on in your copy").click()
    expect(bar).to_contain_text("A copy of Class 7b, as of")
    page.goto("/feed/photo/1/")
    expect(page.get_by_text("1 like", exact=True)).to_be_visible()


def test_it_works_without_script(page_without_js: Page, room: Room) -> None:
    page = page_without_js
    page.goto(ADDRESS)
    page.get_by_role("button", name="Open this room").click()
    page.goto("/feed/photo/1/")
    page.locator("#heart-1, #press-1").first.click()
    expect(page.get_by_role("region", name="Your room")).to_contain_text("A copy of Class 7b")
    page.get_by_role("button", name="Back to the demo").click()
    expect(page.get_by_role("region", name="Your room")).to_have_count(0)


def test_its_pages_are_accessible_and_fit_a_phone(
    phone: Page, room: Room, axe: Callable[[Page], None]
) -> None:
    phone.goto(ADDRESS)
    axe(phone)
    phone.get_by_role("button", name="Open this room").click()
    expect(phone.get_by_role("region", name="Your room")).to_be_visible()
    axe(phone)
    accounts.make(room.people.filter(handle="piet"), at=NOON)
    phone.goto(ADDRESS)
    expect(phone.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
